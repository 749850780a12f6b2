"""Reading messages by hand: every field is asked for by name and type, and an error names where it was.

An error never quotes what it found: a message may hold what must not reach a log.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

Json = Mapping[str, object]


class WireError(Exception):
    """A message or a stored document that is not what we write. The text names the field, never its content."""


def dump(kind: str, version: int, document: Json) -> str:
    """A document as JSON, with its kind and version. Pure ASCII: SQS takes no control characters."""
    return json.dumps({"kind": kind, "v": version, **document}, separators=(",", ":"), allow_nan=False)


def load(text: str | bytes, kind: str, version: int) -> Fields:
    """The document in `text`. Raises `WireError` for anything but JSON of this kind and version."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise WireError(f"{kind}: not JSON") from None
    fields = Fields(data, kind)
    if fields.text("kind") != kind:
        raise WireError(f"{kind}: this is something else")
    if fields.integer("v") != version:
        raise WireError(f"{kind}: unknown version, not {version}")
    return fields


def written(document: Mapping[str, object | None]) -> dict[str, object]:
    """`document` without what is unknown or empty (None and empty lists): it is read back as the default."""
    return {name: value for name, value in document.items() if value is not None and value != []}


def moment_text(moment: datetime) -> str:
    """A time as text. Raises `ValueError` for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("times are aware")
    return moment.astimezone(UTC).isoformat()


class Fields:
    """One JSON object, read field by field. `where` is its place in the document, for errors."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise WireError(f"{where}: not an object")
        self._data: Json = data
        self._where = where

    def text(self, name: str) -> str:
        return self._typed(name, str, "text")

    def text_or(self, name: str, default: str = "") -> str:
        return self.text(name) if self._has(name) else default

    def text_or_none(self, name: str) -> str | None:
        return self.text(name) if self._has(name) else None

    def integer(self, name: str) -> int:
        value = self._typed(name, int, "a whole number")
        if isinstance(value, bool):
            raise self._error(name, "is not a whole number")
        return value

    def integer_or_none(self, name: str) -> int | None:
        return self.integer(name) if self._has(name) else None

    def number(self, name: str) -> float:
        value = self._data.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._error(name, "is not a number")
        return float(value)

    def number_or_none(self, name: str) -> float | None:
        return self.number(name) if self._has(name) else None

    def flag_or(self, name: str, default: bool) -> bool:
        return self._typed(name, bool, "true or false") if self._has(name) else default

    def moment(self, name: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            raise self._error(name, "is not a time") from None
        if moment.tzinfo is None:
            raise self._error(name, "has no time zone")
        return moment.astimezone(UTC)

    def moment_or_none(self, name: str) -> datetime | None:
        return self.moment(name) if self._has(name) else None

    def member(self, name: str, of: type[_E]) -> _E:
        text = self.text(name)
        try:
            return of(text)
        except ValueError:
            raise self._error(name, f"is no {of.__name__}") from None

    def member_or_none(self, name: str, of: type[_E]) -> _E | None:
        return self.member(name, of) if self._has(name) else None

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) != len(values):
            raise self._error(name, "is not a list of texts")
        return texts

    def child(self, name: str) -> Fields:
        return Fields(self._data.get(name), f"{self._where}.{name}")

    def child_or_none(self, name: str) -> Fields | None:
        return self.child(name) if self._has(name) else None

    def children(self, name: str) -> Iterator[Fields]:
        for position, value in enumerate(self._list(name)):
            yield Fields(value, f"{self._where}.{name}[{position}]")

    def _has(self, name: str) -> bool:
        return self._data.get(name) is not None

    def _list(self, name: str) -> list[object]:
        """A list that is not there is an empty one."""
        return self._typed(name, list, "a list") if self._has(name) else []

    def _typed(self, name: str, of: type[_T], what: str) -> _T:
        value = self._data.get(name)
        if not isinstance(value, of):
            raise self._error(name, f"is not {what}")
        return value

    def _error(self, name: str, what: str) -> WireError:
        return WireError(f"{self._where}.{name} {what}")


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
