"""The library as the matcher sees it: columns, sorted by artist and album, and the ways in.

Ways in (nothing is ever scanned for a match): a title's head to its rows, a person to the rows that credit them, an
ISRC, a recording MBID and an id to theirs. The first is made when the index is, the others when first asked for.

`version` digests what the server said. Rows are sorted before anything else happens, so the order in which a server
lists its songs changes nothing, neither here nor in an answer.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate, chain, repeat
from typing import Final

from reprise.domain.tracks import LibraryTrack
from reprise.matching.artists import Credit, read_credit, unpack_credit
from reprise.matching.browse import matching_rows
from reprise.matching.codec import IndexFormatError, seal, unseal
from reprise.matching.columns import ColumnError, Texts, pack_numbers, unpack_numbers, unpack_texts
from reprise.matching.lookup import Lookup
from reprise.matching.persons import Persons
from reprise.matching.policy import ALGORITHM
from reprise.matching.tabulate import NUMBERS, TEXTS, known, listed, packed_mbid, tabulate, unmarked, unpacked_mbid
from reprise.matching.tails import Details, details
from reprise.matching.titles import Album, library_title, read_album

__all__ = ["IndexFormatError", "LibraryIndex", "build_index", "decode_index"]

_PER_ROW: Final = (
    "titles", "isrcs", "mbids", "durations", "track_numbers", "disc_numbers", "years", "bit_rates", "album_of",
    "suffix_of", "credit_of", "head_of", "same_head", "signature_of",
)  # fmt: skip
_LOSSLESS: Final = frozenset({"flac", "alac", "wav", "aiff", "aif", "ape", "wv", "dsf", "dff", "tta"})
_COMPILATION: Final = re.compile(
    r"\b(?:hits|best of|collection|anthology|essentials?|various|compilation|now that's what|top \d+|ultimate|gold"
    r"|singles|sampler|soundtrack|mixed by|dj-?kicks|\d+ (?:songs|tracks|classics))\b",
    re.IGNORECASE,
)


class LibraryIndex:
    """A library, immutable, ready to be matched against. Made by `build_index` or `decode_index`.

    Rows are numbered from 0. Per row: `ids`, `titles`, … and `head_of`, `credit_of`, `album_of`, `signature_of`, which
    number into `heads`, `artists`, `albums`, `signatures`. `first_of_head` and `same_head` chain the rows of one head
    (0 ends a chain; a link is a row number plus one). Whole numbers that may be unknown are stored plus one, 0 unknown.
    """

    ids: Texts
    titles: Texts
    isrcs: Texts
    mbids: Texts
    albums: Texts
    suffixes: Texts
    artists: Texts
    people: Texts
    album_artists: Texts
    credits: Texts
    person_keys: Texts
    heads: Texts
    signatures: Texts
    durations: array[int]
    track_numbers: array[int]
    disc_numbers: array[int]
    years: array[int]
    bit_rates: array[int]
    album_of: array[int]
    suffix_of: array[int]
    rows_of_credit: array[int]
    credits_of_person: array[int]
    person_credits: array[int]
    head_of: array[int]
    same_head: array[int]
    first_of_head: array[int]
    signature_of: array[int]

    def __init__(self, version: str, texts: Mapping[str, Texts], numbers: Mapping[str, array[int]]) -> None:
        self.version = version
        for name, text in texts.items():
            setattr(self, name, text)
        for name, number in numbers.items():
            setattr(self, name, number)
        self.credit_starts = array("I", accumulate(self.rows_of_credit, initial=0))
        self.credit_of = array("I", chain.from_iterable(map(repeat, range(len(self.artists)), self.rows_of_credit)))
        if {len(getattr(self, name)) for name in _PER_ROW} != {len(self.ids)}:
            raise ColumnError("columns of different lengths")
        self.head_keys = self.heads.listed()
        self._row_of_head = dict(zip(self.head_keys, self.first_of_head, strict=True))
        self._credits: list[Credit | None] = [None] * len(self.artists)
        self._details: list[Details | None] = [None] * len(self.signatures)
        self._albums: list[Album | None] = [None] * len(self.albums)
        self._rows_of_person: dict[str, tuple[list[int], list[str]]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def rows_titled(self, head: str) -> list[int]:
        """The rows whose title has exactly this head."""
        row = self._row_of_head.get(head)
        rows: list[int] = []
        while row is not None:
            rows.append(row)
            link = self.same_head[row]
            row = link - 1 if link else None
        return rows

    def credit(self, row: int) -> Credit:
        """Whom a row credits."""
        number = self.credit_of[row]
        credit = self._credits[number]
        if credit is None:
            credit = self._credits[number] = unpack_credit(self.credits[number])
        return credit

    def details(self, row: int) -> Details:
        """What stands around the name of a row."""
        number = self.signature_of[row]
        found = self._details[number]
        if found is None:
            found = self._details[number] = details(self.signatures[number])
        return found

    def album(self, row: int) -> Album:
        """The album of a row, read."""
        number = self.album_of[row]
        album = self._albums[number]
        if album is None:
            album = self._albums[number] = read_album(self.albums[number])
        return album

    def rows_of_person(self, key: str) -> tuple[list[int], list[str]]:
        """The rows that credit this person, and their heads."""
        known = self._rows_of_person.get(key)
        if known is None:
            starts = self.credit_starts
            rows = [row for credit in self.persons.credits(key) for row in range(starts[credit], starts[credit + 1])]
            head_of, head_keys = self.head_of, self.head_keys
            known = self._rows_of_person[key] = rows, [head_keys[head_of[row]] for row in rows]
        return known

    def standing(self, row: int) -> tuple[bool, int, str]:
        """Sorts equal recordings, best first: studio album before compilation, the better file, the smaller id."""
        compiled = _names_nobody(self.album_artists[self.credit_of[row]]) or bool(
            _COMPILATION.search(self.albums[self.album_of[row]])
        )
        lossless = self.suffixes[self.suffix_of[row]].lower() in _LOSSLESS
        return compiled, -(self.bit_rates[row] + (1 << 20 if lossless else 0)), self.ids[row]

    @cached_property
    def persons(self) -> Persons:
        """Who is in the library, and in which credits."""
        ends = array("I", accumulate(self.credits_of_person))
        return Persons(self.person_keys.listed(), ends, self.person_credits)

    @cached_property
    def _by_id(self) -> Lookup:
        return Lookup((library_id, row) for row, library_id in enumerate(self.ids))

    @cached_property
    def _by_mbid(self) -> Lookup:
        return Lookup((packed, row) for row, packed in self.mbids.filled())

    @cached_property
    def _by_isrc(self) -> Lookup:
        return Lookup((isrc, row) for row, joined in self.isrcs.filled() for isrc in listed(joined))

    def rows_of_mbid(self, mbid: str) -> list[int]:
        packed = packed_mbid(mbid)
        return [row for row in self._by_mbid.rows(packed) if self.mbids[row] == packed]

    def rows_of_isrc(self, isrc: str) -> list[int]:
        """Several: an ISRC is repeated over reissues, and over wrong tags."""
        return [row for row in self._by_isrc.rows(isrc) if isrc in listed(self.isrcs[row])]

    def row_of(self, library_id: str) -> int | None:
        return next((row for row in self._by_id.rows(library_id) if self.ids[row] == library_id), None)

    def track(self, library_id: str) -> LibraryTrack | None:
        """The song of that id as it was handed in, or None where the library has none."""
        row = self.row_of(library_id)
        return None if row is None else self.track_at(row)

    def track_at(self, row: int) -> LibraryTrack:
        credit = self.credit_of[row]
        artist = self.artists[credit]
        return LibraryTrack(
            id=self.ids[row],
            title=self.titles[row],
            artist=artist,
            artists=listed(unmarked(self.people[credit], artist)),
            album=self.albums[self.album_of[row]],
            album_artist=unmarked(self.album_artists[credit], artist),
            duration_ms=known(self.durations[row]),
            isrcs=listed(self.isrcs[row]),
            recording_mbid=unpacked_mbid(self.mbids[row]) or None,
            track_number=known(self.track_numbers[row]),
            disc_number=known(self.disc_numbers[row]),
            year=known(self.years[row]),
            bit_rate=known(self.bit_rates[row]),
            suffix=self.suffixes[self.suffix_of[row]],
        )

    def search(self, text: str, limit: int = 20) -> list[LibraryTrack]:
        """The songs whose title, artist and album together hold every word of `text`, nearest title first."""
        return [self.track_at(row) for row in matching_rows(self, text)[:limit]]

    def title_words(self, row: int) -> str:
        """The words of a row's name, which its head runs together."""
        return library_title(self.titles[row], self.credit(row)).words

    def encode(self) -> bytes:
        """The stored form, for `decode_index`."""
        sections = [f"{ALGORITHM} {self.version}".encode()]
        for name in TEXTS:
            sections += getattr(self, name).pack()
        sections += [pack_numbers(getattr(self, name)) for name in NUMBERS]
        return seal(sections)


