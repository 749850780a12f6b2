"""What is stored of a playlist and of an event: DynamoDB bills each kilobyte begun, and twice within a transaction."""

from __future__ import annotations

from reprise_dev.doubles.sync_cloud import sync_cloud
from reprise_dev.measuring.call_counts import stored_items


def test_what_every_tick_writes_stays_cheap_to_write() -> None:
    with sync_cloud() as cloud:
        stored = stored_items(cloud)
    assert 1024 < stored.playlist <= 2048, "ten lists of history make the second kilobyte"
    assert stored.event <= 1024
