"""A playlist file as it arrives: the file as the body, or one file in a form (`curl -F file=@mix.csv`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING

from reprise.domain.refusals import InvalidInput
from reprise.doors.request_body import UPLOAD_MAX_BYTES, BodyRefused, body_bytes, media_type
from reprise.usecases.playlists.import_playlist import Upload

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{1,70}")
_PARTS_MAX = 4
_HEADERS_MAX_BYTES = 2048
# What programs say when they were told nothing, `curl --data-binary` among them: it hints at no format.
_NO_HINT = {"application/x-www-form-urlencoded", "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    filename: str | None
    content_type: str
    data: bytes


def read_upload(event: APIGatewayProxyEventV2, *, filename: str, name: str) -> Upload:
    """The file that was sent. `filename` and `name` from the address win over those in a form.

    Raises `BodyRefused` when it is too large or not a form that can be read, `InvalidInput` when there is no file.
    """
    data = body_bytes(event, max_bytes=UPLOAD_MAX_BYTES)
    kind = media_type(event)
    if kind == "multipart/form-data":
        return _from_form(_parts(data, event.headers.get("content-type", "")), filename=filename, name=name)
    if not data:
        raise InvalidInput("file", "Send the playlist file as the body.")
    return Upload(data=data, filename=filename, content_type="" if kind in _NO_HINT else kind, name=name)


def _from_form(parts: list[_Part], *, filename: str, name: str) -> Upload:
    files = [part for part in parts if part.filename is not None]
    names = [part for part in parts if part.filename is None and part.name == "name"]
    if len(files) != 1 or len(names) > 1 or len(files) + len(names) != len(parts):
        raise InvalidInput("file", "Send exactly one file; the only other field there may be is “name”.")
    if not files[0].data:
        raise InvalidInput("file", "The file is empty.")
    kind = files[0].content_type
    return Upload(
        data=files[0].data,
        filename=filename or files[0].filename or "",
        content_type="" if kind in _NO_HINT else kind,
        name=name or (_text(names[0].data) if names else ""),
    )


def _parts(data: bytes, content_type: str) -> list[_Part]:
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary("")
    if not _BOUNDARY.fullmatch(boundary):
        raise _unreadable()
    # Every delimiter but the first follows a line break, which belongs to it and not to the part before.
    _, *rest = (b"\r\n" + data).split(b"\r\n--" + boundary.encode())
    if not rest or not rest[-1].startswith(b"--") or len(rest) - 1 > _PARTS_MAX:
        raise _unreadable()
    return [_part(piece) for piece in rest[:-1]]


def _part(piece: bytes) -> _Part:
    head, blank, data = piece.partition(b"\r\n\r\n")
    if not blank or len(head) > _HEADERS_MAX_BYTES or head.strip(b" \t")[:2] != b"\r\n":
        raise _unreadable()
    headers = Message()
    for line in _text(head).strip().split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            raise _unreadable()
        headers[name.strip()] = value.strip()
    filename = headers.get_param("filename", None, "content-disposition")
    return _Part(
        name=_parameter(headers, "name") or "",
        filename=None if filename is None else _parameter(headers, "filename"),
        content_type=headers.get_content_type() if "content-type" in headers else "",
        data=data,
    )


def _parameter(headers: Message, name: str) -> str | None:
    value = headers.get_param(name, None, "content-disposition")
    if isinstance(value, tuple):  # RFC 2231: charset, language and text
        raise _unreadable()
    return value


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _unreadable() from None


def _unreadable() -> BodyRefused:
    return BodyRefused("invalid-input", "The form cannot be read. Send one file in multipart/form-data.")
