"""Durations and identifiers. They help a match but are never worth refusing a playlist for: unreadable is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from reprise.domain.tracks import parse_isrc

_DAY_MS = 24 * 3_600_000
_URI_MAX = 500
_TEXT_MAX = 100

_NUMBER = re.compile(r"(\d{1,10})(?:[.,](\d{1,9}))?", re.ASCII)
_SECONDS = re.compile(r"(\d{1,6})(?:[.,](\d{1,9}))?\s?s(?:ec)?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,9}))?", re.ASCII)
# A bare number from here on is milliseconds: as seconds it would be five and a half hours, as ms it is 20 s.
_PLAINLY_MS = 20_000

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_RECORDING = re.compile(
    r"(?:https?://(?:[a-z0-9-]{1,30}\.)?musicbrainz\.org/recording/"
    r"|(?:urn:)?(?:musicbrainz|mbid):(?:recording:)?|urn:uuid:)?"
    rf"({_UUID})(?:[/?#].*)?",
    re.IGNORECASE,
)
_OPAQUE = re.compile(r"([a-z][a-z0-9.-]{1,30}):[\w:.~%+-]{1,300}", re.IGNORECASE | re.ASCII)
_NOT_NAMES = frozenset({"file", "data", "javascript", "http", "https", "isrc", "urn"})
# What names a song in the addresses that stores and servers give out (YouTube, Apple Music, Subsonic).
_TELLING_PARAMETERS = frozenset({"v", "i", "id"})
# What sharing adds to an address whose path names the song.
_IDLE_PARAMETERS = frozenset({"si", "feature", "ref", "context", "utm_source", "utm_medium", "utm_campaign"})
_SPOTIFY = re.compile(r"/(?:intl-[a-z-]{2,5}/)?track/([A-Za-z0-9]{1,40})/?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the identifiers of one track say; None for each that none of them does."""

    isrc: str | None = None
    recording_mbid: str | None = None
    uri: str | None = None


def milliseconds(value: object) -> int | None:
    """A duration given in milliseconds, as a number or digits. None for 0, for more than a day, for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return round(value) if 0 < value <= _DAY_MS else None
    if isinstance(value, str) and len(value) <= _TEXT_MAX and (found := _NUMBER.fullmatch(value.strip())):
        return milliseconds(_decimal(found[1], found[2]))
    return None


def seconds(text: str) -> int | None:
    """A number of seconds as milliseconds. None for 0, for negative numbers ("unknown" in M3U), for no number."""
    found = _NUMBER.fullmatch(text.strip()) if len(text) <= _TEXT_MAX else None
    return milliseconds(1000 * _decimal(found[1], found[2])) if found else None


def duration(text: str) -> int | None:
    """A duration of unstated unit, in milliseconds: "3:45", "1:02:03", "225s", 225 (seconds), 225000 (ms)."""
    bare = text.strip()
    if len(bare) > _TEXT_MAX:
        return None
    if clock := _CLOCK.fullmatch(bare):
        whole = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
        return milliseconds(1000 * _decimal(str(whole), clock[4]))
    if spelled := _SECONDS.fullmatch(bare):
        return milliseconds(1000 * _decimal(spelled[1], spelled[2]))
    if number := _NUMBER.fullmatch(bare):
        value = _decimal(number[1], number[2])
        return milliseconds(value if value >= _PLAINLY_MS else 1000 * value)
    return None


def recording_mbid(text: str) -> str | None:
    """The MBID of a MusicBrainz *recording*: bare, as a recording's address, or as a URN. Other entities are not it."""
    found = _RECORDING.fullmatch(text.strip()) if len(text) <= _URI_MAX else None
    return found[1].lower() if found else None


def song_uri(text: str) -> str | None:
    """The source's own name for a song, fit to be stored: "spotify:track:…", an http(s) address. None for others.

    Exported addresses may carry a login (`?u=…&t=…&s=…` in a Subsonic stream): user names, passwords and all
    query parameters but those that name the song are dropped, and the whole address when nothing else named it.
    A Spotify address becomes the URI that other exports of the same song have. Paths of a person's own disk are not
    kept at all, nor MusicBrainz addresses of other things than recordings, which many songs share.
    """
    bare = text.strip()
    if not bare or len(bare) > _URI_MAX or not bare.isprintable() or " " in bare:
        return None
    if opaque := _OPAQUE.fullmatch(bare):
        return None if opaque[1].lower() in _NOT_NAMES else bare
    return _web_address(bare)


def identify(identifiers: Iterable[str]) -> Identity:
    """The first recording MBID, the first ISRC (`isrc:…`, `urn:isrc:…`) and the first address among `identifiers`."""
    isrc = mbid = uri = None
    for text in identifiers:
        if found := recording_mbid(text):
            mbid = mbid or found
        elif text.lower().startswith(("isrc:", "urn:isrc:")):
            isrc = isrc or parse_isrc(text[:_TEXT_MAX])
        else:
            uri = uri or song_uri(text)
    return Identity(isrc=isrc, recording_mbid=mbid, uri=uri)


def _web_address(text: str) -> str | None:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    if host == "open.spotify.com" and (track := _SPOTIFY.fullmatch(parts.path)):
        return f"spotify:track:{track[1]}"
    if host.endswith("musicbrainz.org"):
        return None
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    named = [(key, value) for key, value in parameters if key in _TELLING_PARAMETERS]
    if not named and any(key not in _IDLE_PARAMETERS for key, _ in parameters):
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(named), ""))


def _decimal(whole: str, fraction: str | None) -> float:
    return float(f"{whole}.{fraction or 0}")
