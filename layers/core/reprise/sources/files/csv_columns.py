"""The column names that playlist exports use, and what each exporter means by them. Data, not code.

Names are compared by `plain`: any case, any punctuation. Within a field the first name listed wins where a table has
several, so the exact ones stand before the general ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_ESCAPED_COMMA = re.compile(r"(?<!\\),\s*")


def plain(header: str) -> str:
    """A column's name as it is compared: "Artist Name(s)" and "artist_names" are one."""
    folded = unicodedata.normalize("NFKC", header[:200]).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"[()]", "", folded)).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """The columns of Exportify in one of its languages. It translates the header row, not the file's name."""

    uri: str
    title: str
    artists: str
    album: str
    duration: str


_EXPORTIFY: Final = (
    _Language(
        uri="Track URI",
        title="Track Name",
        artists="Artist Name(s)",
        album="Album Name",
        duration="Track Duration (ms)",
    ),
    _Language(
        uri="رابط الأغنية (URI)",
        title="اسم الأغنية",
        artists="أسماء الفنانين",
        album="اسم الألبوم",
        duration="مدة الأغنية (بالمللي ثانية)",
    ),
    _Language(
        uri="Track-URI",
        title="Track-Name",
        artists="Künstlername(n)",
        album="Album-Name",
        duration="Track-Dauer (ms)",
    ),
    _Language(
        uri="URI κομματιού",
        title="Όνομα κομματιού",
        artists="Όνομα/τα καλλιτέχνη",
        album="Όνομα άλμπουμ",
        duration="Διάρκεια κομματιού (ms)",
    ),
    _Language(
        uri="URI de la canción",
        title="Nombre de la canción",
        artists="Nombre(s) del artista",
        album="Nombre del álbum",
        duration="Duración de la canción (ms)",
    ),
    _Language(
        uri="URI du titre",
        title="Nom du titre",
        artists="Nom(s) de l'artiste",
        album="Nom de l'album",
        duration="Durée du titre (ms)",
    ),
    _Language(
        uri="URI della traccia",
        title="Nome della traccia",
        artists="Nome dell'artista",
        album="Nome dell'album",
        duration="Durata della traccia (ms)",
    ),
    _Language(
        uri="トラックURI",
        title="トラック名",
        artists="アーティスト名",
        album="アルバム名",
        duration="トラックの長さ（ミリ秒）",
    ),
    _Language(
        uri="Nummer URI",
        title="Nummernaam",
        artists="Naam van artiest",
        album="Naam van album",
        duration="Nummerduur (ms)",
    ),
    _Language(
        uri="URI da faixa",
        title="Nome da faixa",
        artists="Nome(s) do artista",
        album="Nome do álbum",
        duration="Duração da faixa (ms)",
    ),
    _Language(
        uri="Låtens URI",
        title="Låtens namn",
        artists="Artistens namn",
        album="Albumets namn",
        duration="Låtlängd (ms)",
    ),
    _Language(
        uri="Parça URI",
        title="Parça Adı",
        artists="Sanatçı Adı",
        album="Albüm Adı",
        duration="Parça Süresi (ms)",
    ),
)

_GENERAL: Final[dict[str, tuple[str, ...]]] = {
    "title": ("track name", "track title", "song title", "song name", "title", "song", "track", "name"),
    "artist": (
        "artist names",
        "artist name",
        "artists",
        "artist",
        "track artist",
        "track artists",
        "performer",
        "creator",
        "album artist names",
        "album artist",
    ),
    "album": ("album name", "album title", "album", "release", "release name"),
    "isrc": ("isrc", "isrc code", "track isrc"),
    "recording_mbid": (
        "recording mbid",
        "musicbrainz recording id",
        "musicbrainz track id",
        "musicbrainz trackid",
        "mbid",
    ),
    "uri": ("track uri", "spotify uri", "spotify url", "track url", "song url", "uri", "url", "link"),
    "duration_ms": (
        "track duration ms",
        "duration ms",
        "length ms",
        "duration milliseconds",
        "durationms",
        "milliseconds",
    ),
    "duration": (
        "duration",
        "track duration",
        "length",
        "time",
        "duration s",
        "duration sec",
        "duration seconds",
        "length s",
        "seconds",
    ),
    "playlist": ("playlist name", "playlist"),
    "kind": ("type",),
}

