"""What else a person does with playlists: links, names, undo, previews, answers to the valve, newer files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.health import Health
from reprise.domain.jobs import Operation
from reprise.domain.playlists import (
    Counts,
    Fingerprint,
    HeldBack,
    HoldAnswer,
    HoldReason,
    Playlist,
    Snapshot,
    SourceRef,
    SyncState,
)
from reprise.domain.previews import Preview
from reprise.domain.refusals import Conflict, InvalidInput, NotFound, TooManyAttempts
from reprise.ports.events import BadCursor
from reprise.ports.queues import QueueRefused
from reprise.ports.sources import InvalidUpload
from reprise.usecases.playlists.answer_hold import confirm_hold, dismiss_hold
from reprise.usecases.playlists.change_settings import change_settings
from reprise.usecases.playlists.import_playlist import UPLOADS, Upload
from reprise.usecases.playlists.link_playlist import link_playlist
from reprise.usecases.playlists.list_link_candidates import LOOKS, NONE_FREE, list_link_candidates
from reprise.usecases.playlists.list_playlists import list_playlists
from reprise.usecases.playlists.ports import PreviewPorts
from reprise.usecases.playlists.read_preview import read_preview
from reprise.usecases.playlists.replace_file import replace_file
from reprise.usecases.playlists.request_preview import PREVIEWS, request_preview
from reprise.usecases.playlists.request_undo import request_undo
from reprise.usecases.playlists.toggle_sync import toggle_sync
from reprise.usecases.playlists.unlink_playlist import unlink_playlist
from reprise_dev.doubles import fakes
from reprise_dev.doubles.fakes.music_server import HeldList

from .conftest import NOON, Desk, LineReader

HOUR = timedelta(hours=1)
ANN = "u-ann"
HELD = HeldBack(
    reason=HoldReason.SOURCE_SHRANK,
    sentence="It shrank.",
    report_id="r-held",
    since=NOON,
    fingerprint=Fingerprint(source="s", library="l", policy="p", overrides="o", name="Mix"),
)


def a_playlist(desk: Desk, playlist_id: str = "p-1", **changes: Any) -> Playlist:
    facts: dict[str, Any] = {
        "user_id": ANN,
        "playlist_id": playlist_id,
        "name": "Mix",
        "source": SourceRef(kind="files", locator="c-1", label="lines", version="v1"),
        "created_at": NOON,
        "due_at": NOON,
    }
    playlist = Playlist(**{**facts, **changes})
    desk.playlists.place(playlist)
    return playlist


def now_of(desk: Desk, playlist_id: str = "p-1") -> Playlist:
    found = desk.playlists.get(ANN, playlist_id)
    assert found is not None
    return found


@pytest.fixture
def signed_in(desk: Desk) -> Desk:
    desk.connections.put(
        Connection(
            user_id=ANN,
            connection_id=MUSIC_SERVER,
            provider=MUSIC_SERVER,
            account_name="ann",
            display_name="Navidrome",
            server_url="https://music.example.test",
            ciphertext=desk.cipher.encrypt("secret", user_id=ANN, connection_id=MUSIC_SERVER),
            authorised_at=NOON,
        )
    )
    return desk


def events(desk: Desk) -> list[str]:
    return [event.event_type.value for event in desk.events.all]


# --- on and off --------------------------------------------------------------------------------------------------


def toggle(desk: Desk, *, enabled: bool, delete: bool) -> Any:
    return toggle_sync(ANN, "p-1", desk.link_ports, enabled=enabled, delete_remote=delete)


def test_switching_off_may_delete_the_list_and_switching_on_may_not(desk: Desk) -> None:
    made = a_playlist(desk)
    with pytest.raises(InvalidInput):
        toggle(desk, enabled=True, delete=True)
    assert (now_of(desk), desk.jobs.jobs, events(desk)) == (made, [], [])

    kept = toggle(desk, enabled=False, delete=False)
    assert (kept.job, kept.playlist.enabled, desk.jobs.jobs) == (None, False, [])

    deleted = toggle(desk, enabled=False, delete=True)
    assert [job.operation for job in desk.jobs.jobs] == [Operation.DELETE_REMOTE]
    assert deleted.job == desk.jobs.jobs[0]
    assert not now_of(desk).enabled


def test_a_queue_that_refuses_the_deletion_leaves_it_switched_off_and_asking_again_is_enough(desk: Desk) -> None:
    a_playlist(desk)
    desk.jobs.refusing = True
    with pytest.raises(QueueRefused):
        toggle(desk, enabled=False, delete=True)
    assert not now_of(desk).enabled
    desk.jobs.refusing = False
    assert toggle(desk, enabled=False, delete=True).job is not None
    assert events(desk) == ["playlist_disabled"]


def test_while_a_sync_runs_what_is_asked_for_is_queued_behind_it(desk: Desk) -> None:
    a_playlist(
        desk,
        state=SyncState.SYNCING,
        lease_until=NOON + HOUR,
        history=(Snapshot(report_id="r-2", written_at=NOON, songs=3),),
    )
    undo = request_undo(ANN, "p-1", "r-2", desk.link_ports)
    toggled = toggle(desk, enabled=False, delete=True)
    assert not toggled.playlist.enabled
    assert desk.jobs.jobs == [undo, toggled.job]


# --- undo, previews, the valve -----------------------------------------------------------------------------------


def test_an_undo_switches_the_schedule_off_first(desk: Desk) -> None:
    a_playlist(desk, history=(Snapshot(report_id="r-2", written_at=NOON, songs=3),))
    job = request_undo(ANN, "p-1", "r-2", desk.link_ports)
    assert (job.operation, job.argument) == (Operation.UNDO, "r-2")
    assert desk.jobs.jobs == [job]
    assert not now_of(desk).enabled


def test_only_to_what_is_in_the_history(desk: Desk) -> None:
    made = a_playlist(desk, report_id="r-1", history=(Snapshot(report_id="r-2", written_at=NOON, songs=3),))
    with pytest.raises(NotFound):
        request_undo(ANN, "p-1", "r-1", desk.link_ports)
    assert (now_of(desk), desk.jobs.jobs) == (made, [])


def test_a_preview_is_asked_for_then_read_and_not_too_often(desk: Desk) -> None:
    a_playlist(desk)
    previews = fakes.MemoryPreviews()
    reading = PreviewPorts(playlists=desk.playlists, previews=previews)
    with pytest.raises(NotFound, match="no preview"):
        read_preview(ANN, "p-1", reading)
    job = request_preview(ANN, "p-1", desk.link_ports)
    assert job.operation is Operation.PREVIEW
    preview = Preview(job_id=job.job_id, created_at=NOON, counts=Counts(), kept=0, steps=())
    previews.save(ANN, "p-1", preview)
    assert read_preview(ANN, "p-1", reading) == preview
    with pytest.raises(NotFound, match="no such playlist"):
        read_preview("u-bob", "p-1", reading)
    for _ in range(PREVIEWS.attempts - 1):
        request_preview(ANN, "p-1", desk.link_ports)
    with pytest.raises(TooManyAttempts):
        request_preview(ANN, "p-1", desk.link_ports)


def test_a_confirmed_write_is_synced_at_once_and_a_dismissed_one_is_not(desk: Desk) -> None:
    a_playlist(desk, held=HELD)
    job = confirm_hold(ANN, "p-1", "r-held", desk.link_ports)
    assert desk.jobs.jobs == [job]
    held = now_of(desk).held
    assert held is not None
    assert held.answer is HoldAnswer.CONFIRMED

    a_playlist(desk, "p-2", held=HELD)
    after = dismiss_hold(ANN, "p-2", "r-held", desk.change_ports)
    assert after.held is not None
    assert after.held.answer is HoldAnswer.DISMISSED
    assert desk.jobs.jobs == [job]
    assert events(desk) == ["hold_answered", "hold_answered"]


@pytest.mark.parametrize("held", [None, replace(HELD, report_id="r-newer")])
def test_an_answer_to_what_does_not_wait_changes_nothing(desk: Desk, held: HeldBack | None) -> None:
    made = a_playlist(desk, held=held)
    for answer in (lambda: confirm_hold(ANN, "p-1", "r-held", desk.link_ports), lambda: _dismiss(desk)):
        with pytest.raises(Conflict):
            answer()
    assert (now_of(desk), desk.jobs.jobs) == (made, [])


def _dismiss(desk: Desk) -> Playlist:
    return dismiss_hold(ANN, "p-1", "r-held", desk.change_ports)


def test_a_hold_that_goes_while_it_is_answered_was_not_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    a_playlist(desk, held=HELD)
    monkeypatch.setattr(desk.playlists, "answer_hold", lambda *_, **__: False)
    with pytest.raises(Conflict):
        _dismiss(desk)


# --- links and names ---------------------------------------------------------------------------------------------


def candidates(desk: Desk) -> Any:
    return list_link_candidates(ANN, "p-1", desk.candidate_ports)


def link(desk: Desk, remote_id: str) -> Any:
    return link_playlist(ANN, "p-1", remote_id, desk.link_ports)


def remote_lists(desk: Desk) -> None:
    """One that is free, and one of each kind that is not."""
    other = a_playlist(desk, "p-2", remote_id="linked")
    fresh = a_playlist(desk, "p-3")
    desk.server.lists = {
        "free": HeldList(name="Old mix", marker="", songs=("s1", "s2")),
        "freed": HeldList(name="Another", marker="reprise:p-removed", songs=()),
        "linked": HeldList(name="Linked", marker=other.marker, songs=()),
        "made": HeldList(name="Made", marker=fresh.marker, songs=()),
        "smart": HeldList(name="Smart", marker="", songs=(), writable=False),
    }


def test_candidates_are_what_can_be_written_and_nobody_keeps(signed_in: Desk) -> None:
    a_playlist(signed_in)
    remote_lists(signed_in)
    found = candidates(signed_in)
    assert [row.remote_id for row in found.candidates] == ["freed", "free"]
    assert found.message == ""
    assert signed_in.tried == [("ann", "secret")]


def test_none_is_said_plainly(signed_in: Desk) -> None:
    a_playlist(signed_in)
    assert candidates(signed_in).message == NONE_FREE


def test_linking_switches_on_takes_the_name_and_syncs(signed_in: Desk) -> None:
    a_playlist(signed_in, enabled=False, due_at=None)
    remote_lists(signed_in)
    job = link(signed_in, "free")
    linked = now_of(signed_in)
    assert (linked.remote_id, linked.remote_name, linked.enabled) == ("free", "Old mix", True)
    assert signed_in.jobs.jobs == [job]
    again = link(signed_in, "free")
    assert events(signed_in) == ["playlist_linked"]
    assert signed_in.jobs.jobs == [job]
    assert again == job, "it waits still"


@pytest.mark.parametrize(
    ("remote_id", "refusal"), [("linked", Conflict), ("made", Conflict), ("smart", Conflict), ("gone", NotFound)]
)
def test_what_cannot_be_had_changes_nothing(signed_in: Desk, remote_id: str, refusal: type[Exception]) -> None:
    made = a_playlist(signed_in)
    remote_lists(signed_in)
    with pytest.raises(refusal):
        link(signed_in, remote_id)
    assert (now_of(signed_in), signed_in.jobs.jobs, events(signed_in)) == (made, [], [])


def test_while_a_sync_runs_nothing_is_linked_or_unlinked_and_the_server_is_not_asked(signed_in: Desk) -> None:
    made = a_playlist(signed_in, state=SyncState.SYNCING, lease_until=NOON + HOUR)
    remote_lists(signed_in)
    with pytest.raises(Conflict, match="is running"):
        link(signed_in, "free")
    with pytest.raises(Conflict, match="is running"):
        unlink_playlist(ANN, "p-1", signed_in.change_ports)
    assert (now_of(signed_in), signed_in.tried) == (made, [])


def test_a_run_that_begins_in_between_refuses_too(signed_in: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    a_playlist(signed_in)
    remote_lists(signed_in)
    monkeypatch.setattr(signed_in.playlists, "link", lambda *_, **__: False)
    monkeypatch.setattr(signed_in.playlists, "unlink", lambda *_, **__: False)
    with pytest.raises(Conflict):
        link(signed_in, "free")
    with pytest.raises(Conflict):
        unlink_playlist(ANN, "p-1", signed_in.change_ports)


def test_without_a_password_that_works_a_person_has_to_sign_in(signed_in: Desk) -> None:
    a_playlist(signed_in)
    signed_in.server.refuse = SyncFailure(FailureKind.AUTH_INVALID)
    with pytest.raises(Conflict, match="Sign in"):
        candidates(signed_in)
    signed_in.server.refuse = SyncFailure(FailureKind.UNREACHABLE)
    with pytest.raises(SyncFailure):
        candidates(signed_in)
    asked = len(signed_in.tried)

    before = Health(user_id=ANN, connection_id=MUSIC_SERVER)
    latched = replace(before, consecutive_failures=1, last_kind=FailureKind.AUTH_INVALID)
    signed_in.health.record_failure(before, latched)
    with pytest.raises(Conflict, match="Sign in"):
        candidates(signed_in)
    signed_in.health.reset(ANN, MUSIC_SERVER)
    signed_in.cipher.key_is_gone = True
    with pytest.raises(Conflict, match="Sign in"):
        candidates(signed_in)
    assert len(signed_in.tried) == asked, "asked again with a password known not to work"


def test_who_never_signed_in_has_no_candidates(desk: Desk) -> None:
    a_playlist(desk)
    with pytest.raises(Conflict, match="Sign in"):
        candidates(desk)


def test_the_server_is_not_asked_too_often(signed_in: Desk) -> None:
    a_playlist(signed_in)
    for _ in range(LOOKS.attempts):
        candidates(signed_in)
    with pytest.raises(TooManyAttempts):
        candidates(signed_in)
    with pytest.raises(TooManyAttempts):
        link(signed_in, "free")


def test_unlinked_it_is_off_and_another_generation(desk: Desk) -> None:
    a_playlist(desk, remote_id="remote-1", remote_name="Old")
    after = unlink_playlist(ANN, "p-1", desk.change_ports)
    assert (after.remote_id, after.remote_name, after.enabled, after.generation) == (None, None, False, 1)
    assert events(desk) == ["playlist_unlinked"]


def test_a_name_of_its_own_and_back(desk: Desk) -> None:
    a_playlist(desk)
    for name, target_name in (("  Evening ", "Evening"), ("Evening", "Evening"), (None, "Mix")):
        assert change_settings(ANN, "p-1", {"remote_name": name}, desk.change_ports).target_name == target_name
    assert events(desk) == ["playlist_renamed", "playlist_renamed"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 256, "a\nb"])
def test_a_name_that_cannot_be_used_changes_nothing(desk: Desk, name: str) -> None:
    made = a_playlist(desk)
    with pytest.raises(InvalidInput):
        change_settings(ANN, "p-1", {"remote_name": name}, desk.change_ports)
    assert now_of(desk) == made


# --- newer files, pages ------------------------------------------------------------------------------------------


def newer(desk: Desk, data: bytes) -> Playlist:
    return replace_file(ANN, "p-1", Upload(data=data), desk.upload_ports(LineReader(name="Another name")))


def test_a_newer_file_keeps_everything_but_the_content(desk: Desk) -> None:
    made = a_playlist(desk, remote_id="remote-1", due_at=NOON + HOUR)
    after = newer(desk, b"one\ntwo")
    assert after == replace(made, source=after.source, due_at=NOON, revision=1)
    content = desk.contents.load(ANN, after.source.locator)
    assert content is not None
    assert [track.title for track in content.tracks] == ["one", "two"]
    assert newer(desk, b"one\ntwo") == after
    assert events(desk) == ["source_replaced"]


def test_the_file_before_is_dropped_once_the_newer_one_stands(desk: Desk) -> None:
    a_playlist(desk)
    first = newer(desk, b"one").source.locator
    second = newer(desk, b"two").source.locator
    assert desk.contents.load(ANN, first) is None
    again = newer(desk, b"one").source.locator
    assert len({first, second, again}) == 3, "content that is saved meanwhile has another name than what is dropped"
    assert desk.contents.load(ANN, again) is not None


def test_the_same_file_once_more_brings_back_what_was_lost(desk: Desk) -> None:
    a_playlist(desk)
    after = newer(desk, b"one")
    desk.contents.forget(ANN, after.source.locator)
    assert newer(desk, b"one") == after
    assert desk.contents.load(ANN, after.source.locator) is not None


def test_a_newer_file_for_a_playlist_that_was_removed_meanwhile_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_playlist(desk)
    monkeypatch.setattr(desk.playlists, "change_source", lambda *_, **__: False)
    saved: list[str] = []
    save = desk.contents.save
    monkeypatch.setattr(desk.contents, "save", lambda *of, **at: saved.append(save(*of, **at)) or saved[-1])
    with pytest.raises(NotFound):
        newer(desk, b"one")
    assert [desk.contents.load(ANN, locator) for locator in saved] == [None]


def test_a_file_that_cannot_be_read_or_does_not_belong_changes_nothing(desk: Desk) -> None:
    made = a_playlist(desk)
    with pytest.raises(InvalidUpload):
        newer(desk, b"!")
    assert now_of(desk) == made
    by_url = a_playlist(desk, source=SourceRef(kind="web", locator="https://a", label="a"))
    with pytest.raises(Conflict):
        newer(desk, b"one")
    assert now_of(desk) == by_url


def test_files_are_not_sent_without_end(desk: Desk) -> None:
    a_playlist(desk)
    for _ in range(UPLOADS.attempts):
        newer(desk, b"one")
    with pytest.raises(TooManyAttempts):
        newer(desk, b"one")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_every_playlist_is_on_one_page(desk: Desk, limit: int) -> None:
    for number in range(7):
        a_playlist(desk, f"p-{number}", created_at=NOON + timedelta(milliseconds=number // 2))
    seen: list[str] = []
    cursor = None
    while True:
        page = list_playlists(ANN, desk.playlists, limit=limit, cursor=cursor)
        assert len(page.playlists) <= limit
        seen += [playlist.playlist_id for playlist in page.playlists]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == [f"p-{number}" for number in range(7)]


@pytest.mark.parametrize("cursor", ["", "x", "-p", "1-", "1-p/2", "9" * 99 + "-p", "１-p"])
def test_a_cursor_of_somebody_elses_making_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(BadCursor):
        list_playlists(ANN, desk.playlists, limit=1, cursor=cursor)


@pytest.mark.parametrize(
    "operation",
    [
        lambda desk: toggle_sync("u-bob", "p-1", desk.link_ports, enabled=False, delete_remote=True),
        lambda desk: request_undo("u-bob", "p-1", "r-held", desk.link_ports),
        lambda desk: confirm_hold("u-bob", "p-1", "r-held", desk.link_ports),
        lambda desk: dismiss_hold("u-bob", "p-1", "r-held", desk.change_ports),
        lambda desk: unlink_playlist("u-bob", "p-1", desk.change_ports),
        lambda desk: change_settings("u-bob", "p-1", {"remote_name": "x"}, desk.change_ports),
        lambda desk: link_playlist("u-bob", "p-1", "free", desk.link_ports),
    ],
)
def test_another_persons_playlist_is_not_there(desk: Desk, operation: Any) -> None:
    made = a_playlist(desk, held=HELD, remote_id="remote-1")
    with pytest.raises(NotFound):
        operation(desk)
    assert (now_of(desk), desk.jobs.jobs, events(desk)) == (made, [], [])
