"""What holds of every title, library and playlist, whatever is in them."""

from __future__ import annotations

import random
import string
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reprise.domain.matches import Match, Method, Override
from reprise.domain.tracks import LibraryTrack, SourceTrack
from reprise.matching.fold import _CHARACTERS, _TABLE_LIMIT, compact, fold, is_blank, to_ascii
from reprise.matching.index import LibraryIndex, build_index, decode_index
from reprise.matching.match import RUNNERS_UP, match_playlist, match_track
from reprise.matching.policy import MatchPolicy
from reprise.matching.words import fold_title

from .golden import cases, library

POLICY = MatchPolicy()
NAMES = ["Hello", "One", "Live", "Ça plane pour moi", "上を向いて歩こう", "Группа крови", "???", "Stay (feat. X)", "99"]
WORDS = [
    "love",
    "night",
    "Live at Leeds",
    "(Live)",
    "- Remix",
    "Pt. 2",
    "feat. Ann",
    "&",
    "ß",
    "é",
    "恋",
    "[",
    ")",
    "Ⅳ",
]

words = st.sampled_from(WORDS) | st.text(max_size=12)
titles = st.sampled_from(NAMES) | st.lists(words, max_size=5).map(" ".join)
names = st.text(st.characters(blacklist_categories=["Cs"]), max_size=15) | st.sampled_from(
    ["Queen", "A & B", "The The"]
)
lengths = st.none() | st.integers(1, 1_000_000)
sources = st.builds(
    SourceTrack, title=titles, artist=names, artists=st.tuples() | st.tuples(names), album=titles, duration_ms=lengths
)
tracks = st.builds(
    LibraryTrack,
    id=st.text(min_size=1, max_size=8),
    title=titles,
    artist=names,
    artists=st.tuples() | st.tuples(names, names),
    album=titles,
    album_artist=names,
    duration_ms=lengths,
    isrcs=st.lists(st.sampled_from(["GBUM71029604", "[odd", "", "USRC17607839"]), max_size=2).map(tuple),
    recording_mbid=st.none() | st.uuids().map(str),
    track_number=lengths,
    disc_number=st.none() | st.integers(0, 300),
    year=st.none() | st.integers(0, 3000),
    bit_rate=st.none() | st.integers(0, 5000),
    suffix=st.sampled_from(["", "mp3", "flac"]),
)
libraries = st.lists(tracks, max_size=8, unique_by=lambda track: track.id)
QUICK = settings(max_examples=60, deadline=None)


def answer(index: LibraryIndex, source: SourceTrack, override: Override | None = None) -> Match:
    return match_track(index, source, policy=POLICY, override=override)


@given(st.text())
@example("\u00b4\u00b8")
@example("\u2122\u2b99")
@example("\u0359\u2b0c\u0345")
def test_folding_twice_is_folding_once(text: str) -> None:
    for normal in (to_ascii, fold, fold_title):
        assert normal(normal(text)) == normal(text)
    assert compact(fold(text)).split() in ([], [compact(fold(text))])


