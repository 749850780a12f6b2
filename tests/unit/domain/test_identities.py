"""Ids and digests that are stored or sent: another version of the code must come to the same ones.

A change of any of these orphans what is stored under them: the people, their rows, their choices.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reprise.domain.accounts import user_id_of
from reprise.domain.cooldowns import Incident, Window, incident_id, thread_id, window_key
from reprise.domain.deliveries import DeliveryResult, delivery_of
from reprise.domain.ids import ulid
from reprise.domain.jobs import jobs_for_tick
from reprise.domain.matches import Override, overrides_version
from reprise.domain.tracks import SourceTrack
from reprise_dev.samples.notices import T0, failed

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_a_persons_id() -> None:
    assert user_id_of("https://music.example.org", "ann") == "u-20a9a1b5314f28a42a3c405d"


def test_a_ticks_job_id() -> None:
    (job,) = jobs_for_tick([("u-ann", "p1"), ("u-ann", "p2")], tick=NOON)
    assert job.job_id == "tick-b27bbdda1c612610b8f5f3f0"


def test_a_time_and_ten_bytes_make_one_ulid() -> None:
    assert ulid(NOON, bytes(range(10))) == "01M8H0DJG0000G40R40M30E209"
    assert ulid(datetime.fromtimestamp(0, UTC), bytes(10)) == "0" * 26
    with pytest.raises(ValueError, match="10 random bytes"):
        ulid(NOON, bytes(9))


def test_the_id_of_a_delivery() -> None:
    assert delivery_of(failed("f1"), DeliveryResult.SENT, now=T0).delivery_id == "01M7WMDM8A9KKYB6EX0P3M6PG1"


def test_the_ids_of_a_windows_emails() -> None:
    incident = Incident(opened_at=T0, cause="connection", first_failure_at=T0)
    window = Window(user_id="u-ann", window_key=window_key("navidrome"), incident=incident)
    assert incident_id(window) == "14d50164ce4effe0e847ec4ae4c836d7"
    assert thread_id(window) == "5cc980a4afac855be907ebf25e060f23"


def test_the_version_of_a_persons_choices() -> None:
    chosen = Override(track_key="isrc:X", chosen="s1")
    never = Override(track_key="isrc:Y", chosen=None, never=frozenset({"s2", "s3"}))
    assert overrides_version([chosen, never]) == overrides_version([never, chosen]) == "812375685fd0e86f"
    assert overrides_version([]) == "none"


@pytest.mark.parametrize(
    ("track", "key"),
    [
        (SourceTrack(title="Army  of ME", artist="Bjo\u0308rk", album="Post"), "text:c50f60bb03172715dcdc5c8ef4a155b5"),
        (SourceTrack(title="army of me", artist="Bj\xf6rk", album=" post"), "text:c50f60bb03172715dcdc5c8ef4a155b5"),
        (SourceTrack(title="a", artist="b", uri="x:" + "y" * 200), "uri-sha256:8bb4b3d130228001ad497734dec5118f"),
    ],
)
def test_the_key_of_a_track(track: SourceTrack, key: str) -> None:
    assert track.key == key
