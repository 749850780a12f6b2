"""The tracks of a playlist that are not in the library."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.matches import Match
from reprise.ports.contents import ReportStore
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.read_report import report_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """In the playlist's order. `name` is the playlist's."""

    name: str
    matches: tuple[Match, ...]


def list_missing(*, user_id: str, playlist_id: str, playlists: PlaylistStore, reports: ReportStore) -> Missing:
    """As the last sync found it. Raises `NotFound` when there is no such playlist, or it was not matched yet."""
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    report = report_of(playlist, reports)
    return Missing(name=playlist.name, matches=tuple(match for match in report.matches if match.library_id is None))
