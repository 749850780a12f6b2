"""The note in a comment: what it says, how long it gets, and what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.tracks import SourceTrack
from reprise.targets.subsonic.comment import COMMENT_MAX_BYTES, same_comment, with_marker, with_missing
from reprise.targets.subsonic.order import WriteOrder

MARKER = "reprise:01JD0000000000000000000000"


def _order(*missing: SourceTrack, taken_up: bool = False) -> WriteOrder:
    return WriteOrder(
        name="Mix",
        marker=MARKER,
        song_ids=("a",),
        remote_id="7",
        on_identified=lambda _: None,
        missing=missing,
        taken_up=taken_up,
    )


def _note(*missing: SourceTrack) -> str:
    told = with_missing(MARKER, missing)
    assert told.startswith(f"{MARKER} [Not in your library: ")
    assert told.endswith("]")
    return told.removeprefix(f"{MARKER} [Not in your library: ").removesuffix("]")


@pytest.mark.parametrize(
    ("track", "shown"),
    [
        (SourceTrack(title="Roads", artist="Portishead"), "Portishead – Roads"),
        (SourceTrack(title="Roads"), "Roads"),
        (SourceTrack(title="", artist="Portishead"), "Portishead"),
        (SourceTrack(title="Islands", artists=("Nina", "Air")), "Nina, Air – Islands"),
        (SourceTrack(title="", artist=""), "(untitled)"),
        (SourceTrack(title="Two\r\nlines\x00\tand\u2028more ", artist=" \x07 "), "Two lines and more"),
        (SourceTrack(title="Live [at home]", artist="]["), ")( – Live (at home)"),
        (SourceTrack(title="a\u202eb\u2066c", artist="\ud800d"), "d – abc"),
        (SourceTrack(title="שיר", artist="🎧\u200d🎵"), "🎧\u200d🎵 – שיר"),
        (SourceTrack(title=MARKER), "reprise 01JD0000000000000000000000"),
        (SourceTrack(title="é" * 100), "é" * 38 + "…"),
        (SourceTrack(title="🎧" * 100), "🎧" * 19 + "…"),
    ],
)
def test_a_track_is_named_on_one_line(track: SourceTrack, shown: str) -> None:
    assert _note(track) == shown


def test_one_that_is_missing_twice_is_named_once() -> None:
    roads, glory = SourceTrack(title="Roads", album="Dummy"), SourceTrack(title="Glory Box")
    assert _note(roads, glory, SourceTrack(title="Roads", album="Roseland")) == "Roads; Glory Box"


def test_where_all_but_one_have_room_that_one_is_counted_too() -> None:
    """Room for three names, and for no fourth; or for two and the words of how many are left."""
    fifty = [SourceTrack(title=f"{number}".ljust(50, "x")) for number in range(4)]
    assert _note(*fifty[:3]).count(";") == 2
    assert _note(*fifty).endswith(" … and 1 more")
    assert _note(*fifty).count(";") == 2
    sixty = [SourceTrack(title=f"{number}".ljust(62, "x")) for number in range(4)]
    assert _note(*sixty[:3]).count(";") == 2
    assert _note(*sixty).endswith(" … and 2 more")


def test_thousands_are_read_by_people() -> None:
    assert _note(*(SourceTrack(title=f"Song number {number}") for number in range(9_000))).endswith(" … and 8,989 more")


def test_without_room_nothing_is_said() -> None:
    crowded = f"{'w' * 192} {MARKER}"
    assert with_missing(crowded, [SourceTrack(title="Roads")]) == crowded
    assert with_missing(crowded[1:], [SourceTrack(title="Roads")]) != crowded[1:]
    assert with_missing(f"{crowded} [Not in your library: Roads]", [SourceTrack(title="Glory Box")]) == crowded


_TRACKS = st.lists(st.builds(SourceTrack, title=st.text(max_size=60), artist=st.text(max_size=60)), max_size=20)
_WORDS = st.text(alphabet=st.characters(blacklist_characters="[]", blacklist_categories=("Cs",)), max_size=120)


@given(_WORDS, _TRACKS, _TRACKS)
def test_whatever_is_missing_the_marker_and_the_owners_words_stay(
    words: str, first: list[SourceTrack], second: list[SourceTrack]
) -> None:
    owned = f"{words} {MARKER}".strip()
    told = with_missing(owned, first)
    assert MARKER in told.split()
    assert told.startswith(owned)
    assert len(told.encode()) <= max(COMMENT_MAX_BYTES, len(owned.encode()))
    assert with_missing(told, first) == told
    assert with_missing(told, second) == with_missing(owned, second)
    assert with_missing(told, ()) == owned


@given(_TRACKS)
def test_a_note_is_one_line_of_text(missing: list[SourceTrack]) -> None:
    told = with_missing(MARKER, missing)
    assert told.splitlines() == [told]
    assert "\x00" not in told
    assert told.count("]") == told.count("[") == (1 if missing else 0)


def test_what_stands_after_the_note_is_kept_before_it() -> None:
    comment = f"{MARKER} [Not in your library: Roads] For the car."
    assert with_missing(comment, [SourceTrack(title="Teardrop")]) == (
        f"{MARKER} For the car. [Not in your library: Teardrop]"
    )


def test_a_marker_inside_the_note_is_not_thrown_away() -> None:
    assert _order().comment_instead(f"[Not in your library: {MARKER}]") is None


@pytest.mark.parametrize("comment", ["", "Mine.", f"{MARKER}-g1", "[Not in your library: Roads]"])
def test_a_comment_without_the_marker_stays(comment: str) -> None:
    assert _order(SourceTrack(title="Roads")).comment_instead(comment) is None
    assert _order().comment_instead(comment) is None


@pytest.mark.parametrize(
    ("comment", "marked"),
    [
        ("", MARKER),
        (" For the car. ", f"For the car. {MARKER}"),
        ("reprise:01JC-g2 For the car. reprise:01JD", f"For the car. {MARKER}"),
        ("reprise:01JC [Not in your library: Roads]", MARKER),
        ("x" * 220, f"{'x' * 220} {MARKER}"),
        ("x" * 221, "x" * 221),
        ("ü" * 111, "ü" * 111),
    ],
)
def test_a_list_that_is_taken_up_is_marked_where_there_is_room(comment: str, marked: str) -> None:
    assert with_marker(comment, MARKER) == marked
    assert _order(taken_up=True).comment_instead(comment) == (marked if MARKER in marked else None)


def test_one_that_is_marked_already_is_not_marked_elsewhere() -> None:
    """As after a run that was cut off."""
    assert _order(taken_up=True).comment_instead(f"{MARKER} For the car.") is None


@pytest.mark.parametrize(
    ("now", "same"),
    [
        (f"{MARKER} [Not in your library: Bjo\u0308rk – Army of Me; Roads]", True),
        (f" {MARKER}  [Not in your library: Björk – Army of Me; Roads]\n", True),
        (f"{MARKER} [Not in your library: Björk – Army", True),
        (f"{MARKER} [Not in your library: Björk – Armx", False),
        (f"{MARKER} [Not in your library: Björk – Army of Me]", False),
        (f"{MARKER} [Not in your library: ", True),
        (MARKER, False),
        ("", False),
    ],
)
def test_a_server_that_keeps_a_part_of_it_keeps_it(now: str, same: bool) -> None:
    wanted = f"{MARKER} [Not in your library: Björk – Army of Me; Roads]"
    assert same_comment(now, wanted) is same
