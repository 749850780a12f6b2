"""JSON from a stranger: bounded in depth and in the length of numbers, and an object at the top."""

from __future__ import annotations

import json
from collections.abc import Mapping

from reprise.ports.sources import InvalidUpload
from reprise.sources.files.cleaning import refuse_control_characters

_DIGITS_MAX = 40


def load_object(text: str) -> Mapping[str, object]:
    """Raises `InvalidUpload` naming the line for text that is not one JSON object."""
    refuse_control_characters(text)
    try:
        document: object = json.loads(text.strip(), parse_int=_integer, parse_float=_float, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise InvalidUpload(f"The JSON is broken here ({error.msg.lower()}).", f"line {error.lineno}") from None
    except RecursionError:
        raise InvalidUpload("The JSON is nested too deeply.") from None
    if not isinstance(document, dict):
        raise InvalidUpload("The JSON is a list; a playlist is an object.")
    return document


def text_in(value: object, where: str) -> str:
    """A string, or "" for an absent one. Raises `InvalidUpload` for anything else."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidUpload("The value is not text.", where)
    return value


def texts_in(value: object) -> tuple[str, ...]:
    """A string as a tuple of one, a list as those of its items that are strings, anything else as none (`S1x-75`)."""
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def objects_in(value: object, where: str) -> list[Mapping[str, object]]:
    """A list of objects. Raises `InvalidUpload` naming the first item that is none."""
    if not isinstance(value, list):
        raise InvalidUpload("A list of tracks is missing here.", where)
    for position, item in enumerate(value):
        if not isinstance(item, dict):
            raise InvalidUpload("The track is not an object.", f"{where}[{position}]")
    return value


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS_MAX:
        raise InvalidUpload("The JSON holds a number that is too long.")
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > _DIGITS_MAX:
        raise InvalidUpload("The JSON holds a number that is too long.")
    return float(digits)


def _constant(name: str) -> float:
    raise InvalidUpload(f"The JSON holds {name}, which JSON does not have.")
