"""Reads the body of an answer: JSON as asked for, or XML from servers that answer in nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element, ParseError  # nosec: types only, parsing is defusedxml's

from defusedxml.ElementTree import fromstring

Answer: TypeAlias = Mapping[str, object]

_ENVELOPE = "subsonic-response"
# The root element stands at the beginning, after at most a declaration and, from an attacker, a DTD.
_ENVELOPE_WITHIN = 2_000
_XML_DEPTH_MAX = 16


class BrokenAnswerError(Exception):
    """It began like a Subsonic answer and ends in the middle, or is built to do harm."""


def decode_answer(body: bytes) -> Answer | None:
    """The contents of the `subsonic-response` in `body`, or None where `body` is something else (a web page).

    XML attributes and elements become keys; repeated elements a list. Raises `BrokenAnswerError`.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise BrokenAnswerError
    if text.startswith(b"{"):
        return _from_json(text)
    if _ENVELOPE.encode() in text[:_ENVELOPE_WITHIN] and text.startswith(b"<"):
        return _from_xml(text)
    return None


def _from_json(text: bytes) -> Answer | None:
    try:
        # One badly encoded tag in a library must not hide all of it; so also raw control characters.
        document = json.loads(text.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        document = None
    if document is None:
        raise BrokenAnswerError
    inner = document.get(_ENVELOPE) if isinstance(document, dict) else None
    return inner if isinstance(inner, dict) else None


def _from_xml(text: bytes) -> Answer | None:
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):
        root = None
    if root is None:
        raise BrokenAnswerError
    if _local_name(root) != _ENVELOPE:
        return None
    return _members(root, _XML_DEPTH_MAX)


def _members(element: Element, depth_left: int) -> dict[str, object]:
    if depth_left == 0:
        raise BrokenAnswerError
    found: dict[str, object] = dict(element.attrib)
    for child in element:
        plain = not child.attrib and len(child) == 0
        value: object = (child.text or "") if plain else _members(child, depth_left - 1)
        name = _local_name(child)
        if name in found:
            before = found[name]
            found[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            found[name] = value
    return found


def _local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
