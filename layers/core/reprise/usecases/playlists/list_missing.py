"""The tracks of a playlist that are not in the library."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.matches import Match
from reprise.usecases.playlists.ports import ReportPorts
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.read_report import report_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """In the playlist's order. `name` is the playlist's."""

    name: str
    matches: tuple[Match, ...]


def list_missing(user_id: str, playlist_id: str, ports: ReportPorts) -> Missing:
    """Returns what the last sync did not find. Raises `NotFound` for no such playlist, and one not matched yet."""
    playlist = read_playlist(user_id, playlist_id, ports.playlists)
    report = report_of(playlist, ports.reports)
    return Missing(name=playlist.name, matches=tuple(match for match in report.matches if match.library_id is None))
