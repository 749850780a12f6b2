"""How each track of a playlist was matched the last time (`S1x-43`)."""

from __future__ import annotations

from reprise.domain.matches import MatchReport
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import NotFound
from reprise.ports.contents import ReportStore
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist


def read_report(*, user_id: str, playlist_id: str, playlists: PlaylistStore, reports: ReportStore) -> MatchReport:
    """Raises `NotFound` when there is no such playlist, or no sync of it has got as far as matching."""
    return report_of(read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists), reports)


def report_of(playlist: Playlist, reports: ReportStore) -> MatchReport:
    """The playlist's newest report. Raises `NotFound` when there is none."""
    report = reports.load(playlist.user_id, playlist.playlist_id, playlist.report_id) if playlist.report_id else None
    if report is None:
        raise NotFound("This playlist has not been matched yet. Its first sync makes the report.")
    return report
