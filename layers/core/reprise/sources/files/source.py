"""The files source: a playlist is what was last uploaded, and changes only by another upload."""

from __future__ import annotations

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.playlists import SourcePlaylist, SourceRef
from reprise.sources.dependencies import SourceDependencies


class FilesSource:
    """`PlaylistSource` over stored uploads. `SourceRef.locator` is the content store's."""

    names_playlists = False

    def __init__(self, deps: SourceDependencies) -> None:
        self._contents = deps.contents

    def current_version(self, user_id: str, ref: SourceRef) -> str | None:
        """The version stored with the playlist: content is named by its digest, so it cannot have changed."""
        return ref.version

    def read(self, user_id: str, ref: SourceRef) -> SourcePlaylist:
        """Raises `SyncFailure` (not_found) when the content is gone from the store."""
        playlist = self._contents.load(user_id, ref.locator)
        if playlist is None:
            raise SyncFailure(FailureKind.NOT_FOUND, "The uploaded file is no longer stored.")
        return playlist
