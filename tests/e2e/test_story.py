"""The main job and its failure, on the stack as it is deployed: what the music server holds, and who is written to."""

from __future__ import annotations

import json
from datetime import timedelta

from reprise_dev.local.api_client import ApiClient
from reprise_dev.local.readback import differences
from reprise_dev.local.stage import INTERVAL
from reprise_dev.local.story import Findings
from reprise_dev.local.walkthrough import Told
from reprise_dev.local.world import EMAIL_ADDRESS, Schedule, World, dead_letters, deliveries
from reprise_dev.samples.playlists import sample_files

from .kept import rows
from .queues import wait_until_done


def test_everything_that_was_to_be_seen_was_seen(told: Told, findings: Findings) -> None:
    assert findings.unseen == []
    assert len(told.rows) == len(sample_files())


def test_each_playlist_on_the_server_is_what_its_report_says(world: World, told: Told, api: ApiClient) -> None:
    reader = told.account.reader()
    names = reader.playlists()
    compared = 0
    for row in told.rows:
        reported = [track["library_id"] for track in api.match_report(row.playlist_id) if track["library_id"]]
        assert len(reported) == sum(row.matched.values())
        if row.remote_id is not None:
            assert names[row.remote_id] == row.name
            assert differences(reported, reader.songs(row.remote_id)) == []
            compared += len(reported)
    assert compared > 200


def test_a_song_on_the_server_is_the_one_a_person_would_have_picked(told: Told, api: ApiClient) -> None:
    reader = told.account.reader()
    found, wrong = 0, []
    for row, sample in zip(told.rows, sample_files(), strict=True):
        songs = iter(reader.songs(row.remote_id)) if row.remote_id else iter(())
        for track, right in zip(api.match_report(row.playlist_id), sample.expected, strict=True):
            if track["library_id"] is not None:
                song = next(songs)
                found += 1
                if right is None or (song.title, song.artist) != (right.title, right.artist):
                    wrong.append((row.name, track["source"]["title"], song.title, song.artist))
    # How good matching is, is measured elsewhere; here it is enough that nothing is shifted or mixed up on the way.
    assert len(wrong) < found / 100, wrong


def test_a_playlist_of_which_nothing_is_there_makes_no_empty_list(told: Told) -> None:
    (nothing,) = [row for row in told.rows if not row.matched]

    assert nothing.state == "warning"
    assert nothing.remote_id is None
    assert nothing.name not in told.account.reader().playlists().values()


def test_the_one_email_is_one_that_helps(world: World, told: Told) -> None:
    (mail,) = told.mails

    assert mail.recipients == (EMAIL_ADDRESS,)
    assert mail.subject.startswith("[Reprise] ")
    assert mail.subject.endswith(" sync error — action required")
    assert f"{world.address}/reconnect/navidrome" in mail.text
    assert "no other email" in mail.text
    assert told.rows[0].name in mail.text
    assert mail.html
    assert mail.message["Auto-Submitted"] == "auto-generated"


def test_every_outcome_is_on_record(world: World, told: Told) -> None:
    results = [row["result"] for row in deliveries(world.stack) if row["owner"] == told.user_id]

    assert results.count("sent") == 1
    assert results.count("cooling") == 1
    assert "cleared" in results


def test_nothing_was_set_aside(world: World, told: Told) -> None:
    assert dead_letters(world.stack) == {"TicksDeadLetters": 0, "SyncJobsDeadLetters": 0, "OutcomesDeadLetters": 0}


def test_a_tick_without_change_looks_at_everything_and_writes_nothing(world: World, told: Told, api: ApiClient) -> None:
    looked_at, before = api.call("GET", "/me")["looked_at"], _written(world, told, api)

    Schedule(world.stack, INTERVAL, after=timedelta(days=1)).tick()
    for queue in ("SyncJobsQueue", "OutcomesQueue"):
        wait_until_done(world, queue)

    assert api.call("GET", "/me")["looked_at"] > looked_at
    assert _written(world, told, api) == before
    assert len([mail for mail in world.relay.mails if mail.recipients == (EMAIL_ADDRESS,)]) == len(told.mails)


def _written(world: World, told: Told, api: ApiClient) -> tuple[object, ...]:
    """All that a sync writes: playlists with their audit trail, and the lists on the music server."""
    kept = [row for row in rows(world, "PlaylistsTable") if row["user_id"] == {"S": told.user_id}]
    reader = told.account.reader()
    lists = {remote_id: (name, reader.songs(remote_id)) for remote_id, name in reader.playlists().items()}
    assert len(kept) == len(told.rows)
    return sorted(map(str, kept)), [api.events(row.playlist_id) for row in told.rows], lists


def test_the_summary_has_the_promised_shape(told: Told) -> None:
    summary = json.loads(told.summary())

    assert set(summary) == {"playlists", "emails"}
    assert set(summary["playlists"][0]) == {"name", "source", "tracks", "matched", "unmatched", "state", "seconds"}
    for each in summary["playlists"]:
        assert sum(each["matched"].values()) + each["unmatched"] == each["tracks"]
    assert summary["emails"] == [{"to": EMAIL_ADDRESS, "subject": told.mails[0].subject}]
