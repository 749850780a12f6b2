"""Turns a library's tracks into the columns of an index: what the server said, and what the matcher derives from it."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from reprise.domain.tracks import LibraryTrack
from reprise.matching.artists import Credit, pack_credit, read_credit
from reprise.matching.columns import Texts, pack_numbers, whole_numbers
from reprise.matching.titles import library_title

SAID_TEXTS: Final = ("ids", "titles", "isrcs", "mbids", "albums", "suffixes", "artists", "people", "album_artists")
SAID_NUMBERS: Final = (
    "durations", "track_numbers", "disc_numbers", "years", "bit_rates", "album_of", "suffix_of", "rows_of_credit",
)  # fmt: skip
TEXTS: Final = (*SAID_TEXTS, "credits", "person_keys", "heads", "signatures")
NUMBERS: Final = (
    *SAID_NUMBERS, "credits_of_person", "person_credits", "head_of", "same_head", "first_of_head", "signature_of",
)  # fmt: skip
_SAME: Final = "="
_MOST: Final = (1 << 31) - 1


class Table(NamedTuple):
    """The columns by name, and a digest of what the server said."""

    version: str
    texts: dict[str, Texts]
    numbers: dict[str, array[int]]


def tabulate(tracks: Iterable[LibraryTrack]) -> Table:
    """The columns of `tracks`, in whatever order they come. Of two tracks with one id, one is kept, always the same."""
    rows = _in_order(tracks)
    numbers, vocabularies = _numbered(rows)
    texts = {
        "ids": Texts.of(track.id for track in rows),
        "titles": Texts.of(track.title for track in rows),
        "isrcs": Texts.of(joined(track.isrcs) for track in rows),
        "mbids": Texts.of(packed_mbid(track.recording_mbid or "") for track in rows),
        **vocabularies,
    }
    return Table(
        _digest([texts[name] for name in SAID_TEXTS], [numbers[name] for name in SAID_NUMBERS]), texts, numbers
    )


def _in_order(tracks: Iterable[LibraryTrack]) -> list[LibraryTrack]:
    kept: dict[str, LibraryTrack] = {}
    for track in tracks:
        twin = kept.setdefault(track.id, track)
        if twin != track and repr(track) < repr(twin):
            kept[track.id] = track
    return sorted(kept.values(), key=_place)


def _place(track: LibraryTrack) -> tuple[object, ...]:
    """Songs of one credit and album stand together, which also compresses best. Ids differ, so no two are equal."""
    return (
        track.artist, track.artists, track.album_artist, track.album, track.disc_number or 0, track.track_number or 0,
        track.title, track.id,
    )  # fmt: skip


class _Vocabulary(dict[str, int]):
    """Numbers distinct texts in the order they come."""

    def number(self, text: str) -> int:
        return self.setdefault(text, len(self))


def _numbered(rows: Sequence[LibraryTrack]) -> tuple[dict[str, array[int]], dict[str, Texts]]:
    """The number columns, and the vocabularies some of them number into."""
    albums, suffixes, heads, signatures = _Vocabulary(), _Vocabulary(), _Vocabulary(), _Vocabulary()
    credits: dict[tuple[str, tuple[str, ...], str], Credit] = {}
    rows_of_credit: list[int] = []
    head_of, signature_of = [], []
    for track in rows:
        named = track.artist, track.artists, track.album_artist
        credit = credits.get(named)
        if credit is None:
            credit = credits[named] = read_credit(*named)
            rows_of_credit.append(0)
        rows_of_credit[-1] += 1
        title = library_title(track.title, credit)
        head_of.append(heads.number(title.head))
        signature_of.append(signatures.number(title.signature))
    persons = _persons(credits.values())
    first_of_head, same_head = _chained(head_of, len(heads))
    numbers = {
        "durations": [_stored(track.duration_ms) for track in rows],
        "track_numbers": [_stored(track.track_number) for track in rows],
        "disc_numbers": [_stored(track.disc_number) for track in rows],
        "years": [_stored(track.year) for track in rows],
        "bit_rates": [_stored(track.bit_rate) for track in rows],
        "album_of": [albums.number(track.album) for track in rows],
        "suffix_of": [suffixes.number(track.suffix) for track in rows],
        "rows_of_credit": rows_of_credit,
        "credits_of_person": [len(named_in) for named_in in persons.values()],
        "person_credits": [number for named_in in persons.values() for number in named_in],
        "head_of": head_of,
        "same_head": same_head,
        "first_of_head": first_of_head,
        "signature_of": signature_of,
    }
    return {name: whole_numbers(column) for name, column in numbers.items()}, {
        "albums": Texts.of(albums),
        "suffixes": Texts.of(suffixes),
        "artists": Texts.of(artist for artist, _, _ in credits),
        "people": Texts.of(_beside(joined(people), artist) for artist, people, _ in credits),
        "album_artists": Texts.of(_beside(album_artist, artist) for artist, _, album_artist in credits),
        "credits": Texts.of(map(pack_credit, credits.values())),
        "person_keys": Texts.of(persons),
        "heads": Texts.of(heads),
        "signatures": Texts.of(signatures),
    }


def _persons(credits: Iterable[Credit]) -> dict[str, list[int]]:
    """Everybody named, sorted, and the numbers of the credits that name them."""
    persons: dict[str, list[int]] = {}
    for number, credit in enumerate(credits):
        for key in dict.fromkeys((*credit.names, *credit.guests)):
            persons.setdefault(key, []).append(number)
    return dict(sorted(persons.items()))


def _chained(head_of: Sequence[int], heads: int) -> tuple[list[int], list[int]]:
    """The first row of each head; and for each row the next one of its head, plus one, 0 where it is the last."""
    first, last, links = [-1] * heads, [0] * heads, [0] * len(head_of)
    for row, head in enumerate(head_of):
        if first[head] < 0:
            first[head] = row
        else:
            links[last[head]] = row + 1
        last[head] = row
    return first, links


def _digest(texts: Sequence[Texts], numbers: Sequence[array[int]]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        for part in text.pack():
            digest.update(part)
    for number in numbers:
        digest.update(pack_numbers(number))
    return digest.hexdigest()[:32]


def _beside(text: str, artist: str) -> str:
    """A text that is mostly the artist's over again: then a mark is enough. `unmarked` reads it back."""
    return _SAME if text == artist else _SAME + text if text.startswith(_SAME) else text


