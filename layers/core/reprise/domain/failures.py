"""Why something outside did not work: one closed set of kinds, each with its class and scope (`S1x-55`…`58`).

    SyncFailure ── kind ── FailureKind ── class: fatal | retriable, where one playlist failed
                                      └─ scope: connection | playlist | instance

Where a connection failed, only a refused password or token is fatal: that concerns one person, and only they can mend
it. Whatever else is answered in a server's place (a login page, a 403, a 404, an expired certificate) meets everybody
at once and goes away for everybody at once.

Nothing a provider sent ever enters a failure: it carries the kind, an HTTP status or API code, and our
own words (`S0x-22`, `S0x-26`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.connections import Party, Side


class FailureClass(StrEnum):
    # No automatic retry: a person has to act.
    FATAL = "fatal"
    # Backs off and is tried again.
    RETRIABLE = "retriable"


class Scope(StrEnum):
    CONNECTION = "connection"
    PLAYLIST = "playlist"
    INSTANCE = "instance"


class FailureKind(StrEnum):
    AUTH_INVALID = "auth_invalid"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    MISCONFIGURED = "misconfigured"
    MALFORMED_RESPONSE = "malformed_response"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    SERVER_ERROR = "server_error"
    INTERRUPTED = "interrupted"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class _Nature:
    failure_class: FailureClass
    scope: Scope
    summary: str
    action: str


_F, _R = FailureClass.FATAL, FailureClass.RETRIABLE
_NATURE: dict[FailureKind, _Nature] = {
    FailureKind.AUTH_INVALID: _Nature(
        _F,
        Scope.CONNECTION,
        "{provider} refuses the password or token that Reprise has for you.",
        "Sign in to Reprise again with your current password.",
    ),
    FailureKind.FORBIDDEN: _Nature(
        _F,
        Scope.PLAYLIST,
        "{provider} does not allow Reprise to change this playlist.",
        "Check who owns the playlist, and whether it is read-only.",
    ),
    FailureKind.NOT_FOUND: _Nature(
        _F,
        Scope.PLAYLIST,
        "The playlist is no longer there at {provider}.",
        "Import it again, or remove it from Reprise.",
    ),
    FailureKind.MISCONFIGURED: _Nature(
        _F,
        Scope.CONNECTION,
        "The address set for {provider} does not answer as {provider} does.",
        "Nothing to do at first: Reprise tries again by itself. If it lasts, whoever runs the server has to put its "
        "address right, or to let Reprise through to the API (/rest/) without a login page.",
    ),
    FailureKind.MALFORMED_RESPONSE: _Nature(
        _F,
        Scope.CONNECTION,
        "{provider} answered in a way Reprise does not understand.",
        "Check that the server is up to date, and tell us which version it is.",
    ),
    FailureKind.TOO_LARGE: _Nature(
        _F,
        Scope.PLAYLIST,
        "The playlist is larger than {provider} accepts in one request.",
        "Split the playlist.",
    ),
    FailureKind.RATE_LIMITED: _Nature(
        _R,
        Scope.CONNECTION,
        "{provider} asked Reprise to slow down.",
        "Nothing to do: Reprise tries again by itself.",
    ),
    FailureKind.UNREACHABLE: _Nature(
        _R,
        Scope.CONNECTION,
        "{provider} could not be reached.",
        "Check that the server is running and can be reached from outside.",
    ),
    FailureKind.SERVER_ERROR: _Nature(
        _R,
        Scope.CONNECTION,
        "{provider} reported an error of its own.",
        "Nothing to do at first: Reprise tries again by itself. If it lasts, look at the server's log.",
    ),
    FailureKind.INTERRUPTED: _Nature(
        _R,
        Scope.PLAYLIST,
        "The last run was cut off before it finished.",
        "Nothing to do: the next run starts afresh.",
    ),
    FailureKind.INTERNAL: _Nature(
        _R,
        Scope.INSTANCE,
        "Reprise made a mistake.",
        "Nothing to do: it is tried again, and the operator can see it in the log.",
    ),
}

# Where a source failed and not the music server, these are said instead: nobody wanted to change anything there, and
# signing in to Reprise mends nothing.
_OF_SOURCE: dict[FailureKind, tuple[str, str]] = {
    FailureKind.AUTH_INVALID: (
        "{provider} no longer accepts the sign-in that Reprise has for you.",
        "Connect {provider} again.",
    ),
    FailureKind.FORBIDDEN: (
        "{provider} does not let Reprise read this playlist.",
        "Check that it is still shared; where its address has changed, import it again from there.",
    ),
    FailureKind.NOT_FOUND: (
        "The playlist is not there at {provider}.",
        "Import it again from where it is now, or remove it from Reprise.",
    ),
    FailureKind.MISCONFIGURED: (
        "The address of this playlist cannot be used.",
        "Import the playlist again from its right address.",
    ),
    FailureKind.MALFORMED_RESPONSE: (
        "What {provider} holds is no playlist that Reprise can read.",
        "Put it right there: Reprise looks again at every sync.",
    ),
    FailureKind.TOO_LARGE: (
        "The playlist at {provider} is larger than Reprise reads.",
        "Split the playlist.",
    ),
    FailureKind.UNREACHABLE: (
        "{provider} could not be reached.",
        "Nothing to do at first: Reprise tries again by itself. If it lasts, check that the address still works.",
    ),
    FailureKind.SERVER_ERROR: (
        "{provider} reported an error of its own.",
        "Nothing to do at first: Reprise tries again by itself. If it lasts, ask whoever runs {provider}.",
    ),
}


class SyncFailure(Exception):
    """A call to a source or a music server that did not do what was asked.

    `detail` is one sentence of our own words, or ""; `status` is an HTTP status and `code` an API error
    code, None where there was none; `retry_after_s` is in seconds, None where the provider named no time.
    `scope` defaults to the kind's own and may be narrowed or widened by who raises it (403 on everything
    is a failure of the connection, 403 on one playlist is not). `party` is the connection that failed; None where
    whoever raises it does not know: then whoever called fills it in (`blamed_on`).
    """

    def __init__(
        self,
        kind: FailureKind,
        detail: str = "",
        *,
        status: int | None = None,
        code: int | None = None,
        retry_after_s: int | None = None,
        scope: Scope | None = None,
        party: Party | None = None,
    ) -> None:
        super().__init__(kind.value if not detail else f"{kind.value}: {detail}")
        self.kind = kind
        self.detail = detail
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s
        self.party = party
        self.scope = scope or _NATURE[kind].scope

    @property
    def fatal(self) -> bool:
        """True when no automatic retry may follow until a person acts (`S1x-62`)."""
        if self.scope is Scope.PLAYLIST:
            return _NATURE[self.kind].failure_class is FailureClass.FATAL
        return latches(self.kind)


# The display name of a server that does not say what it is.
UNNAMED_SERVER = "Music server"


def in_sentence(provider: str) -> str:
    """A provider's display name as it reads within a sentence."""
    return "your music server" if provider == UNNAMED_SERVER else provider


