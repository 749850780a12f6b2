"""Messages and stored documents: what is written is read back, and nothing else is taken for ours."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.connections import MUSIC_SERVER, ConnectionId, Party, Side
from reprise.domain.failures import FailureKind
from reprise.domain.jobs import PLAYLISTS_PER_JOB, Operation, Reason, SyncJob
from reprise.domain.matches import MatchReport
from reprise.domain.outcomes import Fault, Outcome, PlaylistEnd, Standing
from reprise.domain.playlists import NAME_MAX, Counts, Playlist, SourcePlaylist, SourceRef, SyncState
from reprise.domain.previews import Change, Preview, PreviewStep, Step
from reprise.domain.tracks import SourceTrack
from reprise.ports.contents import LibraryHead
from reprise.queues.sqs import BYTES_MAX
from reprise.serialization.fields import WireError
from reprise.serialization.jobs import decode_job, encode_job
from reprise.serialization.library_heads import decode_head, encode_head
from reprise.serialization.outcomes import decode_outcome, encode_outcome
from reprise.serialization.playlists import decode_playlist, encode_playlist
from reprise.serialization.previews import decode_preview, encode_preview
from reprise.serialization.reports import decode_report, encode_report
from reprise_dev.samples.specimens import T0, match_reports, previews, source_playlists

Decode: TypeAlias = Callable[[str], object]
Document: TypeAlias = dict[str, object]

words = st.text(max_size=20)
moments = st.datetimes(timezones=st.just(UTC))

sync_jobs = st.builds(
    SyncJob,
    job_id=words,
    user_id=words,
    playlist_ids=st.lists(words, min_size=1, max_size=25).map(tuple),
    reason=st.sampled_from(Reason),
    asked_at=moments,
    operation=st.sampled_from(Operation),
    argument=words,
    waited=st.integers(0, 1000),
    hops=st.integers(0, 1000),
)
faults = st.builds(Fault, kind=st.sampled_from(FailureKind), detail=words, status=st.none() | st.integers(0, 999))
standings = st.builds(Standing, failures=st.integers(0, 10**6), since=st.none() | moments, latched=st.booleans())
run_outcomes = st.builds(
    Outcome,
    outcome_id=words,
    user_id=words,
    party=st.builds(Party, connection_id=words.map(ConnectionId), name=words, side=st.sampled_from(Side)),
    occurred_at=moments,
    before=standings,
    after=standings,
    fault=st.none() | faults,
    reconnected=st.booleans(),
    ends=st.lists(
        st.builds(
            PlaylistEnd,
            playlist_id=words,
            name=words,
            state=st.sampled_from(SyncState),
            fault=st.none() | faults,
        ),
        max_size=3,
    ).map(tuple),
)
library_heads = st.builds(LibraryHead, version=words, stamp=words, song_count=st.integers(0, 10**7), checked_at=moments)

JOB = SyncJob(job_id="j", user_id="u", playlist_ids=("p",), reason=Reason.MANUAL, asked_at=T0)
OUTCOME = Outcome(
    outcome_id="o",
    user_id="u",
    party=Party(connection_id=MUSIC_SERVER, name="Navidrome", side=Side.SERVER),
    occurred_at=T0,
    after=Standing(failures=1, since=T0),
    fault=Fault(kind=FailureKind.UNREACHABLE, status=502),
    ends=(PlaylistEnd(playlist_id="p", name="n", state=SyncState.ERROR),),
)
PLAYLIST = SourcePlaylist(name="n", version="v", tracks=(SourceTrack(title="t", artists=("a", "b"), duration_ms=1),))
HEAD = LibraryHead(version="v", stamp="s", song_count=3, checked_at=T0)
PREVIEW = Preview(
    job_id="j",
    created_at=T0,
    counts=Counts(total=3, matched=2, by_method={"isrc": 2}),
    kept=1,
    steps=(
        PreviewStep(
            step=Step(change=Change.MOVED, library_id="s", before=4, after=0),
            title="t",
            artist="a",
            why="Same ISRC.",
        ),
    ),
    threshold=0.9,
)

REPORT_TEXT = json.dumps(
    {
        "kind": "match-report",
        "v": 1,
        "playlist_id": "p",
        "report_id": "r",
        "created_at": T0.isoformat(),
        "library_version": "l",
        "policy_version": "p",
        "threshold": 0.9,
        "matches": [
            {
                "source": {"title": "t"},
                "method": "exact",
                "confidence": 1,
                "reason": "Same artist, title and album.",
                "library_id": "s",
                "candidates": [
                    {"library_id": "s", "title": "t", "artist": "", "album": "", "confidence": 0.5, "reasons": []}
                ],
            }
        ],
    }
)
EXAMPLES: list[tuple[Decode, str]] = [
    (decode_job, encode_job(JOB)),
    (decode_outcome, encode_outcome(OUTCOME)),
    (decode_playlist, encode_playlist(PLAYLIST)),
    (decode_report, REPORT_TEXT),
    (decode_head, encode_head(HEAD)),
    (decode_preview, encode_preview(PREVIEW)),
]
every = pytest.mark.parametrize(
    ("decode", "text"), EXAMPLES, ids=["job", "outcome", "playlist", "report", "head", "preview"]
)


# --- what is written is read back --------------------------------------------------------------------------------


@given(job=sync_jobs)
def test_a_job_is_read_as_it_was_written(job: SyncJob) -> None:
    assert decode_job(encode_job(job)) == job


@given(outcome=run_outcomes)
def test_an_outcome_is_read_as_it_was_written(outcome: Outcome) -> None:
    assert decode_outcome(encode_outcome(outcome)) == outcome


@given(playlist=source_playlists)
def test_a_playlist_is_read_as_it_was_written(playlist: SourcePlaylist) -> None:
    assert decode_playlist(encode_playlist(playlist)) == playlist


@given(report=match_reports)
def test_a_report_is_read_as_it_was_written(report: object) -> None:
    text = encode_report(report)  # type: ignore[arg-type]  # hypothesis builds the type asked for
    assert decode_report(text) == report


@given(head=library_heads)
def test_a_head_is_read_as_it_was_written(head: LibraryHead) -> None:
    assert decode_head(encode_head(head)) == head


@given(preview=previews)
def test_a_preview_is_read_as_it_was_written(preview: Preview) -> None:
    assert decode_preview(encode_preview(preview)) == preview


@given(outcome=run_outcomes)
def test_a_message_is_printable_ascii(outcome: Outcome) -> None:
    """SQS refuses most control characters, wherever a playlist's name has them from."""
    assert set(encode_outcome(outcome)) <= set(string.printable) - set("\t\n\r\x0b\x0c")


