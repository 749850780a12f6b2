"""Playlists as imports and syncs leave them, for the tests of the routes that show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from api.parts import parts
from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.matches import Candidate, Match, MatchReport, Method
from reprise.domain.playlists import (
    Counts,
    Fingerprint,
    HeldBack,
    HoldReason,
    LastError,
    Playlist,
    Snapshot,
    SyncState,
)
from reprise.domain.previews import Change, Preview, PreviewStep, Step
from reprise.domain.tracks import LibraryTrack, SourceTrack
from reprise.matching.index import LibraryIndex, build_index
from reprise.ports.contents import LibraryHead
from reprise.ports.playlists import RunEnd

from .conftest import PASSWORD, SERVER_URL, Client

PLAYLISTS = "/api/v1/playlists"
M3U = (
    b"#EXTM3U\n#PLAYLIST:Evening\n"
    b"#EXTINF:201,Nina Simone - Sinnerman\nsinnerman.flac\n#EXTINF:-1,Air - La femme d'argent\nx.mp3\n"
)
RUN = "run-1"


def take_in(client: Client, data: bytes = M3U, **query: str) -> dict[str, Any]:  # Any: a JSON document
    answer = client("POST", PLAYLISTS, body=data, query=query)
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def begin(client: Client, playlist_id: str, *, lease: timedelta = timedelta(minutes=10)) -> Playlist:
    """A sync begins; a negative lease is one that was cut off."""
    now = datetime.now(UTC)
    playlist = parts().playlists.get(client.user_id, playlist_id)
    assert playlist is not None
    event = _event(playlist, EventType.SYNC_STARTED)
    assert parts().playlists.begin(playlist, run_id=RUN, lease_until=now + lease, now=now, event=event)
    return playlist


def end(
    client: Client,
    playlist_id: str,
    state: SyncState,
    error: LastError | None = None,
    *,
    held: HeldBack | None = None,
    history: tuple[Snapshot, ...] | None = None,
    job_id: str = "manual-1",
) -> MatchReport | None:
    """A sync ends; one that got as far as matching leaves a report."""
    playlist = begin(client, playlist_id)
    now = datetime.now(UTC)
    report = None
    if state is not SyncState.ERROR:
        report = report_of(playlist_id, now)
        parts().reports.save(client.user_id, report)
    run = RunEnd(
        state=state,
        due_at=now,
        job_id=job_id,
        ended_at=now,
        last_error=error,
        counts=report.counts if report else None,
        report_id=report.report_id if report else None,
        held=held,
        history=history,
    )
    event = _event(playlist, EventType.SYNC_COMPLETED if report else EventType.SYNC_FAILED)
    assert parts().playlists.finish(client.user_id, playlist_id, run_id=RUN, end=run, event=event)
    return report


def held_back(report_id: str = "r-held") -> HeldBack:
    """The valve has something to ask."""
    return HeldBack(
        reason=HoldReason.SOURCE_SHRANK,
        sentence="The playlist shrank at its source from 12 tracks to 3.",
        report_id=report_id,
        since=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
        fingerprint=Fingerprint(source="s", library="l", policy="p", overrides="o", name="Evening"),
    )


def snapshot(report_id: str) -> Snapshot:
    return Snapshot(report_id=report_id, written_at=datetime(2026, 11, 19, 10, 0, tzinfo=UTC), songs=7)


def previewed(client: Client, playlist_id: str, job_id: str = "manual-9") -> Preview:
    """A job found out what a sync would change."""
    preview = Preview(
        job_id=job_id,
        created_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
        counts=Counts(total=2, matched=2, by_method={"isrc": 2}),
        threshold=0.9,
        kept=1,
        steps=(
            PreviewStep(
                step=Step(change=Change.ADDED, library_id="song-1", before=None, after=0),
                title="Sinnerman",
                artist="Nina Simone",
                why="Same ISRC.",
            ),
        ),
    )
    parts().previews.save(client.user_id, playlist_id, preview)
    return preview


def connect(client: Client, password: str = PASSWORD) -> None:
    """The person signed in once: their password is kept, encrypted."""
    parts().connections.put(
        Connection(
            user_id=client.user_id,
            connection_id=MUSIC_SERVER,
            provider=MUSIC_SERVER,
            account_name=client.username,
            display_name="Navidrome",
            server_url=SERVER_URL,
            ciphertext=parts().cipher.encrypt(password, user_id=client.user_id, connection_id=MUSIC_SERVER),
            authorised_at=datetime.now(UTC),
        )
    )


@cache
def library() -> LibraryIndex:
    return build_index(
        [
            LibraryTrack(id="song-1", title="Sinnerman", artist="Nina Simone", album="Pastel Blues", year=1965),
            LibraryTrack(id="song-2", title="La femme d'argent", artist="Air", album="Moon Safari"),
        ]
    )


def read_library(client: Client) -> None:
    """A sync has read the library."""
    index = library()
    head = LibraryHead(version=index.version, stamp="s", song_count=2, checked_at=datetime.now(UTC))
    parts().indexes.save(client.user_id, SERVER_URL, head, index.encode())


def report_of(playlist_id: str, now: datetime) -> MatchReport:
    """One track found by its ISRC, one not found but for a near miss."""
    found = Match(
        source=SourceTrack(title="Sinnerman", artist="Nina Simone", isrc="USPR36500001", duration_ms=620_000),
        method=Method.ISRC,
        library_id="song-1",
        confidence=1.0,
        reason="Same ISRC.",
    )
    near = Candidate(
        library_id="song-2", title="La femme", artist="Air", album="", confidence=0.4, reasons=("same artist",)
    )
    missing = Match(
        source=SourceTrack(title="La femme d'argent", artist="Air"),
        method=Method.NONE,
        library_id=None,
        confidence=0.0,
        reason="Nothing is near enough.",
        candidates=(near,),
    )
    return MatchReport(
        playlist_id=playlist_id,
        report_id="r-1",
        created_at=now,
        library_version="l-1",
        policy_version="p-1",
        matches=(found, missing),
        threshold=0.85,
    )


def _event(playlist: Playlist, event_type: EventType) -> AuditEvent:
    return AuditEvent(
        event_id=parts().new_id(),
        user_id=playlist.user_id,
        playlist_id=playlist.playlist_id,
        event_type=event_type,
        provider="navidrome",
        message="Synced.",
        occurred_at=datetime.now(UTC),
        metadata={"matched": 1, "rate": 0.5, "written": True, "state": "warning"},
    )
