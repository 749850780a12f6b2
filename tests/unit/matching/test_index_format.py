"""A stored index that is damaged, foreign or of another time is refused, and nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.domain.tracks import LibraryTrack
from reprise.matching import codec
from reprise.matching import index as index_module
from reprise.matching.codec import seal, unseal
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


def test_a_section_that_would_fill_the_memory_is_refused() -> None:
    sections = unseal(STORED)
    bomb = bytearray(seal([*sections[:-1], b"\x00" * 10_000_000]))
    with pytest.raises(IndexFormatError):
        decode_index(bytes(bomb))


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