def build_index(tracks: Iterable[LibraryTrack]) -> LibraryIndex:
    """An index of `tracks`, in whatever order they come. Of two tracks with one id, one is kept, always the same."""
    return LibraryIndex(*tabulate(tracks))


def decode_index(data: bytes) -> LibraryIndex:
    """The index `LibraryIndex.encode` stored. Raises IndexFormatError for anything else.

    One written by another algorithm is refused too: its derived columns read titles in another way.
    """
    head, *columns = unseal(data)
    algorithm, _, version = head.decode("latin-1").partition(" ")
    if algorithm != ALGORITHM:
        raise IndexFormatError(f"written by algorithm {algorithm}, this is {ALGORITHM}")
    if len(columns) != 2 * len(TEXTS) + len(NUMBERS):
        raise IndexFormatError("another number of columns")
    texts, numbers = columns[: 2 * len(TEXTS)], columns[2 * len(TEXTS) :]
    try:
        return LibraryIndex(
            version,
            dict(zip(TEXTS, map(unpack_texts, texts[::2], texts[1::2]), strict=True)),
            dict(zip(NUMBERS, map(unpack_numbers, numbers), strict=True)),
        )
    except ValueError as error:
        raise IndexFormatError("a column is damaged") from error


def _names_nobody(album_artist: str) -> bool:
    return bool(album_artist) and not read_credit(album_artist).known
