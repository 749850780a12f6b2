"""Foreign JSON and XML as our own types. Every server leaves out, renames or retypes something: nothing is required
but an id, and nothing of a wrong type gets through.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from reprise.domain.tracks import LibraryTrack, parse_isrc, parse_mbid
from reprise.ports.targets import RemotePlaylist
from reprise.targets.subsonic.answers import Answer

TEXT_MAX = 1_000
ID_MAX = 512
# Navidrome keeps comments of any length, and a marker may stand at the end of what a person wrote.
COMMENT_MAX = 100_000
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlaylist:
    """A playlist as listed. `created` is the server's own text, to sort by and for nothing else."""

    remote: RemotePlaylist
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPlaylist:
    """A playlist with the ids of its songs, in order."""

    remote: RemotePlaylist
    song_ids: tuple[str, ...]


def as_list(value: object) -> list[object]:
    """A list as it is, nothing as an empty one, anything else as a list of one: servers send one song bare."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def mapping(value: object) -> Mapping[str, object]:
    """An object; the first of a list of objects; an empty one for anything else."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, dict) else _NOTHING


def text(value: object, limit: int = TEXT_MAX) -> str:
    """Text or a number as text, without control characters and lone surrogates; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    found = str(value)[:limit]
    if found.isprintable():
        return found
    return "".join(" " if char.isspace() else char for char in found if char.isspace() or _sayable(char))


def same_text(one: str, other: str) -> bool:
    """Equal but for what servers may do to a text: composition and spaces."""
    return _folded(one) == _folded(other)


def _folded(found: str) -> str:
    return " ".join(unicodedata.normalize("NFC", found).split())


def _lines(value: object) -> str:
    """Text of one or several lines, each as `text` makes it: what a person wrote can be put back as it was."""
    if not isinstance(value, str):
        return text(value)
    return "\n".join(text(line, COMMENT_MAX) for line in value[:COMMENT_MAX].splitlines())


def _sayable(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs")


def identifier(value: object) -> str:
    """An id, exactly as sent, number or text; "" where there is none that could be used."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    found = str(value)
    usable = 0 < len(found) <= ID_MAX and (found.isprintable() or all(_sayable(char) for char in found))
    return found if usable else ""


def whole(value: object) -> int | None:
    """A whole number, rounded down; None where there is none. Accepts "12" and 12.7."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return None


def flag(value: object) -> bool:
    """True for True, "true", 1 and "1"."""
    return value is True or str(value).casefold() in ("true", "1")


def library_track(value: object) -> LibraryTrack | None:
    """One song of a search answer; None for folders, videos and what has no id."""
    song = mapping(value)
    song_id = identifier(song.get("id"))
    if not song_id or flag(song.get("isDir")) or flag(song.get("isVideo")):
        return None
    return LibraryTrack(
        id=song_id,
        title=text(song.get("title")) or text(song.get("name")),
        artist=text(song.get("displayArtist")) or text(song.get("artist")),
        artists=_names(song.get("artists")),
        album=text(song.get("album")),
        album_artist=text(song.get("displayAlbumArtist")) or ", ".join(_names(song.get("albumArtists"))),
        duration_ms=_milliseconds(song.get("duration")),
        isrcs=_isrcs(song.get("isrc")),
        recording_mbid=parse_mbid(text(song.get("musicBrainzId"))),
        track_number=_positive(song.get("track")),
        disc_number=_positive(song.get("discNumber")),
        year=_positive(song.get("year")),
        bit_rate=_positive(song.get("bitRate")),
        suffix=text(song.get("suffix")),
    )


def _names(value: object) -> tuple[str, ...]:
    names = (text(mapping(entry).get("name")) for entry in as_list(value))
    return tuple(name for name in names if name)


def _isrcs(value: object) -> tuple[str, ...]:
    parsed = (parse_isrc(text(entry)) for entry in as_list(value))
    return tuple(dict.fromkeys(isrc for isrc in parsed if isrc))


def _positive(value: object) -> int | None:
    number = whole(value)
    return number if number is not None and number > 0 else None


def _milliseconds(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        milliseconds = int(float(value) * 1000)
    except (ValueError, OverflowError):
        return None
    return milliseconds if milliseconds > 0 else None


def listed_playlists(answer: Answer, username: str) -> list[ListedPlaylist]:
    """The playlists in an answer to `getPlaylists`; those without an id are left out."""
    found = []
    for value in as_list(mapping(answer.get("playlists")).get("playlist")):
        entry = mapping(value)
        remote = remote_playlist(entry, username)
        if remote is not None:
            found.append(ListedPlaylist(remote=remote, created=text(entry.get("created"))))
    return found


def held_playlist(answer: Answer, username: str) -> HeldPlaylist | None:
    """The playlist in an answer to `getPlaylist`; None where there is none."""
    entry = mapping(answer.get("playlist"))
    remote = remote_playlist(entry, username)
    if remote is None:
        return None
    ids = (identifier(mapping(song).get("id")) for song in as_list(entry.get("entry")))
    return HeldPlaylist(remote=remote, song_ids=tuple(song_id for song_id in ids if song_id))


def remote_playlist(entry: Mapping[str, object], username: str) -> RemotePlaylist | None:
    """One playlist's own data, None without an id. `username` is whose it has to be to be writable.

    Names are compared without case: Navidrome signs "alice" in as "Alice", and lists her as the owner.
    """
    remote_id = identifier(entry.get("id"))
    if not remote_id:
        return None
    owner = text(entry.get("owner"))
    own = not owner or owner.casefold() == username.casefold()
    return RemotePlaylist(
        remote_id=remote_id,
        name=text(entry.get("name")),
        owner=owner,
        song_count=max(whole(entry.get("songCount")) or 0, 0),
        writable=own and not flag(entry.get("readonly")),
        comment=_lines(entry.get("comment")),
    )
