"""An OpenAPI document put into words: what its page shows, in the order in which it shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

Json = Mapping[str, Any]  # Any: a JSON document, read field by field

_METHODS = ("get", "post", "put", "patch", "delete")
_PROBLEM = 400
_NAMED = re.compile(r"#/components/schemas/(?P<name>\w+)")
_TEXTS = {"binary": "a file", "date-time": "time (ISO 8601)", "email": "email address"}
_PLAIN = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
_RANGES = {("minimum", "maximum"): "{} to {}", ("minimum",): "at least {}", ("maximum",): "at most {}"}
_SIZES = {"maxLength": "at most {} characters", "maxItems": "at most {}"}
_NULL = {"type": "null"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A parameter, or a field of a body or an answer. `kind` says what it may hold, `place` where a parameter is."""

    name: str
    kind: Markup
    required: bool
    note: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Fields that belong together, under the name by which others point to them."""

    name: str
    note: str
    members: Sequence[Member]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What may be sent: fields, or something without any (`kind`). `name` is that of its shape, "" without one."""

    name: str
    content_type: str
    kind: Markup
    members: Sequence[Member]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An answer. `kinds` are its content types and what they hold; none for an answer without a body."""

    status: int
    meaning: str
    kinds: Sequence[tuple[str, Markup]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`problems` are the statuses of the answers that are problem documents."""

    name: str
    method: str
    path: str
    summary: str
    note: str
    needs_token: bool
    parameters: Sequence[Member]
    bodies: Sequence[Body]
    outcomes: Sequence[Outcome]
    problems: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    name: str
    title: str
    operations: Sequence[Operation]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiDocs:
    """`token` says where a token comes from, `problems` what each status of a problem document means."""

    note: str
    token: str
    sections: Sequence[Section]
    shapes: Sequence[Shape]
    problems: Mapping[int, str]


def in_words(document: Json) -> ApiDocs:
    """What an OpenAPI 3.1 document says. Sections are its tags, in its order; in them operations stand by path."""
    schemas: Json = document["components"]["schemas"]
    operations = [
        (each["tags"][0], _operation(path, method, each, schemas)) for path, method, each in _operations(document)
    ]
    sent = {body.name for _, operation in operations for body in operation.bodies}
    return ApiDocs(
        note=document["info"]["description"],
        token=document["components"]["securitySchemes"]["token"]["description"],
        sections=[
            Section(
                name=tag["name"],
                title=tag["description"],
                operations=[operation for name, operation in operations if name == tag["name"]],
            )
            for tag in document["tags"]
        ],
        shapes=[
            Shape(name=name, note=schema.get("description", ""), members=_fields(schema))
            for name, schema in sorted(schemas.items())
            if name not in sent
        ],
        problems=dict(sorted(_meanings(document))),
    )


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in sorted(document["paths"].items()):
        for method in sorted(methods, key=_METHODS.index):
            yield path, method, methods[method]


def _operation(path: str, method: str, written: Json, schemas: Json) -> Operation:
    answers = sorted((int(status), answer) for status, answer in written["responses"].items())
    return Operation(
        name=written["operationId"],
        method=method.upper(),
        path=path,
        summary=written["summary"],
        note=written.get("description", ""),
        needs_token=bool(written.get("security")),
        parameters=[_parameter(each) for each in written.get("parameters", []) if _says_something(each)],
        bodies=[
            _body(content_type, each["schema"], schemas)
            for content_type, each in written.get("requestBody", {}).get("content", {}).items()
        ],
        outcomes=[_outcome(status, answer) for status, answer in answers if status < _PROBLEM],
        problems=[status for status, _ in answers if status >= _PROBLEM],
    )


def _says_something(parameter: Json) -> bool:
    """Those in the path are seen there."""
    return bool(parameter["in"] != "path" or "description" in parameter["schema"])


def _parameter(written: Json) -> Member:
    schema = written["schema"]
    # In an address or a header there is no null: what is not to be said is left out.
    choices = [each for each in schema.get("anyOf", [schema]) if each != _NULL]
    return Member(
        name=schema["title"] if written["in"] == "header" else written["name"],
        kind=_kind({**schema, "anyOf": choices} if "anyOf" in schema else schema),
        required=written["required"],
        note=schema.get("description", ""),
        place=written["in"],
    )


def _body(content_type: str, schema: Json, schemas: Json) -> Body:
    if "$ref" not in schema:
        return Body(name="", content_type=content_type, kind=_kind(schema), members=_fields(schema))
    name = _named(schema["$ref"])
    return Body(name=name, content_type=content_type, kind=Markup(), members=_fields(schemas[name]))


def _outcome(status: int, answer: Json) -> Outcome:
    content: Json = answer.get("content", {})
    return Outcome(
        status=status,
        meaning=answer["description"],
        kinds=[(content_type, _kind(each["schema"])) for content_type, each in content.items()],
    )


def _meanings(document: Json) -> Iterator[tuple[int, str]]:
    """A status means the same on every route."""
    for _, _, operation in _operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= _PROBLEM:
                yield int(status), answer["description"]


def _fields(schema: Json) -> list[Member]:
    required = schema.get("required", [])
    return [
        Member(name=name, kind=_kind(each), required=name in required, note=each.get("description", ""))
        for name, each in schema.get("properties", {}).items()
    ]


def _kind(schema: Json) -> Markup:
    """What a value may be, as a phrase in which names of shapes are links to them."""
    if "$ref" in schema:
        return Markup('<a href="#{0}">{0}</a>').format(_named(schema["$ref"]))
    return _choices(schema) + _limits(schema) + _default(schema)


def _choices(schema: Json) -> Markup:
    if "anyOf" in schema:
        return _either([_kind(each) for each in schema["anyOf"]])
    if "const" in schema or "enum" in schema:
        values = schema.get("enum") or [schema["const"]]
        return _either([Markup("<code>{}</code>").format(value) for value in values])
    if schema["type"] == "array":
        return Markup("list of ") + _kind(schema["items"])
    inner = schema.get("additionalProperties")
    if schema["type"] == "object" and isinstance(inner, Mapping):
        return Markup("object of ") + _kind(inner)
    return Markup("{}").format(_TEXTS.get(schema.get("format", "")) or _PLAIN[schema["type"]])


def _either(choices: Sequence[Markup]) -> Markup:
    """ "a, b or c"."""
    *first, last = choices
    return Markup(" or ").join([Markup(", ").join(first), last] if first else [last])


def _limits(schema: Json) -> Markup:
    range_of = [names for names in _RANGES if all(name in schema for name in names)][:1]
    said = [_RANGES[names].format(*(_number(schema[name]) for name in names)) for names in range_of]
    said += [size.format(_number(schema[name])) for name, size in _SIZES.items() if name in schema]
    said += ["not empty"] if schema.get("minLength") else []
    return Markup(" ({})").format(", ".join(said)) if said else Markup()


def _number(value: float) -> str:
    """The document has 1000.0 for 1,000."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value}"


def _default(schema: Json) -> Markup:
    """Nothing where the default is to leave it out."""
    default = schema.get("default")
    if default in (None, ""):
        return Markup()
    return Markup("; <code>{}</code> if left out").format(str(default).lower())


def _named(reference: str) -> str:
    """Raises ValueError for a reference that leads out of the document."""
    found = _NAMED.fullmatch(reference)
    if found is None:
        raise ValueError("only shapes of the document itself can be pointed to")
    return found["name"]


def prose(text: str) -> Markup:
    """Text in which `…` marks code."""
    pieces = text.split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(piece) if number % 2 else Markup("{}").format(piece)
        for number, piece in enumerate(pieces)
    )
