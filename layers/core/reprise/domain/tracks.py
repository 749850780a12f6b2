"""Tracks: as a playlist elsewhere names them, and as the person's own library holds them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTrack:
    """One entry of a playlist elsewhere, as its source names it (`S1x-69`).

    `artist` is the credit as shown ("A feat. B"); `artists` lists the same people one by one where the
    source does so, else it is empty. `artist` may be "" when the source does not know.
    `duration_ms`, `isrc` and `recording_mbid` are None when unknown. `uri` is the source's own
    identifier ("spotify:track:…", a URL), or None.
    """

    title: str
    artist: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    duration_ms: int | None = None
    isrc: str | None = None
    recording_mbid: str | None = None
    uri: str | None = None

    @property
    def key(self) -> str:
        """A name for this track that survives refreshes, reorderings and other spellings of case and space.

        The recording MBID, else the ISRC, else the source's own identifier, else a hash of what it says.
        """
        if self.recording_mbid:
            return f"mbid:{self.recording_mbid}"
        if self.isrc:
            return f"isrc:{self.isrc}"
        if self.uri:
            return f"uri:{self.uri}" if len(self.uri) <= 200 else f"uri-sha256:{_sha256(self.uri)}"
        return f"text:{_sha256(chr(31).join(_folded(part) for part in (self.artist, self.title, self.album)))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryTrack:
    """One song of a music server's library.

    `id` is the server's opaque song id. `isrcs` may hold several. None means unknown; `artists` is
    empty where the server names only the credit. `bit_rate` is in kbit/s.
    """

    id: str
    title: str
    artist: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    album_artist: str = ""
    duration_ms: int | None = None
    isrcs: tuple[str, ...] = ()
    recording_mbid: str | None = None
    track_number: int | None = None
    disc_number: int | None = None
    year: int | None = None
    bit_rate: int | None = None
    suffix: str = ""


def parse_isrc(text: str | None) -> str | None:
    """An ISRC in its canonical form (12 capitals and digits), or None where `text` holds none.

    Accepts the spellings people meet: lower case, hyphens, spaces, an `isrc:` or `urn:isrc:` prefix.
    """
    if not text:
        return None
    bare = re.sub(r"[\s\-‐‑–]", "", text).upper()
    bare = bare.removeprefix("URN:").removeprefix("ISRC:").removeprefix("ISRC")
    return bare if _ISRC.fullmatch(bare) else None


def parse_mbid(text: str | None) -> str | None:
    """A MusicBrainz id (lower-case UUID) found in `text`, which may be a URL; None where there is none."""
    if not text:
        return None
    found = _MBID.search(text.lower())
    return found.group() if found else None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
