"""Delete what is kept of a person, at their own word.

    proof ─▶ departure ─▶ credential ─▶ playlists, choices, health, files ─▶ other sessions ─▶ person ─▶ this session

A session alone is not enough: somebody else may hold it. The departure is noted before anything goes, so nobody who is
half gone comes back with a restore of the tables. Of what goes, the credential is first, so no sync begins any more,
and the session last, so a deletion that was cut off can be asked for again. Events, counted attempts and the mails'
silences say of themselves when they end, and go then. Lists on the music server stay: they are the person's own.
"""

from __future__ import annotations

from contextlib import suppress

from reprise.domain.accounts import Session, SessionKind
from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.refusals import InvalidInput, NotAllowed, NotFound
from reprise.usecases.account.ports import ForgetPorts


def forget_user(caller: Session, *, username: str, password: str, source_address: str, ports: ForgetPorts) -> None:
    """Forgets the caller, who sent the password of their account on the music server from `source_address`.

    Raises `NotAllowed` for an API token, `InvalidInput` for a name that is not the caller's, and what `prove` raises
    when the server does not agree; then nothing went.
    """
    if caller.kind is not SessionKind.SIGN_IN:
        raise NotAllowed("Sign in with your password to delete your data; an API token cannot.")
    user_id = caller.user_id
    user = ports.users.get(user_id)
    if user is None or user.username != username:
        raise InvalidInput("username", "This is not the name you are signed in with.")
    ports.prove(username, password, source_address)
    ports.departures.note(user_id, ports.clock())
    ports.connections.remove(user_id, MUSIC_SERVER)
    for playlist in ports.playlists.of_user(user_id):
        with suppress(NotFound):  # removed at the same moment, by the same person elsewhere
            ports.remove_playlist(user_id, playlist.playlist_id)
    for override in ports.overrides.of_user(user_id):
        ports.overrides.remove(user_id, override.track_key)
    ports.health.forget(user_id)
    ports.lanes.clear(user_id)
    ports.files.forget(user_id)
    for session in ports.sessions.of_user(user_id):
        if session.token_hash != caller.token_hash:
            ports.sessions.remove(session.token_hash)
    ports.users.remove(user_id)
    ports.sessions.remove(caller.token_hash)