@given(st.text())
def test_folding_loses_no_name_altogether(text: str) -> None:
    if any(character.isalnum() for character in text):
        assert fold(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_blank_is_what_folds_to_nothing(text: str) -> None:
    assert is_blank(text) is (not fold(text))


@given(sources, libraries)
@QUICK
def test_every_track_is_answered_within_bounds(source: SourceTrack, library: list[LibraryTrack]) -> None:
    match = answer(build_index(library), source)
    ids = {track.id for track in library}
    assert (match.library_id is None) == (match.method is Method.NONE)
    assert match.library_id in ids or match.library_id is None
    assert 0.0 <= match.confidence <= 1.0
    assert match.confidence >= POLICY.threshold or match.library_id is None
    assert match.reason.endswith(".")
    assert len(match.candidates) <= RUNNERS_UP
    assert all(0.0 <= candidate.confidence <= 1.0 and candidate.library_id in ids for candidate in match.candidates)


@given(tracks)
@QUICK
def test_a_song_is_its_own_best_match(track: LibraryTrack) -> None:
    source = SourceTrack(
        title=track.title,
        artist=track.artist,
        artists=track.artists,
        album=track.album,
        duration_ms=track.duration_ms,
        recording_mbid=track.recording_mbid,
    )
    match = answer(build_index([track]), source)
    if fold(track.title) and fold(track.artist):
        assert match.library_id == track.id, match.reason
        assert match.confidence > 0.95


@given(libraries, sources, st.randoms(use_true_random=False))
@QUICK
def test_the_order_of_the_library_changes_nothing(
    library: list[LibraryTrack], source: SourceTrack, rng: random.Random
) -> None:
    shuffled = rng.sample(library, len(library))
    one, other = build_index(library), build_index(shuffled)
    assert one.version == other.version
    assert one.encode() == other.encode()
    assert answer(one, source) == answer(other, source)


@given(libraries)
@QUICK
def test_what_is_stored_comes_back(library: list[LibraryTrack]) -> None:
    index = build_index(library)
    again = decode_index(index.encode())
    assert (len(again), again.version, again.encode()) == (len(index), index.version, index.encode())
    assert [again.track(track.id) for track in library] == [_as_stored(track) for track in library]
    assert again.track("no such id at all") is None


def _as_stored(track: LibraryTrack) -> LibraryTrack:
    return track


@given(libraries, tracks)
@QUICK
def test_other_content_is_another_version(library: list[LibraryTrack], added: LibraryTrack) -> None:
    if added.id not in {track.id for track in library}:
        assert build_index([*library, added]).version != build_index(library).version


@given(libraries, sources, st.data())
@QUICK
def test_a_choice_always_wins(library: list[LibraryTrack], source: SourceTrack, data: st.DataObject) -> None:
    if not library:
        return
    chosen = data.draw(st.sampled_from(library)).id
    override = Override(track_key=source.key, chosen=chosen, never=frozenset({chosen}))
    match = answer(build_index(library), source, override)
    assert (match.library_id, match.method, match.confidence) == (chosen, Method.MANUAL, 1.0)


@given(libraries, sources)
@QUICK
def test_what_was_ruled_out_is_never_the_answer(library: list[LibraryTrack], source: SourceTrack) -> None:
    index = build_index(library)
    never: set[str] = set()
    while (found := answer(index, source, Override(track_key=source.key, never=frozenset(never)))).library_id:
        assert found.library_id not in never
        never.add(found.library_id)
    assert len(never) <= len(library)


letters = st.text(string.ascii_lowercase, min_size=6, max_size=14)


@given(st.lists(st.tuples(letters, letters, letters), max_size=40))
@settings(max_examples=10, deadline=None)
def test_unrelated_songs_change_no_answer(rows: list[tuple[str, str, str]]) -> None:
    """Unrelated: every word carries letters that no golden title or name has in a row."""
    strangers = [
        LibraryTrack(id=f"stranger-{number}", title=f"zzq{title}", artist=f"zzq{artist}", album=f"zzq{album}")
        for number, (title, artist, album) in enumerate(rows)
    ]
    alone, among = build_index(library()), build_index([*strangers, *library()])
    for case in cases()[::7]:
        assert answer(alone, case.source) == answer(among, case.source)


@pytest.mark.parametrize(
    "long",
    ["(" * 9000, "a (" * 3000, "part 1" + "-" * 9000 + "!", "1-" * 5000, "a - " * 3000, "feat. a " * 2000, "i" * 9000,
     "the " * 3000 + "soundtrack", "&amp;" * 3000, "live at " * 2000, " official video hd" * 999, "٣" * 9000],
)  # fmt: skip
def test_endless_titles_cost_nothing(long: str) -> None:
    index = build_index([*library(), LibraryTrack(id="long", title=long, artist=long, album=long)])
    start = time.process_time()
    for artist in ("Queen", "", long):
        assert answer(index, SourceTrack(title=long, artist=artist, album=long)).reason
    assert time.process_time() - start < 0.5


def test_all_of_unicode_does_not_fill_the_memory() -> None:
    everything = "".join(map(chr, range(0x250, 0xD7FF)))
    for start in range(0, len(everything), 400):
        fold(everything[start : start + 400])
    assert len(_CHARACTERS) <= _TABLE_LIMIT + 1
    assert fold("Don’t") == "dont"


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_chance(threshold: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        MatchPolicy(threshold=threshold)


def test_a_policy_names_itself() -> None:
    assert MatchPolicy().version == MatchPolicy().version != MatchPolicy(threshold=0.5).version


def test_a_run_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    playlist = [SourceTrack(title="Karma Police", artist="Radiohead"), SourceTrack(title="Xyzzy")]
    match_playlist(build_index(library()), playlist, policy=POLICY, overrides={}, on_progress=lambda done: None)
    match_playlist(build_index([]), playlist, policy=POLICY, overrides={}, on_progress=lambda done: None)
    assert "matched 2 tracks: 1 exact, 1 none" in caplog.text
    assert "the library is empty" in caplog.text


def test_a_playlist_is_answered_track_by_track() -> None:
    index = build_index(library())
    playlist = [case.source for case in cases()]
    told: list[int] = []
    matches = match_playlist(index, playlist, policy=POLICY, overrides={}, on_progress=told.append)
    assert [match.source for match in matches] == playlist
    assert told == list(range(1, len(playlist) + 1))
    assert matches == tuple(answer(index, source) for source in playlist)
    assert matches == match_playlist(
        decode_index(index.encode()), playlist, policy=POLICY, overrides={}, on_progress=told.append
    )
