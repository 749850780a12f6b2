"""Every row of the golden table, and that the table is what it says."""

from __future__ import annotations

import pytest

from reprise.domain.matches import Method
from reprise.matching.index import LibraryIndex, build_index
from reprise.matching.match import match_track
from reprise.matching.policy import MatchPolicy

from .golden import Case, cases, library


@pytest.fixture(scope="module")
def index() -> LibraryIndex:
    return build_index(library())


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.why)
def test_golden(case: Case, index: LibraryIndex) -> None:
    match = match_track(index, case.source, policy=MatchPolicy())
    assert match.library_id == case.expected, f"{case.why}: {match.reason} {match.candidates}"
    assert (match.method is Method.NONE) == (case.expected is None)
    assert match.reason.endswith(".")


def test_the_table_is_sound() -> None:
    ids = {track.id for track in library()}
    rows = cases()
    assert len(rows) >= 250
    assert len(ids) == len(library())
    assert {case.expected for case in rows} - {None} <= ids
    assert len({case.why for case in rows}) == len(rows), "every row has its own why"
