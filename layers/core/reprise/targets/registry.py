"""Which music servers there are: one line a kind. A target's code is loaded when it is first used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from reprise.domain.connections import SignInWay
from reprise.ports.targets import MusicServer

_TARGETS: dict[str, str] = {
    "subsonic": "reprise.targets.subsonic.target:SubsonicServer",
}


def kinds() -> tuple[str, ...]:
    """The kinds `open_server` knows."""
    return tuple(_TARGETS)


def open_server(
    kind: str,
    *,
    base_url: str,
    username: str,
    password: str,
    sign_in_way: SignInWay | None,
    time_budget_s: float | None = None,
) -> MusicServer:
    """One person's account on a server of `kind`; nothing is sent before its first method is called.

    `sign_in_way` None is for a person who signs in at a server that nobody knows yet: a token is tried, then the
    password itself.

    `time_budget_s` is how long the object may go on trying, counted from now; None sets no end.
    Raises `ValueError` for a kind nobody registered, `SyncFailure(MISCONFIGURED)` for an unusable address.
    """
    if kind not in _TARGETS:
        raise ValueError(f"no target of kind {kind!r}; known: {', '.join(_TARGETS)}")
    module, _, name = _TARGETS[kind].partition(":")
    build = cast(Callable[..., MusicServer], getattr(import_module(module), name))
    return build(
        base_url=base_url,
        username=username,
        password=password,
        sign_in_way=sign_in_way,
        time_budget_s=time_budget_s,
    )
