"""What the use cases of a person's account need from outside: one object for each kind of work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reprise.ports.clock import Clock
from reprise.ports.connections import ConnectionStore, HealthStore
from reprise.ports.contents import PersonalFiles
from reprise.ports.people import DepartureStore, LaneStore, SessionStore, UserStore
from reprise.ports.playlists import OverrideStore, PlaylistStore

# Makes a new unguessable text of at least 256 bits at each call.
NewToken = Callable[[], str]

# Returns an address in its normal form. Raises `InvalidInput` with what is wrong with it; looks nothing up.
NormaliseEmail = Callable[[str], str]

# Tries a name and a password, sent from an address, on the music server. Raises `WrongCredentials`, `TooManyAttempts`
# before the server is asked, and `SyncFailure`.
ProveAccount = Callable[[str, str, str], object]

# Forgets one playlist of one person. Raises `NotFound`.
RemovePlaylist = Callable[[str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPorts:
    """For sessions that exist, and whether the accounts they came of still hold."""

    sessions: SessionStore
    connections: ConnectionStore
    health: HealthStore
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPorts(SessionPorts):
    """For new sessions, of people and of programs."""

    new_token: NewToken


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailPorts:
    """For the address that mail goes to."""

    users: UserStore
    normalise: NormaliseEmail


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetPorts:
    """For forgetting a person: wherever something is kept of them for longer than it says of itself."""

    users: UserStore
    sessions: SessionStore
    connections: ConnectionStore
    health: HealthStore
    lanes: LaneStore
    playlists: PlaylistStore
    overrides: OverrideStore
    files: PersonalFiles
    prove: ProveAccount
    departures: DepartureStore
    clock: Clock
    remove_playlist: RemovePlaylist