def unmarked(text: str, artist: str) -> str:
    """The reverse of `_beside`."""
    return artist if text == _SAME else text[len(_SAME) :] if text.startswith(_SAME) else text


def packed_mbid(mbid: str) -> str:
    """An MBID without its dashes; what has not the shape of one keeps all and gets a mark. `unpacked_mbid` reads it."""
    bare = mbid.replace("-", "")
    return bare if not mbid or unpacked_mbid(bare) == mbid else _SAME + mbid


def unpacked_mbid(text: str) -> str:
    """The reverse of `packed_mbid`."""
    if text.startswith(_SAME) or not text:
        return text[len(_SAME) :]
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def joined(values: tuple[str, ...]) -> str:
    """A list as one text: nothing, the value itself, or JSON. `listed` reads it back."""
    if len(values) == 1 and values[0] and not values[0].startswith("["):
        return values[0]
    return json.dumps(values, ensure_ascii=False) if values else ""


def listed(text: str) -> tuple[str, ...]:
    """The reverse of `joined`."""
    if not text.startswith("["):
        return (text,) if text else ()
    return tuple(json.loads(text))


def _stored(value: int | None) -> int:
    """Plus one, so that 0 is free for "unknown"; a server's impossible value is unknown too."""
    return value + 1 if value is not None and 0 <= value < _MOST else 0


def known(stored: int) -> int | None:
    """A number as it was before it was stored."""
    return stored - 1 if stored else None
