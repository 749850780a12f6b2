"""Jobs from the queue, through the real handler and adapters, against a double of Navidrome."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from reprise.domain.connections import MUSIC_SERVER, SignInWay
from reprise.domain.failures import FailureKind
from reprise.domain.playlists import SyncState
from reprise_dev.doubles.cloud import Context
from reprise_dev.doubles.fake_navidrome import FakeNavidrome, Fault
from sync.app import handler
from tests.functions.sync.conftest import CONTEXT, PASSWORD, SONGS, SyncStage, job_body, jobs_event


def sync(cloud: SyncStage, user_id: str, *playlist_ids: str, reason: str = "manual") -> None:
    assert handler(jobs_event(job_body(user_id, *playlist_ids, reason=reason)), CONTEXT) == {"batchItemFailures": []}


def test_a_playlist_reaches_the_server_and_equals_its_report(cloud: SyncStage) -> None:
    ann = cloud.user()
    mix = cloud.playlist(ann, "Roads", "Not There At All", "Teardrop", "Roads")
    sync(cloud, ann, mix)
    playlist = cloud.read(ann, mix)
    assert playlist.state is SyncState.WARNING
    assert playlist.remote_id is not None
    assert playlist.report_id is not None
    report = cloud.reports.load(ann, mix, playlist.report_id)
    assert report is not None
    remote = cloud.server.playlist(playlist.remote_id)
    roads, teardrop = cloud.song_ids[SONGS.index("Roads")], cloud.song_ids[SONGS.index("Teardrop")]
    assert remote.song_ids == report.library_ids == (roads, teardrop, roads)
    assert remote.name == playlist.name
    assert playlist.marker in remote.comment
    (outcome,) = cloud.messages("OUTCOMES_QUEUE_URL")
    assert (outcome["connection"]["id"], "fault" in outcome) == ("navidrome", False)


def test_the_comment_names_what_is_missing_while_that_is_wanted(cloud: SyncStage) -> None:
    ann = cloud.user()
    mix = cloud.playlist(ann, "Roads", "Not There At All", "Teardrop", "Nor [This]")
    cloud.set_include_unmatched(ann, mix, include=True)
    sync(cloud, ann, mix, reason="schedule")
    playlist = cloud.read(ann, mix)
    told = "[Not in your library: Someone Real – Not There At All; Someone Real – Nor (This)]"
    assert playlist.remote_id is not None
    remote = cloud.server.playlist(playlist.remote_id)
    assert (remote.comment, remote.name) == (f"{playlist.marker} {told}", playlist.name)
    assert asked_by(cloud, ann, mix) == ["getScanStatus"]
    cloud.set_include_unmatched(ann, mix, include=False)
    assert asked_by(cloud, ann, mix) == ["getScanStatus", "getPlaylist", "updatePlaylist"]
    after = cloud.server.playlist(playlist.remote_id)
    assert (after.comment, after.song_ids) == (playlist.marker, remote.song_ids)
    assert len(cloud.read(ann, mix).history) == 1
    assert asked_by(cloud, ann, mix) == ["getScanStatus"]


def asked_by(cloud: SyncStage, user_id: str, playlist_id: str) -> list[str]:
    """What the next tick asks the music server."""
    before = len(cloud.server.requests)
    sync(cloud, user_id, playlist_id, reason="schedule")
    return [request.method for request in cloud.server.requests[before:]]


def test_a_threshold_of_ones_own_is_asked_of_the_next_match(cloud: SyncStage) -> None:
    ann = cloud.user()
    mix = cloud.playlist(ann, "Roads", "Teardrops")
    cloud.connections.set_match_threshold(ann, MUSIC_SERVER, 0.5)
    sync(cloud, ann, mix, reason="schedule")
    roads, teardrop = cloud.song_ids[SONGS.index("Roads")], cloud.song_ids[SONGS.index("Teardrop")]
    report = cloud.report(ann, mix)
    assert (report.library_ids, report.threshold) == ((roads, teardrop), 0.5)
    too_high = round(report.matches[1].confidence + 0.002, 3)
    cloud.connections.set_match_threshold(ann, MUSIC_SERVER, too_high)
    sync(cloud, ann, mix, reason="schedule")
    stricter = cloud.report(ann, mix)
    assert (stricter.library_ids, stricter.threshold) == ((roads,), too_high)
    remote_id = cloud.read(ann, mix).remote_id
    assert remote_id is not None
    assert cloud.server.playlist(remote_id).song_ids == (roads,)


def test_a_changed_password_latches_and_is_published_at_each_tick(cloud: SyncStage) -> None:
    ann = cloud.user(password="not-her-password-any-more")
    mix = cloud.playlist(ann, "Roads")
    before = len(cloud.server.requests)
    for _ in range(2):
        sync(cloud, ann, mix, reason="schedule")
    assert {outcome["fault"]["kind"] for outcome in cloud.messages("OUTCOMES_QUEUE_URL")} == {"auth_invalid"}
    first = len(cloud.server.requests) - before
    sync(cloud, ann, mix, reason="schedule")
    assert len(cloud.server.requests) - before == first
    assert cloud.health.get(ann, MUSIC_SERVER).latched
    assert cloud.read(ann, mix).state is SyncState.ERROR


@pytest.mark.parametrize("code", [10, 41, 42])
def test_no_job_shows_the_password_to_whoever_refuses_tokens(cloud: SyncStage, code: int) -> None:
    ann = cloud.user()
    mix = cloud.playlist(ann, "Roads")
    before = len(cloud.server.requests)
    cloud.server.fail_next(*[Fault.api(code, "Show me")] * 4)
    sync(cloud, ann, mix, reason="schedule")
    cloud.server.recover()
    assert cloud.read(ann, mix).state is SyncState.ERROR
    assert {request.sign_in for request in cloud.server.requests[before:]} == {"token"}


def test_a_job_signs_in_as_the_person_did_where_the_server_takes_no_tokens(cloud: SyncStage) -> None:
    ann = cloud.user()
    connection = cloud.connections.get(ann, MUSIC_SERVER)
    assert connection is not None
    cloud.connections.put(replace(connection, sign_in_way=SignInWay.PLAIN))
    mix = cloud.playlist(ann, "Roads")
    before = len(cloud.server.requests)
    sync(cloud, ann, mix)
    assert cloud.read(ann, mix).state is SyncState.SUCCESS
    assert {request.sign_in for request in cloud.server.requests[before:]} == {"plain"}


def test_the_address_that_was_the_servers_once_is_called_no_more(cloud: SyncStage) -> None:
    ann = cloud.user()
    mix = cloud.playlist(ann, "Roads")
    connection = cloud.connections.get(ann, MUSIC_SERVER)
    assert connection is not None
    with FakeNavidrome(users={connection.account_name: PASSWORD}) as old:
        cloud.connections.put(replace(connection, server_url=old.url))
        sync(cloud, ann, mix)
        assert old.requests == []
    assert cloud.read(ann, mix).state is SyncState.SUCCESS


def test_one_persons_failure_leaves_the_others_of_the_batch_alone(cloud: SyncStage) -> None:
    ann, bob = cloud.user(password="wrong"), cloud.user()
    hers, his = cloud.playlist(ann, "Roads"), cloud.playlist(bob, "Roads")
    answer = handler(jobs_event(job_body(ann, hers), job_body(bob, his)), CONTEXT)
    assert answer == {"batchItemFailures": []}
    assert cloud.read(ann, hers).state is SyncState.ERROR
    assert cloud.read(bob, his).state is SyncState.SUCCESS


@pytest.mark.parametrize("body", ["not json", "{}", '{"v": 99}', "[]", ""])
def test_a_message_that_is_no_job_goes_back_alone(cloud: SyncStage, body: str) -> None:
    bob = cloud.user()
    his = cloud.playlist(bob, "Roads")
    answer = handler(jobs_event(body, job_body(bob, his)), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
    assert cloud.read(bob, his).state is SyncState.SUCCESS


def test_the_server_down_is_retriable_and_says_so(cloud: SyncStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.targets.subsonic.client.time.sleep", lambda _: None, raising=False)
    ann = cloud.user()
    mix = cloud.playlist(ann, "Roads")
    cloud.server.fail_next(*[Fault.login_page()])
    sync(cloud, ann, mix)
    error = cloud.read(ann, mix).last_error
    assert error is not None
    assert error.kind is FailureKind.MISCONFIGURED


def test_short_of_time_the_rest_is_a_new_job(cloud: SyncStage) -> None:
    ann = cloud.user()
    mixes = [cloud.playlist(ann, "Roads") for _ in range(3)]
    handler(jobs_event(job_body(ann, *mixes)), Context("sync", remaining_ms=30_000))
    (rest,) = cloud.messages("SYNC_JOBS_QUEUE_URL")
    assert rest["playlist_ids"] == mixes[1:]


def test_the_password_is_in_no_log_line_message_or_event(cloud: SyncStage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ann = cloud.user()
    mix = cloud.playlist(ann, "Roads", "Nothing")
    sync(cloud, ann, mix)
    seen = caplog.text + repr(cloud.bodies("OUTCOMES_QUEUE_URL"))
    seen += repr(cloud.events.of_playlist(ann, mix, limit=50, cursor=None))
    assert PASSWORD not in seen
    assert PASSWORD.encode().hex() not in seen