def test_times_come_back_in_utc_whatever_zone_they_were_in() -> None:
    zoned = T0.astimezone(datetime.strptime("+0530", "%z").tzinfo)
    job = decode_job(
        encode_job(SyncJob(job_id="j", user_id="u", playlist_ids=("p",), reason=Reason.MANUAL, asked_at=zoned))
    )
    assert job.asked_at == T0
    assert job.asked_at.tzinfo is UTC


def test_a_time_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="aware"):
        encode_job(replace(JOB, asked_at=T0.replace(tzinfo=None)))


def test_the_form_of_a_job_is_pinned() -> None:
    """Messages of the last release are still in the queue when the next one starts: change it with its version."""
    assert json.loads(encode_job(JOB)) == {
        "kind": "sync-job",
        "v": 1,
        "job_id": "j",
        "user_id": "u",
        "playlist_ids": ["p"],
        "reason": "manual",
        "asked_at": "2040-03-01T12:00:00+00:00",
        "slot": "2040-03-01T12:00:00+00:00",
        "operation": "sync",
        "argument": "",
        "waited": 0,
        "hops": 0,
    }


def test_a_job_of_the_release_before_is_understood() -> None:
    document = json.loads(encode_job(JOB))
    del document["waited"], document["hops"], document["asked_at"]
    assert decode_job(json.dumps(document)) == JOB


def test_the_waits_that_the_release_before_counted_are_hops() -> None:
    document = json.loads(encode_job(replace(JOB, waited=4)))
    del document["hops"]
    assert decode_job(json.dumps(document)) == replace(JOB, waited=4, hops=4)


def test_a_job_without_any_time_is_refused() -> None:
    document = json.loads(encode_job(JOB))
    del document["asked_at"], document["slot"]
    with pytest.raises(WireError, match="asked_at is missing"):
        decode_job(json.dumps(document))


def test_the_ends_of_a_whole_job_fit_into_one_message_whatever_they_are_called() -> None:
    source = SourceRef(kind="files", locator="l", label="JSPF")
    longest = Playlist(user_id="u", playlist_id="0" * 36, name="\U0001f3b5" * NAME_MAX, source=source, created_at=T0)
    fault = Fault(kind=FailureKind.MALFORMED_RESPONSE, detail="Why it failed, in a long sentence. " * 5, status=200)
    ends = (PlaylistEnd.of(longest, SyncState.ERROR, fault),) * PLAYLISTS_PER_JOB
    assert len(encode_outcome(replace(OUTCOME, ends=ends))) < BYTES_MAX


def test_the_form_of_an_outcome_is_pinned() -> None:
    assert json.loads(encode_outcome(OUTCOME)) == {
        "kind": "outcome",
        "v": 2,
        "outcome_id": "o",
        "user_id": "u",
        "connection": {"id": "navidrome", "name": "Navidrome", "side": "server"},
        "occurred_at": "2040-03-01T12:00:00+00:00",
        "before": {"failures": 0, "latched": False},
        "after": {"failures": 1, "since": "2040-03-01T12:00:00+00:00", "latched": False},
        "fault": {"kind": "unreachable", "detail": "", "status": 502},
        "reconnected": False,
        "ends": [{"playlist_id": "p", "name": "n", "state": "error"}],
    }


