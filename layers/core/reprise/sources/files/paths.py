"""What a file's path says about the song in it, where nothing else does.

Artist/Album/01 Title.flac      01 - Artist - Title.mp3      Artist - Title.mp3
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

AUDIO_SUFFIXES = frozenset(
    {
        "aac",
        "aif",
        "aiff",
        "ape",
        "dsf",
        "flac",
        "m4a",
        "m4b",
        "mka",
        "mp2",
        "mp3",
        "mp4",
        "mpc",
        "oga",
        "ogg",
        "opus",
        "wav",
        "webm",
        "wma",
        "wv",
    }
)
_PATH_MAX = 2_000

_SEPARATOR = re.compile(r"[/\\]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
# A track number that cannot be part of a title: "01 ", "1. ", "12 - ", "1-03 ", "07_".
_NUMBERED = re.compile(r"\d{1,3}\s?(?:-\s|\.\s|\)\s?|_)|\d-\d{2}\s|0\d\s(?!-)|0\d[-.]")
# A number that may be part of a title ("24 Hours"): a track number only in a folder where all files have one. Albums
# rarely go beyond 39 tracks a disc, titles do ("50 Ways to Leave Your Lover", "99 Problems").
_BARE_NUMBER = re.compile(r"[1-3]\d\s")
_ANY_NUMBER = re.compile(r"\d{2}\s")
# Stands for a percent-encoded slash ("AC%2FDC") until the path is taken apart at the real ones.
_SLASH_IN_NAME = "\ue000"
_DISC = re.compile(r"(?:cd|disc|disk)\s?\d{1,2}", re.IGNORECASE)
_ENCODED_SLASH = re.compile("%2f|%5c", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—]\s")
_NOT_ARTISTS = frozenset(
    {"audio", "desktop", "documents", "downloads", "mp3", "music", "musik", "musique", "música", "playlists", "songs"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFacts:
    """What was read off a path; "" where it says nothing. `is_file` is False for addresses that name no audio file."""

    title: str = ""
    artist: str = ""
    album: str = ""
    is_file: bool = True


def split_credit(text: str) -> tuple[str, str]:
    """ "Artist - Title" as (artist, title), at the first dash between spaces; ("", text) where there is none."""
    parts = _DASH.split(text.strip(), maxsplit=1)
    return (
        (parts[0].strip(), parts[1].strip()) if len(parts) == 2 and all(map(str.strip, parts)) else ("", text.strip())
    )


def numbered_folders(paths: Iterable[str]) -> frozenset[str]:
    """The folders in which every file, and more than one, starts with two digits."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        folder, name = _folder_and_name(_local(path))
        names[folder].append(name)
    return frozenset(folder for folder, files in names.items() if len(files) > 1 and all(map(_ANY_NUMBER.match, files)))


def describe(path: str, numbered: frozenset[str] = frozenset()) -> PathFacts:
    """Title, artist and album as the path has them. `numbered` are the folders whose files carry track numbers."""
    local = _local(path)
    folder, name = _folder_and_name(local)
    stem, suffix = _stem_and_suffix(name)
    if _SCHEME.match(path) and not path.lower().startswith("file:") and suffix not in AUDIO_SUFFIXES:
        return PathFacts(is_file=False)
    artist, title = split_credit(_without_number(stem, numbered=folder in numbered))
    parents = [part for part in _SEPARATOR.split(folder) if part and not _DISC.fullmatch(part)]
    album = ""
    if _tells_artist(parents, rooted=local.startswith(("/", "\\")) or ":" in local[:3]):
        artist, album = artist or parents[-2], parents[-1]
    title, artist, album = (text.replace(_SLASH_IN_NAME, "/") for text in (title, artist, album))
    return PathFacts(title=title, artist=artist, album=album)


def _tells_artist(parents: list[str], *, rooted: bool) -> bool:
    """Artist and album are the last two folders, below at least one more where the path starts at the disk's root."""
    return len(parents) >= (3 if rooted else 2) and parents[-1].lower() not in _NOT_ARTISTS


def _local(path: str) -> str:
    """The path without an address's scheme, host and percent signs."""
    bare = path.strip()[:_PATH_MAX]
    if not _SCHEME.match(bare):
        return bare
    try:
        return unquote(_ENCODED_SLASH.sub(_SLASH_IN_NAME, urlsplit(bare).path))
    except ValueError:
        return ""


def _folder_and_name(path: str) -> tuple[str, str]:
    cut = max(path.rfind("/"), path.rfind("\\"))
    return path[: cut + 1], path[cut + 1 :]


def _stem_and_suffix(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix.lower()) if dot and suffix.lower() in AUDIO_SUFFIXES else (name, "")


def _without_number(stem: str, *, numbered: bool) -> str:
    spaced = stem if " " in stem else stem.replace("_", " ")
    found = _NUMBERED.match(spaced) or (_BARE_NUMBER.match(spaced) if numbered else None)
    rest = spaced[found.end() :].lstrip(" -._") if found else spaced
    return rest or spaced
