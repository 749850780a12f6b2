"""The order of the tiers, what each may trust, how equal recordings are told apart, and what a person reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.matches import Match, Method, Override
from reprise.domain.tracks import LibraryTrack, SourceTrack
from reprise.matching.index import build_index
from reprise.matching.match import match_track
from reprise.matching.policy import MatchPolicy

MBID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
ISRC = "GBUM71029604"
SONG = LibraryTrack(id="song", title="Paranoid Android", artist="Radiohead", album="OK Computer", duration_ms=383_000)
ASKED = SourceTrack(title="Paranoid Android", artist="Radiohead")


def answer(source: SourceTrack, *library: LibraryTrack, threshold: float | None = None, **said: object) -> Match:
    override = Override(track_key=source.key, **said) if said else None  # type: ignore[arg-type]
    policy = MatchPolicy() if threshold is None else MatchPolicy(threshold=threshold)
    return match_track(build_index(library), source, policy=policy, override=override)


# --- what a person said


def test_a_choice_goes_before_everything() -> None:
    other = replace(SONG, id="other", title="Something Else", recording_mbid=None)
    match = answer(replace(ASKED, recording_mbid=MBID), replace(SONG, recording_mbid=MBID), other, chosen="other")
    assert (match.library_id, match.method, match.confidence) == ("other", Method.MANUAL, 1.0)
    assert match.reason == "You chose this song."


def test_a_choice_that_left_the_library_is_as_good_as_none() -> None:
    assert answer(ASKED, SONG, chosen="gone").library_id == "song"


def test_what_was_ruled_out_makes_way_for_the_next() -> None:
    twin = replace(SONG, id="twin", album="Paranoid Android - Single")
    assert answer(ASKED, SONG, twin, never=frozenset({"song"})).library_id == "twin"


def test_what_was_ruled_out_is_said() -> None:
    match = answer(ASKED, SONG, never=frozenset({"song"}))
    assert (match.library_id, match.reason) == (None, "You ruled out the song that would fit.")
    shown = match.candidates[0]
    assert shown.reasons[0] == "you ruled it out"
    assert (shown.library_id, shown.confidence) == ("song", 0.0)
    assert (shown.title, shown.artist, shown.album) == ("Paranoid Android", "Radiohead", "OK Computer")


# --- identifiers


def test_an_mbid_is_trusted_whatever_the_title() -> None:
    match = answer(SourceTrack(title="PA", artist="RH", recording_mbid=MBID), replace(SONG, recording_mbid=MBID))
    assert (match.library_id, match.method) == ("song", Method.MBID)
    assert match.confidence > 0.99


def test_an_mbid_is_trusted_whatever_the_artist() -> None:
    match = answer(replace(ASKED, artist="On a Friday", recording_mbid=MBID), replace(SONG, recording_mbid=MBID))
    assert (match.library_id, match.method) == ("song", Method.MBID)


def test_identifiers_obey_never_too() -> None:
    match = answer(replace(ASKED, recording_mbid=MBID), replace(SONG, recording_mbid=MBID), never=frozenset({"song"}))
    assert match.library_id is None


def test_an_mbid_goes_before_a_better_title() -> None:
    named = replace(SONG, id="named", title="Paranoid Android - Remastered", recording_mbid=MBID)
    assert answer(replace(ASKED, recording_mbid=MBID), SONG, named).library_id == "named"


def test_an_mbid_on_another_take_is_a_wrong_tag() -> None:
    live = replace(SONG, title="Paranoid Android (Live)", recording_mbid=MBID)
    assert answer(replace(ASKED, recording_mbid=MBID), live).library_id is None


def test_an_isrc_finds_what_the_spelling_alone_would_doubt() -> None:
    found = replace(SONG, artist="Radio Head Official", isrcs=(ISRC,))
    match = answer(replace(ASKED, artist="Radio", isrc=ISRC), found)
    assert (match.library_id, match.method) == ("song", Method.ISRC)


def test_an_isrc_does_not_carry_another_title() -> None:
    wrong = replace(SONG, title="Karma Police", isrcs=(ISRC,))
    assert answer(replace(ASKED, isrc=ISRC), wrong).library_id is None
    assert answer(replace(ASKED, isrc=ISRC), wrong, replace(SONG, id="right")).library_id == "right"


def test_an_isrc_repeated_over_takes_goes_to_the_named_one() -> None:
    live = replace(SONG, id="live", title="Paranoid Android (Live)", isrcs=(ISRC,))
    studio = replace(SONG, isrcs=(ISRC, "GBAYE9700001"))
    assert answer(replace(ASKED, isrc=ISRC), live, studio).library_id == "song"
    assert answer(replace(ASKED, isrc=ISRC), live).library_id is None


def test_an_isrc_between_original_and_remaster_is_fine() -> None:
    match = answer(replace(ASKED, isrc=ISRC), replace(SONG, title="Paranoid Android - 2017 Remaster", isrcs=(ISRC,)))
    assert match.method is Method.ISRC


def test_exact_and_fuzzy_are_told_apart() -> None:
    assert answer(ASKED, SONG).method is Method.EXACT
    assert answer(replace(ASKED, title="Paranoid Androdi"), SONG).method is Method.FUZZY
    assert answer(replace(ASKED, artist="Radiohaed"), SONG).method is Method.FUZZY


def test_a_number_in_a_take_must_agree() -> None:
    four = replace(SONG, title="Paranoid Android (Route 66 Mix)")
    assert answer(replace(ASKED, title="Paranoid Android (Route 65 Mix)"), four).library_id is None
    assert answer(replace(ASKED, title="Paranoid Android (The Route 66 Mix)"), four).library_id == "song"
    assert answer(replace(ASKED, title="Paranoid Android - Route 66 Mix"), four).library_id == "song"


@pytest.mark.parametrize(
    ("asked", "found", "same"),
    [
        ("Song (Story of the Rain)", "Song (Story of the Rains)", True),
        ("Song (Story of the Rain)", "Song (A Wholly Other Thing)", False),
        ("Song (Chapter of 1990)", "Song (Chapter of 1991)", False),
    ],
)
def test_two_subtitles_must_be_alike(asked: str, found: str, *, same: bool) -> None:
    match = answer(replace(ASKED, title=asked), replace(SONG, title=found))
    assert (match.library_id == "song") is same


# --- confidence and threshold


def test_more_agreement_is_more_confidence() -> None:
    bare = answer(ASKED, SONG).confidence
    timed = answer(replace(ASKED, duration_ms=383_000), SONG).confidence
    full = answer(replace(ASKED, duration_ms=383_000, album="OK Computer"), SONG).confidence
    slip = answer(replace(ASKED, title="Paranoid Androdi"), SONG).confidence
    assert slip < bare < timed < full


def test_the_threshold_decides() -> None:
    asked = replace(ASKED, title="Paranoid Androdi")
    assert answer(asked, SONG, threshold=0.5).library_id == "song"
    match = answer(asked, SONG, threshold=0.999)
    assert match.library_id is None
    assert match.reason == (
        'The nearest song, "Paranoid Android" by Radiohead, is not close enough: title spelled slightly differently.'
    )
    assert match.candidates[0].library_id == "song"


def test_a_threshold_of_nothing_still_takes_no_vetoed_song() -> None:
    assert answer(ASKED, replace(SONG, title="Paranoid Android (Live)"), threshold=0.0).library_id is None


# --- equal recordings


def test_the_same_album_goes_first() -> None:
    hits = replace(SONG, id="0", album="The Best Of", bit_rate=1411, suffix="flac")
    assert answer(replace(ASKED, album="OK Computer"), hits, SONG).library_id == "song"
    assert answer(replace(ASKED, album="The Best Of"), hits, SONG).library_id == "0"


def test_then_the_studio_album() -> None:
    hits = replace(SONG, id="0", album="Radiohead: The Best Of", bit_rate=1411, suffix="flac")
    sampler = replace(SONG, id="1", album="Q Sampler", album_artist="Various Artists", suffix="flac")
    assert answer(ASKED, hits, sampler, SONG).library_id == "song"


def test_then_the_better_file() -> None:
    mp3 = replace(SONG, id="0", suffix="mp3", bit_rate=320)
    worse = replace(SONG, id="1", suffix="mp3", bit_rate=128)
    flac = replace(SONG, id="2", suffix="flac", bit_rate=900)
    assert answer(ASKED, mp3, worse, flac).library_id == "2"
    assert answer(ASKED, mp3, worse).library_id == "0"


def test_then_the_smaller_id() -> None:
    assert answer(ASKED, replace(SONG, id="b"), replace(SONG, id="a"), replace(SONG, id="c")).library_id == "a"


def test_the_studio_take_goes_before_a_concert_album() -> None:
    concert = replace(SONG, id="0", album="Live at Wembley", duration_ms=None)
    assert answer(ASKED, concert, replace(SONG, duration_ms=None)).library_id == "song"


def test_runners_up_are_kept() -> None:
    twins = [replace(SONG, id=f"{number}") for number in range(9)]
    match = answer(ASKED, *twins)
    assert [candidate.library_id for candidate in match.candidates] == ["1", "2", "3", "4", "5"]
    assert "same title" in match.candidates[0].reasons


# --- why there is none


@pytest.mark.parametrize(
    ("source", "library", "reason"),
    [
        (ASKED, [], "Your library is empty."),
        (SourceTrack(title=" ", artist="Radiohead"), [SONG], "The source names no title."),
        (SourceTrack(title="Hello", artist="Adele"), [SONG], "The artist is not in your library."),
        (
            SourceTrack(title="Creep", artist="Radiohead"),
            [SONG],
            "The artist is in your library, but this song is not.",
        ),
        (
            SourceTrack(title="Hello", artist="Radiohead"),
            [SONG, replace(SONG, id="2", title="Hello", artist="Adele")],
            "The artist is in your library, but this title only by others: Adele.",
        ),
        (
            SourceTrack(title="Hello"),
            [SONG],
            "The source names no artist, and no song of this title is in your library.",
        ),
        (
            SourceTrack(title="Paranoid Android", artist="Weezer"),
            [SONG, replace(SONG, id="2", artist="Brad Mehldau"), replace(SONG, id="3", artist="Easy Star All-Stars")],
            "Your library has this title only by others: Brad Mehldau, Easy Star All-Stars and 1 more.",
        ),
        (ASKED, [replace(SONG, title="Paranoid Android (Live)")], "Only a live version is in your library."),
        (ASKED, [replace(SONG, title="Paranoid Android (Acoustic)")], "Only an acoustic version is in your library."),
        (
            replace(ASKED, title="Paranoid Android (Live)"),
            [SONG],
            "Your library has this song, but not the live version.",
        ),
        (
            replace(ASKED, title="Paranoid Android (Live at Leeds)"),
            [replace(SONG, title="Paranoid Android (Live in Rome)")],
            "Your library has another live version of this song.",
        ),
        (
            replace(ASKED, duration_ms=200_000),
            [SONG],
            "The song in your library is 6:23 long, the wanted one 3:20.",
        ),
        (
            SourceTrack(title="Symphony No. 5", artist="Radiohead"),
            [replace(SONG, title="Symphony No. 7")],
            'Only another part or number is in your library: "Symphony No. 7" by Radiohead.',
        ),
        (
            SourceTrack(title="Hello"),
            [
                replace(SONG, id="1", title="Hello", artist="Adele"),
                replace(SONG, id="2", title="Hello", artist="Oasis"),
            ],
            'Two equally good candidates: "Hello" by Adele and "Hello" by Oasis.',
        ),
        (
            SourceTrack(title="Hello (Remix)", artist="Adele"),
            [
                replace(SONG, title="Hello (Tiësto Remix)", artist="Adele"),
                replace(SONG, id="2", title="Hello (Dave Audé Remix)", artist="Adele"),
            ],
            'Two equally good candidates: "Hello (Dave Audé Remix)" by Adele and "Hello (Tiësto Remix)" by Adele.',
        ),
    ],
)
def test_none_says_why(source: SourceTrack, library: list[LibraryTrack], reason: str) -> None:
    match = answer(source, *library)
    assert match.method is Method.NONE
    assert match.reason == reason


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (ASKED, "Same title and artist."),
        (replace(ASKED, album="OK Computer"), "Same title and artist: same album."),
        (
            replace(ASKED, title="Paranoid Android - Remastered"),
            "Same title and artist: remastered or relabelled on one side.",
        ),
        (
            replace(ASKED, title="Radiohead - Paranoid Android"),
            "Same title and artist: the artist stands in the title.",
        ),
        (
            replace(ASKED, title="Paranoid Androdi", duration_ms=383_500),
            "Nearly the same title and artist: title spelled slightly differently, same length.",
        ),
    ],
)
def test_an_answer_says_why(source: SourceTrack, reason: str) -> None:
    assert answer(source, SONG).reason == reason


# --- a person's own search


def test_search_finds_by_title_artist_and_album() -> None:
    index = build_index([SONG, replace(SONG, id="2", title="Android", album="Live"), replace(SONG, id="3", artist="X")])
    found = [track.id for track in index.search("android")]
    assert found[0] == "2", "the whole title goes before a part of one"
    assert set(found) == {"song", "2", "3"}
    assert [track.id for track in index.search("radiohead computer")] == ["song"]
    assert [track.id for track in index.search("android", limit=1)] == ["2"]
    assert index.search("no such thing") == index.search("  ") == []