# --- nothing else is taken for ours ------------------------------------------------------------------------------


@every
@pytest.mark.parametrize(
    "text_instead",
    ["", "no JSON", "null", "[]", "3", '"text"', "{}", "[" * 100_000, '{"v": NaN}', "9" * 10_000, "\ud800", "{'v': 1}"],
)
def test_what_is_no_document_is_refused(decode: Decode, text: str, text_instead: str) -> None:
    with pytest.raises(WireError):
        decode(text_instead)


@every
@pytest.mark.parametrize("version", [0, 3, "1", None, True, 1.0])
def test_an_unknown_version_is_refused(decode: Decode, text: str, version: object) -> None:
    with pytest.raises(WireError):
        decode(json.dumps({**json.loads(text), "v": version}))


@every
def test_another_kind_is_refused(decode: Decode, text: str) -> None:
    others = [other for _, other in EXAMPLES if other != text]
    for other in others:
        with pytest.raises(WireError):
            decode(other)


@every
def test_fields_of_a_later_release_are_ignored(decode: Decode, text: str) -> None:
    assert decode(json.dumps({**json.loads(text), "novelty": {"a": 1}})) == decode(text)


def spoilt(text: str) -> list[tuple[str, str]]:
    """Every version of a document with one value, however deep, replaced by one of a wrong type; and its place."""
    found: list[tuple[str, str]] = []
    document: Document = json.loads(text)

    def walk(container: Document | list[object], place: str) -> None:
        names = list(container) if isinstance(container, dict) else list(range(len(container)))
        for name in names:
            value = container[name]  # type: ignore[index]  # a name of that very container
            for wrong in (object_of(value), [[]]):
                container[name] = wrong  # type: ignore[index]  # as above
                found.append((f"{place}{name}", json.dumps(document)))
            container[name] = value  # type: ignore[index]  # as above
            if isinstance(value, dict | list):
                walk(value, f"{place}{name}.")

    walk(document, "")
    return found


def object_of(value: object) -> object:
    return "canary" if isinstance(value, dict | list | int | float | bool) else 3.5


@every
def test_a_value_of_a_wrong_type_is_refused_and_not_quoted(decode: Decode, text: str) -> None:
    cases = spoilt(text)
    assert len(cases) > 8
    for place, document in cases:
        with pytest.raises(WireError) as refused:
            decode(document)
        assert "canary" not in str(refused.value), place


@every
def test_a_missing_part_is_refused_by_name(decode: Decode, text: str) -> None:
    whole: Document = json.loads(text)
    optional = {
        "asked_at",
        "slot",
        "fault",
        "reconnected",
        "ends",
        "argument",
        "waited",
        "hops",
        "playlists",
        "tracks",
        "matches",
        "methods",
        "steps",
        "threshold",
    }
    for name in whole.keys() - optional:
        with pytest.raises(WireError, match=name):
            decode(json.dumps({key: value for key, value in whole.items() if key != name}))


@pytest.mark.parametrize(("decode", "text"), [(decode_report, REPORT_TEXT), (decode_preview, encode_preview(PREVIEW))])
def test_what_was_stored_before_thresholds_were_told_has_none(
    decode: Callable[[str], MatchReport | Preview], text: str
) -> None:
    older = json.loads(text)
    assert decode(text).threshold == older.pop("threshold") == 0.9
    assert decode(json.dumps(older)).threshold is None


@pytest.mark.parametrize("time", ["yesterday", "2040-03-01T12:00:00", "", "2040-13-01T12:00:00+00:00"])
def test_a_time_must_be_one_and_have_a_zone(time: str) -> None:
    with pytest.raises(WireError, match="asked_at"):
        decode_job(json.dumps({**json.loads(encode_job(JOB)), "asked_at": time}))


def test_a_job_without_playlists_is_none() -> None:
    with pytest.raises(WireError, match="playlist_ids is empty"):
        decode_job(json.dumps({**json.loads(encode_job(JOB)), "playlist_ids": []}))


@pytest.mark.parametrize(
    "change", [{"method": "none"}, {"library_id": None}, {"confidence": True}, {"confidence": float("inf")}]
)
def test_a_match_must_make_sense(change: Document) -> None:
    report = json.loads(REPORT_TEXT)
    report["matches"][0].update(change)
    with pytest.raises(WireError):
        decode_report(json.dumps(report))


def test_a_number_too_large_to_be_one_is_refused() -> None:
    with pytest.raises(WireError, match="confidence"):
        decode_report(REPORT_TEXT.replace('"confidence": 1,', '"confidence": 1e999,'))
