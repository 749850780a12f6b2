"""Playlists as responses show them: with the threshold in force, which may be their owner's or the instance's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.parts import parts
from api.shapes.playlists import PlaylistResponse
from reprise.usecases.account.read_thresholds import read_thresholds

if TYPE_CHECKING:
    from reprise.domain.playlists import Playlist
    from reprise.domain.thresholds import Thresholds


def thresholds_of(user_id: str) -> Thresholds:
    return read_thresholds(user_id, parts().connections, instance=parts().instance_threshold)


def shown(playlist: Playlist) -> PlaylistResponse:
    return PlaylistResponse.of(playlist, parts().clock(), thresholds_of(playlist.user_id))
