"""What a person does with playlists through the API."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.events import EventType
from reprise.domain.jobs import PLAYLISTS_PER_JOB, Reason
from reprise.domain.matches import Match, MatchReport, Method
from reprise.domain.playlists import Playlist, SyncState
from reprise.domain.refusals import Conflict, InvalidInput, NotFound
from reprise.domain.tracks import SourceTrack
from reprise.ports.clock import NewId
from reprise.ports.queues import QueueRefused
from reprise.ports.sources import InvalidUpload
from reprise.usecases.playlists.change_settings import change_settings
from reprise.usecases.playlists.import_playlist import Upload, import_playlist
from reprise.usecases.playlists.list_events import list_events
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.read_report import read_report
from reprise.usecases.playlists.remove_playlist import remove_playlist
from reprise.usecases.playlists.request_sync import request_sync, request_sync_of_all

from .conftest import NOON, Desk, LineReader

HOUR = timedelta(hours=1)


def take_in(
    desk: Desk,
    upload: Upload | None = None,
    *,
    user_id: str = "u-ann",
    file_name: str = "",
    new_playlist_id: NewId | None = None,
) -> Playlist:
    ports = desk.upload_ports(LineReader(name=file_name), new_playlist_id)
    return import_playlist(user_id, upload or Upload(data=b"one\ntwo\none", filename="mix.txt"), ports)


def event_types(desk: Desk, playlist: Playlist) -> list[EventType]:
    page = desk.events.of_playlist(playlist.user_id, playlist.playlist_id, limit=100, cursor=None)
    return [event.event_type for event in page.items]


def switch(desk: Desk, playlist: Playlist, *, enabled: bool) -> Playlist:
    return change_settings(playlist.user_id, playlist.playlist_id, {"enabled": enabled}, desk.change_ports)


def test_an_import_is_stored_due_and_in_the_audit_trail(desk: Desk) -> None:
    made = take_in(desk)

    assert desk.playlists.get("u-ann", made.playlist_id) == made
    assert (made.state, made.enabled, made.due_at, made.counts.total) == (SyncState.PENDING, True, NOON, 3)
    content = desk.contents.load("u-ann", made.source.locator)
    assert content is not None
    assert [track.title for track in content.tracks] == ["one", "two", "one"]
    assert list(desk.playlists.due(NOON)) == [("u-ann", made.playlist_id)]
    (event,) = desk.events.of_playlist("u-ann", made.playlist_id, limit=10, cursor=None).items
    assert event.event_type is EventType.PLAYLIST_IMPORTED
    assert event.metadata == {"tracks": 3, "format": "lines"}
    assert event.message == "Imported 3 tracks from a file (lines)."


@pytest.mark.parametrize(
    ("wish", "in_file", "filename", "expected"),
    [
        ("Wished", "In file", "mix.txt", "Wished"),
        ("  ", "In file", "mix.txt", "In file"),
        ("", "", "mix.txt", "mix"),
        ("", " ", "C:\\Users\\ann\\Road trip.m3u8", "Road trip"),
        ("", "", "/home/ann/über.txt", "über"),
        ("", "", "", "Imported playlist"),
        ("", "", "/", "Imported playlist"),
        ("👩‍👩‍👧 Müller’s ニューエイジ", "", "", "👩‍👩‍👧 Müller’s ニューエイジ"),
    ],
)
def test_the_name_is_the_wish_or_the_files_own_or_the_files(
    desk: Desk, wish: str, in_file: str, filename: str, expected: str
) -> None:
    assert take_in(desk, Upload(data=b"one", filename=filename, name=wish), file_name=in_file).name == expected


@pytest.mark.parametrize(
    ("upload", "in_file", "refusal"),
    [
        (Upload(data=b"!"), "", InvalidUpload),
        (Upload(data=b"one", name="x" * 256), "", InvalidInput),
        (Upload(data=b"one", name="a\nb"), "", InvalidInput),
        (Upload(data=b"one", name="a\ud800b"), "", InvalidInput),
        (Upload(data=b"one"), "x" * 256, InvalidInput),
    ],
)
def test_nothing_is_stored_of_what_cannot_be_used(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, upload: Upload, in_file: str, refusal: type[Exception]
) -> None:
    def must_not_be_called(*_: object) -> str:
        raise AssertionError("something was stored")

    monkeypatch.setattr(desk.contents, "save", must_not_be_called)
    monkeypatch.setattr(desk.playlists, "add", must_not_be_called)
    with pytest.raises(refusal):
        take_in(desk, upload, file_name=in_file)


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_the_playlist_gets_a_name_or_a_refusal(filename: str) -> None:
    desk = Desk()
    with suppress(InvalidInput):
        assert 0 < len(take_in(desk, Upload(data=b"one", filename=filename)).name) <= 255
    assert all(0 < len(each.name) <= 255 for each in desk.playlists.of_user("u-ann"))


def test_another_persons_playlist_is_not_there(desk: Desk) -> None:
    made = take_in(desk)
    stranger = ("u-bob", made.playlist_id)
    with pytest.raises(NotFound):
        read_playlist(*stranger, desk.playlists)
    with pytest.raises(NotFound):
        remove_playlist(*stranger, desk.removal_ports)
    assert desk.files.forgotten == []
    with pytest.raises(NotFound):
        change_settings(*stranger, {"enabled": False}, desk.change_ports)
    with pytest.raises(NotFound):
        request_sync(*stranger, desk.link_ports)
    with pytest.raises(NotFound):
        read_report(*stranger, desk.report_ports)
    with pytest.raises(NotFound):
        list_events(*stranger, desk.trail_ports, limit=10, cursor=None)
    assert desk.playlists.get("u-ann", made.playlist_id) == made
    assert desk.jobs.jobs == []


def test_the_same_import_again_is_the_same_playlist_and_another_file_is_refused(desk: Desk) -> None:
    made = take_in(desk, new_playlist_id=lambda: "same")
    switch(desk, made, enabled=False)
    assert take_in(desk, new_playlist_id=lambda: "same") == replace(made, enabled=False, due_at=None, revision=1)
    with pytest.raises(Conflict):
        take_in(desk, Upload(data=b"another"), new_playlist_id=lambda: "same")
    assert len(desk.playlists.of_user("u-ann")) == 1
    assert event_types(desk, made).count(EventType.PLAYLIST_IMPORTED) == 1


@pytest.mark.parametrize("playlist_id", ["", "x" * 65, "p/1", "p 1", "p\n", "p-☃", "p-\ud800", "../p"])
def test_what_can_be_no_id_is_not_even_looked_up(desk: Desk, monkeypatch: pytest.MonkeyPatch, playlist_id: str) -> None:
    asked: list[str] = []
    monkeypatch.setattr(desk.playlists, "get", lambda _user, asked_for: asked.append(asked_for))
    with pytest.raises(NotFound):
        read_playlist("u-ann", playlist_id, desk.playlists)
    assert asked == []


def test_disabled_is_never_due_and_enabled_is_due_at_once(desk: Desk) -> None:
    made = take_in(desk)

    assert switch(desk, made, enabled=False).due_at is None
    assert list(desk.playlists.due(NOON + 100 * HOUR)) == []

    desk.later(HOUR)
    assert switch(desk, made, enabled=True).due_at == NOON + HOUR
    assert list(desk.playlists.due(desk.now)) == [("u-ann", made.playlist_id)]
    assert event_types(desk, made) == [
        EventType.PLAYLIST_ENABLED,
        EventType.PLAYLIST_DISABLED,
        EventType.PLAYLIST_IMPORTED,
    ]


def test_switching_to_what_is_so_already_changes_nothing(desk: Desk) -> None:
    made = take_in(desk)
    desk.later(HOUR)
    assert switch(desk, made, enabled=True) == made
    assert event_types(desk, made) == [EventType.PLAYLIST_IMPORTED]


def test_removing_forgets_the_playlist_and_keeps_its_trail(desk: Desk) -> None:
    made = take_in(desk)
    remove_playlist("u-ann", made.playlist_id, desk.removal_ports)
    assert desk.files.forgotten == [f"u-ann/{made.playlist_id}"]
    assert desk.playlists.get("u-ann", made.playlist_id) is None
    assert event_types(desk, made)[0] is EventType.PLAYLIST_REMOVED
    with pytest.raises(NotFound):
        remove_playlist("u-ann", made.playlist_id, desk.removal_ports)


def test_a_playlist_that_goes_in_between_was_not_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = take_in(desk)
    monkeypatch.setattr(desk.playlists, "change", lambda *_, **__: False)
    monkeypatch.setattr(desk.playlists, "remove", lambda *_, **__: False)
    with pytest.raises(NotFound):
        switch(desk, made, enabled=False)
    with pytest.raises(NotFound):
        remove_playlist("u-ann", made.playlist_id, desk.removal_ports)


def test_a_sync_by_hand_queues_one_job_also_when_switched_off(desk: Desk) -> None:
    made = take_in(desk)
    switch(desk, made, enabled=False)
    job = request_sync("u-ann", made.playlist_id, desk.link_ports)
    assert desk.jobs.jobs == [job]
    assert (job.user_id, job.playlist_ids, job.reason) == ("u-ann", (made.playlist_id,), Reason.MANUAL)


def sync_all(desk: Desk) -> tuple[str, ...]:
    jobs = request_sync_of_all("u-ann", desk.link_ports)
    return tuple(playlist_id for job in jobs for playlist_id in job.playlist_ids)


def test_syncing_all_takes_every_enabled_playlist_of_that_person_once(desk: Desk) -> None:
    assert sync_all(desk) == ()
    mine = [take_in(desk) for _ in range(PLAYLISTS_PER_JOB + 5)]
    take_in(desk, user_id="u-bob")
    switch(desk, mine[3], enabled=False)

    asked = sync_all(desk)

    assert sorted(asked) == sorted(each.playlist_id for each in mine if each is not mine[3])
    assert len(desk.jobs.jobs) == 2
    assert len({job.job_id for job in desk.jobs.jobs}) == 2


def test_a_queue_that_refuses_is_not_kept_quiet(desk: Desk) -> None:
    take_in(desk)
    desk.jobs.refusing = True
    with pytest.raises(QueueRefused):
        sync_all(desk)


def test_a_report_is_there_once_a_sync_has_made_it(desk: Desk) -> None:
    made = take_in(desk)
    reading = ("u-ann", made.playlist_id, desk.report_ports)
    with pytest.raises(NotFound, match="not been matched yet"):
        read_report(*reading)

    match = Match(
        source=SourceTrack(title="one"), method=Method.EXACT, library_id="s-1", confidence=1.0, reason="Same title."
    )
    report = MatchReport(
        playlist_id=made.playlist_id,
        report_id="r-1",
        created_at=NOON,
        library_version="l",
        policy_version="p",
        matches=(match,),
    )
    desk.reports.save("u-ann", report)
    desk.playlists.place(replace(made, report_id="r-1"))
    assert read_report(*reading) == report

    desk.playlists.place(replace(made, report_id="r-gone"))
    with pytest.raises(NotFound):
        read_report(*reading)


def test_events_come_newest_first_and_in_pages(desk: Desk) -> None:
    made = take_in(desk)
    for turn in range(4):
        desk.later(HOUR)
        switch(desk, made, enabled=turn % 2 == 1)
        made = replace(made, enabled=turn % 2 == 1)

    seen, cursor = [], None
    while True:
        page = list_events("u-ann", made.playlist_id, desk.trail_ports, limit=2, cursor=cursor)
        assert len(page.items) <= 2
        seen += [event.occurred_at for event in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == [NOON + turn * HOUR for turn in (4, 3, 2, 1, 0)]
