"""A stored index that is damaged, foreign or of another time is refused, and nothing else happens."""

from __future__ import annotations

import hashlib
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.domain.tracks import LibraryTrack
from reprise.matching import codec
from reprise.matching import index as index_module
from reprise.matching.codec import seal, unseal
from reprise.matching.columns import ColumnError, Texts, pack_numbers, unpack_numbers, unpack_texts, whole_numbers
from reprise.matching.index import IndexFormatError, build_index, decode_index

from .golden import library

STORED = build_index(library()).encode()
HEADER = 22


def test_it_is_compact() -> None:
    assert len(STORED) < 150 * len(library())


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(IndexFormatError):
        decode_index(noise)


@given(st.integers(0, len(STORED) - 1), st.integers(1, 255))
@settings(deadline=None)
def test_one_wrong_byte_is_noticed(place: int, change: int) -> None:
    damaged = bytearray(STORED)
    damaged[place] ^= change
    with pytest.raises(IndexFormatError):
        decode_index(bytes(damaged))


@given(st.integers(0, len(STORED) - 1))
@settings(deadline=None)
def test_a_cut_is_noticed(length: int) -> None:
    with pytest.raises(IndexFormatError):
        decode_index(STORED[:length])


def test_another_format_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr(codec, "FORMAT", codec.FORMAT + 1)
        stored = build_index(library()).encode()
    with pytest.raises(IndexFormatError, match=f"format {codec.FORMAT + 1}, this is format {codec.FORMAT}"):
        decode_index(stored)


def test_another_algorithm_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr(index_module, "ALGORITHM", "later")
        stored = build_index(library()).encode()
    with pytest.raises(IndexFormatError, match="written by algorithm later"):
        decode_index(stored)


def test_something_else_says_so() -> None:
    with pytest.raises(IndexFormatError, match="not a library index"):
        decode_index(b"PK\x03\x04" + STORED[4:])


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_well_sealed_lie_is_refused_or_harmless(data: st.DataObject) -> None:
    """Sections swapped, dropped or damaged under a right digest: an IndexFormatError, or an index that still stands."""
    sections = unseal(STORED)
    place = data.draw(st.integers(0, len(sections) - 1))
    lie = data.draw(st.sampled_from([b"", b"B", b"X123", sections[place][:-1], sections[place - 1]]))
    sections[place] = lie
    try:
        index = decode_index(seal(sections))
    except IndexFormatError:
        return
    assert len(index) == len(library())


def _forged(sizes: list[tuple[int, int]], sections: bytes) -> bytes:
    """A stored form with a right digest over whatever is said here."""
    body = struct.pack("<H", len(sizes)) + b"".join(struct.pack("<II", *pair) for pair in sizes) + sections
    return b"RPIX" + struct.pack("<H", codec.FORMAT) + hashlib.blake2b(body, digest_size=16).digest() + body


ZEROS = zlib.compress(b"\x00" * 10_000_000)


@pytest.mark.parametrize(
    "forged",
    [
        _forged([(len(ZEROS), 100)], ZEROS),
        _forged([(len(ZEROS), 20_000_000)], ZEROS),
        _forged([(len(ZEROS), 0xFFFFFFFF)], ZEROS),
        _forged([(len(ZEROS) - 5, 10_000_000)], ZEROS),
        _forged([(4, 4)], b"rock"),
        _forged([(1, 0)], b""),
        _forged([(0, 0)] * 9, b"")[:40],
    ],
)
def test_sections_are_what_their_sizes_say(forged: bytes) -> None:
    with pytest.raises(IndexFormatError):
        decode_index(forged)


def test_a_true_section_is_read() -> None:
    assert unseal(_forged([(len(ZEROS), 10_000_000)], ZEROS)) == [b"\x00" * 10_000_000]


@pytest.mark.parametrize("column", [b"", b"H123", b"x12", b"\xff"])
def test_a_damaged_column_is_refused(column: bytes) -> None:
    with pytest.raises(ColumnError):
        unpack_numbers(column)


@given(st.lists(st.integers(0, (1 << 64) - 1)))
def test_columns_come_back(values: list[int]) -> None:
    assert list(unpack_numbers(pack_numbers(whole_numbers(values)))) == values


@given(st.lists(st.text()))
def test_texts_come_back(values: list[str]) -> None:
    texts = Texts.of(values)
    assert list(texts) == texts.listed() == list(unpack_texts(*texts.pack())) == values


@given(st.lists(st.sampled_from(["", "Nara", "Björk"])))
def test_filled_texts_are_those_that_say_something(values: list[str]) -> None:
    assert dict(Texts.of(values).filled()) == {number: text for number, text in enumerate(values) if text}


def test_too_few_columns_are_refused() -> None:
    with pytest.raises(IndexFormatError, match="number of columns"):
        decode_index(seal(unseal(STORED)[:-1]))


def test_an_empty_library_is_a_library() -> None:
    index = decode_index(build_index([]).encode())
    assert len(index) == 0
    assert index.search("anything") == []


def test_impossible_numbers_are_unknown() -> None:
    odd = LibraryTrack(id="1", title="A", year=-1, bit_rate=1 << 40, track_number=0)
    kept = build_index([odd]).track("1")
    assert kept == LibraryTrack(id="1", title="A", year=None, bit_rate=None, track_number=0)


def test_of_two_songs_with_one_id_one_is_kept_whatever_the_order() -> None:
    one, other = LibraryTrack(id="1", title="A"), LibraryTrack(id="1", title="B")
    assert build_index([one, other]).track("1") == build_index([other, one]).track("1")
    assert len(build_index([one, other])) == 1
