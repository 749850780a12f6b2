"""How each track of a playlist was matched the last time (`S1x-43`)."""

from __future__ import annotations

from reprise.domain.matches import MatchReport
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import NotFound
from reprise.ports.contents import ReportStore
from reprise.usecases.playlists.ports import ReportPorts
from reprise.usecases.playlists.read_playlist import read_playlist


def read_report(user_id: str, playlist_id: str, ports: ReportPorts) -> MatchReport:
    """Returns the newest report. Raises `NotFound` for no such playlist, and until a sync of it has matched it."""
    return report_of(read_playlist(user_id, playlist_id, ports.playlists), ports.reports)


def report_of(playlist: Playlist, reports: ReportStore) -> MatchReport:
    """Returns the playlist's newest report. Raises `NotFound` when there is none."""
    report = reports.load(playlist.user_id, playlist.playlist_id, playlist.report_id) if playlist.report_id else None
    if report is None:
        raise NotFound("This playlist has not been matched yet. Its first sync makes the report.")
    return report
