"""What a person may set on a playlist. One table says what each setting may be, and what its audit event says.

A setting has one name everywhere: in the API, on `Playlist`, in the stored item and in its audit event.
A new one is a field of `Playlist`, a line of `SettingsChange`, a row of `SETTINGS` and an attribute of the stored item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict, cast  # Any: the values of settings are of several types

from reprise.domain.events import AuditEvent, EventType, playlist_event
from reprise.domain.playlists import NAME_MAX, Playlist
from reprise.domain.short_texts import check_text
from reprise.domain.thresholds import check_threshold


class SettingsChange(TypedDict, total=False):
    """Which settings of a playlist change, and to what. None takes a value back; what is left out stays as it is."""

    enabled: bool
    remote_name: str | None
    match_threshold: float | None
    include_unmatched_tracks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A row of the table.

    The audit event says `unset_sentence` for None and False, and `sentence` for every other value, for which `{value}`
    stands. `check` takes the setting's name and a value; it returns the value as it is kept, or raises
    `InvalidInput`. An event of another type than `SETTINGS_CHANGED` names neither setting nor value.
    """

    sentence: str
    unset_sentence: str
    check: Callable[[str, Any], Any] = lambda _, value: value
    event_type: EventType = EventType.SETTINGS_CHANGED
    unset_event_type: EventType = EventType.SETTINGS_CHANGED


def _check_name(field: str, name: str | None) -> str | None:
    return None if name is None else check_text(field, name.strip(), max_chars=NAME_MAX)


SETTINGS: Mapping[str, Setting] = {
    "enabled": Setting(
        sentence="Switched on.",
        event_type=EventType.PLAYLIST_ENABLED,
        unset_sentence="Switched off; the list on the music server stays as it is.",
        unset_event_type=EventType.PLAYLIST_DISABLED,
    ),
    "remote_name": Setting(
        check=_check_name,
        sentence="The list on the music server gets a name of its own at the next sync.",
        event_type=EventType.PLAYLIST_RENAMED,
        unset_sentence="The list on the music server is called as the playlist from the next sync on.",
        unset_event_type=EventType.PLAYLIST_RENAMED,
    ),
    "match_threshold": Setting(
        check=check_threshold,
        sentence="From the next sync on, a match needs a confidence of {value} or more.",
        unset_sentence="The playlist has no threshold of its own any more.",
    ),
    "include_unmatched_tracks": Setting(
        sentence="From the next sync on, the list's comment names what is not in your library.",
        unset_sentence="From the next sync on, the list's comment does not name what is not in your library.",
    ),
}


def check_settings(change: SettingsChange) -> SettingsChange:
    """Returns the change with its values as they are kept. Raises `InvalidInput` for the first that cannot be used."""
    return cast("SettingsChange", {name: SETTINGS[name].check(name, value) for name, value in change.items()})


def differences(playlist: Playlist, change: SettingsChange) -> SettingsChange:
    """Returns the part of the change that says something else than the playlist does, in the order of the table."""
    wanted: Mapping[str, object] = change
    differing = {name: wanted[name] for name in SETTINGS if name in wanted and wanted[name] != getattr(playlist, name)}
    return cast("SettingsChange", differing)


def with_settings(playlist: Playlist, change: SettingsChange, at: datetime) -> Playlist:
    """Returns the playlist after the change. One that is switched on is due at once, at `at`."""
    due_at = playlist.due_at
    if "enabled" in change:
        due_at = at if change["enabled"] else None
    return replace(playlist, **change, due_at=due_at, revision=playlist.revision + 1)


def settings_events(
    playlist: Playlist, change: SettingsChange, *, new_id: Callable[[], str], occurred_at: datetime
) -> tuple[AuditEvent, ...]:
    """Returns one audit event for each setting of the change."""
    return tuple(_event(playlist, name, value, new_id(), occurred_at) for name, value in change.items())


def _event(playlist: Playlist, name: str, value: Any, event_id: str, occurred_at: datetime) -> AuditEvent:
    setting = SETTINGS[name]
    unset = value is None or value is False
    event_type = setting.unset_event_type if unset else setting.event_type
    message = setting.unset_sentence if unset else setting.sentence.format(value=value)
    named = event_type is EventType.SETTINGS_CHANGED
    metadata = {"setting": name, "value": "" if value is None else value} if named else {}
    return playlist_event(playlist, event_type, message, event_id=event_id, occurred_at=occurred_at, **metadata)
