"""The difference between two lists is right, and as small as it can be."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.previews import Change, Step, differences

lists = st.lists(st.sampled_from("abcdef"), max_size=9)


def told(before: str, after: str) -> list[str]:
    signs = {Change.ADDED: "+", Change.REMOVED: "-", Change.MOVED: "~"}
    return [signs[step.change] + step.library_id for step in differences(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ("", "", []),
        ("abc", "abc", []),
        ("abc", "abcd", ["+d"]),
        ("abc", "ac", ["-b"]),
        ("abc", "cab", ["~c"]),
        ("aaa", "aaa", []),
        ("aaab", "aaac", ["-b", "+c"]),
        ("ab", "xba", ["+x", "~b"]),
        ("abcd", "bcda", ["~a"]),
        ("aab", "ab", ["-a"]),
        ("ab", "aab", ["+a"]),
        ("abc", "xyz", ["-a", "-b", "-c", "+x", "+y", "+z"]),
    ],
)
def test_what_a_person_would_say(before: str, after: str, steps: list[str]) -> None:
    assert told(before, after) == steps


def applied(before: list[str], steps: tuple[Step, ...], length: int) -> list[str]:
    """The list that results: what stays fills, in its old order, the places nobody is put to."""
    leaving = {step.before for step in steps if step.before is not None}
    staying = iter([song for position, song in enumerate(before) if position not in leaving])
    placed = {step.after: step.library_id for step in steps if step.after is not None}
    return [placed[at] if at in placed else next(staying) for at in range(length)]


@given(lists, lists)
def test_the_steps_make_the_new_list_of_the_old(before: list[str], after: list[str]) -> None:
    assert applied(before, differences(before, after), len(after)) == after


@given(st.permutations("abcdef"))
def test_no_smaller_number_of_moves_would_do(after: list[str]) -> None:
    moves = len(differences("abcdef", after))
    enough = [
        size
        for size in range(7)
        if any(
            [s for s in after if s not in moved] == [s for s in "abcdef" if s not in moved]
            for moved in combinations("abcdef", size)
        )
    ]
    assert moves == enough[0]