_SERVICES: Final = (
    "spotify",
    "apple",
    "tidal",
    "deezer",
    "youtube",
    "amazon",
    "qobuz",
    "soundcloud",
    "napster",
    "pandora",
    "yandex",
    "boomplay",
    "anghami",
)
# TuneMyMusic's last column: the song's id at the service it was exported from ("Spotify - id").
SERVICE_IDS: Final = {f"{service} id": service for service in _SERVICES}


def _with_translations(field: str, translated: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*map(plain, translated), *_GENERAL[field])))


# Field → the names of its column, best first.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    **_GENERAL,
    "title": _with_translations("title", tuple(language.title for language in _EXPORTIFY)),
    "artist": _with_translations("artist", tuple(language.artists for language in _EXPORTIFY)),
    "album": _with_translations("album", tuple(language.album for language in _EXPORTIFY)),
    "uri": _with_translations("uri", tuple(language.uri for language in _EXPORTIFY)),
    "duration_ms": _with_translations("duration_ms", tuple(language.duration for language in _EXPORTIFY)),
}


def _one_credit(_credit: str) -> tuple[str, ...]:
    """For tables that join names in ways a band's own name may hold ("Simon & Garfunkel", "Earth, Wind & Fire")."""
    return ()


def _escaped_commas(credit: str) -> tuple[str, ...]:
    """ "A, B" with commas inside names written as "\\,"."""
    names = (part.replace("\\,", ",").strip() for part in _ESCAPED_COMMA.split(credit))
    return tuple(name for name in names if name)


def _semicolons(credit: str) -> tuple[str, ...]:
    """ "A;B". Files of an earlier year have "A,B": a comma alone may belong to a name and splits nothing."""
    if ";" not in credit and "," in credit:
        return ()
    return tuple(name.strip() for name in credit.split(";") if name.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """An exporter, told by the columns it writes. `people` splits its artist cell into names, () where it cannot."""

    label: str
    needs: frozenset[str]
    only: frozenset[str] | None = None
    people: Callable[[str], tuple[str, ...]] = _one_credit
    # Values of `Type` whose rows are no songs.
    not_songs: frozenset[str] = frozenset()

    def fits(self, headers: frozenset[str]) -> bool:
        """True when all that it `needs` is there, and nothing beyond `only` where that is set."""
        return self.needs <= headers and (self.only is None or headers <= self.only)


_SOUNDIIZ = frozenset({"title", "artist", "album", "isrc"})

# The first that fits is the one; the last fits everything.
STYLES: Final[tuple[Style, ...]] = (
    *(
        Style(
            label="CSV (Exportify)",
            needs=frozenset(map(plain, (language.uri, language.title, language.artists, language.duration))),
            people=_escaped_commas,
        )
        for language in _EXPORTIFY
    ),
    Style(
        label="CSV (Exportify)",
        needs=frozenset({"track uri", "track name", "artist names"}),
        people=_semicolons,
    ),
    Style(label="CSV (Exportify)", needs=frozenset({"spotify uri", "track name", "artist name"})),
    Style(
        label="CSV (TuneMyMusic)",
        needs=frozenset({"track name", "artist name", "playlist name", "type"}),
        not_songs=frozenset({"album", "artist"}),
    ),
    Style(
        label="CSV (Soundiiz)",
        needs=_SOUNDIIZ,
        only=_SOUNDIIZ | {"", "addeddate", "addedby", "duration", "url", "platform", "trackid"},
    ),
    Style(label="CSV", needs=frozenset()),
)
