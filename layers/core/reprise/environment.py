"""How one setting is read from the environment handed in. What each function's settings are stands in `config.py`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

_E = TypeVar("_E", bound=StrEnum)
Env = Mapping[str, str]


class ConfigError(Exception):
    """A setting is missing or cannot be used. The message names it and says what is allowed."""


def text(env: Env, name: str) -> str:
    """The setting without the space around it. Raises `ConfigError` when there is nothing."""
    value = env.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is not set")
    return value


def number(env: Env, name: str, low: int, high: int, *, default: int) -> int:
    """A whole number from `low` to `high`; `default` where it is not set. Raises `ConfigError`."""
    said = env.get(name, "").strip() or str(default)
    if not said.isdecimal() or not low <= int(said) <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}")
    return int(said)


def share(env: Env, name: str) -> float | None:
    """A number from 0 to 1; None where it is not set. Raises `ConfigError`."""
    said = env.get(name, "").strip()
    if not said:
        return None
    try:
        value = float(said)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise ConfigError(f"{name} must be a number from 0 to 1")
    return value


def share_or(env: Env, name: str, default: float) -> float:
    """The same; `default` where it is not set."""
    value = share(env, name)
    return default if value is None else value


def choice(env: Env, name: str, of: type[_E], default: _E) -> _E:
    """A member of `of` by its value, in any case; `default` where it is not set. Raises `ConfigError`."""
    said = env.get(name, "").strip().lower()
    if not said:
        return default
    if said not in {member.value for member in of}:
        raise ConfigError(f"{name} must be one of {', '.join(member.value for member in of)}")
    return of(said)


def flag(env: Env, name: str) -> bool:
    """True for "true"; False for "false" and where it is not set. Raises `ConfigError` for anything else."""
    said = env.get(name, "").strip().lower() or "false"
    if said not in {"true", "false"}:
        raise ConfigError(f"{name} must be true or false")
    return said == "true"
