"""What may come in as a body, looked at before anything is made of it.

API Gateway hands a body over as text, or in base64 when it does not take its content type for text.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from reprise.domain.refusals import InvalidInput
from reprise.doors.statuses import STATUS_OF

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http import HTTPStatus

    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

JSON_MAX_BYTES = 16 * 1024
FORM_MAX_BYTES = 16 * 1024
# Lambda takes 6 MB with all that stands around the body, and base64 adds a third: what is left is some 4 MiB.
UPLOAD_MAX_BYTES = 4 * 1024 * 1024

_FORM = "application/x-www-form-urlencoded"


class BodyRefused(Exception):
    """A body that is not even looked into. `code` is “invalid-input”, “too-large” or “wrong-content-type”."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    @property
    def status(self) -> HTTPStatus:
        return STATUS_OF[self.code]


def body_bytes(event: APIGatewayProxyEventV2, *, max_bytes: int) -> bytes:
    """The body as it was sent. Raises `BodyRefused` when it is longer than `max_bytes`, or not what it says it is."""
    text = event.body or ""
    if len(text) > max_bytes * 4 // 3 + 4:
        raise _too_large(max_bytes)
    try:
        data = base64.b64decode(text, validate=True) if event.is_base64_encoded else text.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise BodyRefused("invalid-input", "The body did not arrive whole.") from None
    if len(data) > max_bytes:
        raise _too_large(max_bytes)
    return data


def _too_large(max_bytes: int) -> BodyRefused:
    return BodyRefused("too-large", f"This must not be larger than {max_bytes // 1024} KiB.")


def media_type(event: APIGatewayProxyEventV2) -> str:
    """The content type in lower case and without parameters; "" where none was sent."""
    return event.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_json(event: APIGatewayProxyEventV2) -> str | None:
    """The body as text if it is one that a JSON route can take, None if there is none. Raises `BodyRefused`."""
    data = body_bytes(event, max_bytes=JSON_MAX_BYTES)
    if not data:
        return None
    if media_type(event) not in {"", "application/json"}:
        raise BodyRefused("wrong-content-type", "Send JSON, as application/json.")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise BodyRefused("invalid-input", "The body is not UTF-8.") from None
    json_object(text)
    return text


def json_object(text: str) -> dict[str, object]:
    """The JSON object that `text` is. Raises `BodyRefused` for anything else; what was sent is not repeated."""
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise BodyRefused(
            "invalid-input", f"The body is not JSON (line {error.lineno}, column {error.colno})."
        ) from None
    except (RecursionError, ValueError):
        # A thousand brackets, or a number of thousands of digits: the parser gives up before it has read all of it.
        raise BodyRefused("invalid-input", "The body is not JSON that can be read.") from None
    if not isinstance(value, dict):
        raise BodyRefused("invalid-input", "The body must be a JSON object.")
    return value


def form_fields(event: APIGatewayProxyEventV2) -> Mapping[str, str]:
    """The fields of an HTML form, the first of each name. Raises `BodyRefused` or `InvalidInput`."""
    data = body_bytes(event, max_bytes=FORM_MAX_BYTES)
    if media_type(event) != _FORM:
        raise BodyRefused("wrong-content-type", "Send the form as a browser does.")
    try:
        fields = parse_qs(data.decode(), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise InvalidInput("form", "This form cannot be read.") from None
    return {name: values[0] for name, values in fields.items()}
