"""Change settings of a playlist: any number of them at once, all or nothing (`S1-26`, `S1-29`, `S1x-11`)."""

from __future__ import annotations

from reprise.domain.playlists import Playlist
from reprise.domain.refusals import NotFound
from reprise.domain.settings import SettingsChange, check_settings, differences, settings_events, with_settings
from reprise.usecases.playlists.ports import ChangePorts
from reprise.usecases.playlists.read_playlist import read_playlist


def change_settings(user_id: str, playlist_id: str, change: SettingsChange, ports: ChangePorts) -> Playlist:
    """Returns the playlist afterwards. The next sync does what the settings say; the list stays as it is until then.

    Each setting that changes leaves an event; one that is so already leaves none. Raises `InvalidInput` for a value
    that cannot be used, and `NotFound`; then nothing was changed.
    """
    wanted = check_settings(change)
    return apply_settings(read_playlist(user_id, playlist_id, ports.playlists), wanted, ports)


def apply_settings(playlist: Playlist, wanted: SettingsChange, ports: ChangePorts) -> Playlist:
    """Does the same for a playlist that was read and a change that was checked. Raises `NotFound` if it has gone."""
    change = differences(playlist, wanted)
    if not change:
        return playlist
    now = ports.clock()
    events = settings_events(playlist, change, new_id=ports.new_id, occurred_at=now)
    if not ports.playlists.change(playlist.user_id, playlist.playlist_id, change, events):
        raise NotFound("There is no such playlist.")
    return with_settings(playlist, change, now)