def _sentence(text: str, provider: str) -> str:
    said = text.format(provider=in_sentence(provider))
    return said[:1].upper() + said[1:] if provider == UNNAMED_SERVER else said


def latches(kind: FailureKind) -> bool:
    """True where a connection that failed so is not called again until its person connects it anew."""
    return kind is FailureKind.AUTH_INVALID


def summary_of(kind: FailureKind, provider: str, side: Side = Side.SERVER) -> str:
    """Returns one sentence for a person: what happened. `provider` is a display name."""
    own = _OF_SOURCE.get(kind) if side is Side.SOURCE else None
    return _sentence(own[0] if own else _NATURE[kind].summary, provider)


def action_for(kind: FailureKind, provider: str, side: Side = Side.SERVER) -> str:
    """Returns one sentence for a person: what to do about it (`S3-11`)."""
    own = _OF_SOURCE.get(kind) if side is Side.SOURCE else None
    return _sentence(own[1] if own else _NATURE[kind].action, provider)


def told(kind: FailureKind, detail: str, party: Party) -> str:
    """Returns all that a person is told of a failure: what happened, our detail, what to do."""
    said = (summary_of(kind, party.name, party.side), detail, action_for(kind, party.name, party.side))
    return " ".join(part for part in said if part)


@contextmanager
def blamed_on(party: Party) -> Iterator[None]:
    """Whatever fails in here is the fault of `party`, unless whoever raises it knows better."""
    try:
        yield
    except SyncFailure as failure:
        failure.party = failure.party or party
        raise
