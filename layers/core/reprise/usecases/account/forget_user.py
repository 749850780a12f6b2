"""Delete what is kept of a person, at their own word.

    credential ─▶ playlists, choices, health, files ─▶ other sessions ─▶ the person ─▶ this session

The credential goes first, so no sync begins any more, and the session last, so a deletion that was cut off can be asked
for again. Events, counted attempts and the mails' silences say of themselves when they end, and go then. Lists on the
music server stay: they are the person's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.accounts import Session, SessionKind
from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.refusals import InvalidInput, NotAllowed, NotFound
from reprise.ports.clock import Clock, NewId
from reprise.ports.connections import ConnectionStore, HealthStore
from reprise.ports.contents import PersonalFiles
from reprise.ports.people import LaneStore, SessionStore, UserStore
from reprise.ports.playlists import OverrideStore, PlaylistStore
from reprise.usecases.playlists.remove_playlist import remove_playlist


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalStores:
    """Wherever something is kept of a person for longer than it says of itself."""

    users: UserStore
    sessions: SessionStore
    connections: ConnectionStore
    health: HealthStore
    lanes: LaneStore
    playlists: PlaylistStore
    overrides: OverrideStore
    files: PersonalFiles


def forget_user(*, caller: Session, username: str, stores: PersonalStores, clock: Clock, new_id: NewId) -> None:
    """Raises `NotAllowed` for an API token, `InvalidInput` for a name that is not the caller's: nothing went then."""
    if caller.kind is not SessionKind.SIGN_IN:
        raise NotAllowed("Sign in with your password to delete your data; an API token cannot.")
    user_id = caller.user_id
    user = stores.users.get(user_id)
    if user is None or user.username != username:
        raise InvalidInput("username", "This is not the name you are signed in with.")
    stores.connections.remove(user_id, MUSIC_SERVER)
    _forget_playlists(user_id, stores, clock, new_id)
    for override in stores.overrides.of_user(user_id):
        stores.overrides.remove(user_id, override.track_key)
    stores.health.forget(user_id)
    stores.lanes.clear(user_id)
    stores.files.forget(user_id)
    for session in stores.sessions.of_user(user_id):
        if session.token_hash != caller.token_hash:
            stores.sessions.remove(session.token_hash)
    stores.users.remove(user_id)
    stores.sessions.remove(caller.token_hash)


def _forget_playlists(user_id: str, stores: PersonalStores, clock: Clock, new_id: NewId) -> None:
    for playlist in stores.playlists.of_user(user_id):
        try:
            remove_playlist(
                user_id=user_id,
                playlist_id=playlist.playlist_id,
                playlists=stores.playlists,
                files=stores.files,
                clock=clock,
                new_id=new_id,
            )
        except NotFound:  # removed at the same moment, by the same person elsewhere
            continue
