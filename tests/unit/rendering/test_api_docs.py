"""An OpenAPI document in words."""

from __future__ import annotations

from typing import Any

import pytest

from reprise.rendering.api_docs import in_words, prose
from reprise.rendering.web import WebPages


def a_document(schema: dict[str, Any], **operation: Any) -> dict[str, Any]:  # Any: JSON documents
    """One operation, which takes and gives `schema`."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    return {
        "info": {"description": "What it is for."},
        "tags": [{"name": "things", "description": "Things"}],
        "components": {
            "schemas": {"Thing": schema, "Other": {"type": "object"}},
            "securitySchemes": {"token": {"description": "From signing in."}},
        },
        "paths": {
            "/things": {
                "put": {
                    "operationId": "put",
                    "tags": ["things"],
                    "summary": "Put",
                    "requestBody": {"content": content},
                    "responses": {"200": {"description": "OK", "content": content}},
                    **operation,
                }
            }
        },
    }


def kind_of(schema: dict[str, Any]) -> str:
    docs = in_words(a_document({"type": "object", "properties": {"it": schema}}))
    return str(docs.sections[0].operations[0].bodies[0].members[0].kind)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "time (ISO 8601)"),
        ({"type": "string", "maxLength": 2048, "minLength": 1}, "text (at most 2,048 characters, not empty)"),
        ({"type": "integer", "minimum": 1.0, "maximum": 1000.0}, "whole number (1 to 1,000)"),
        ({"type": "integer", "default": 50}, "whole number; <code>50</code> if left out"),
        ({"type": "integer", "minimum": 1.0}, "whole number (at least 1)"),
        ({"type": "number", "maximum": 0.5}, "number (at most 0.5)"),
        ({"type": "boolean", "default": False}, "true or false; <code>false</code> if left out"),
        ({"type": "string", "default": ""}, "text"),
        ({"enum": ["a", "b", "c"], "type": "string"}, "<code>a</code>, <code>b</code> or <code>c</code>"),
        ({"const": "ok", "type": "string"}, "<code>ok</code>"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text or null"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 100}, "list of text (at most 100)"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "object of whole number"),
        ({"type": "object", "additionalProperties": False}, "object"),
        ({"$ref": "#/components/schemas/Other"}, '<a href="#Other">Other</a>'),
    ],
)  # fmt: skip
def test_what_a_value_may_be(schema: dict[str, Any], words: str) -> None:
    assert kind_of(schema) == words


def test_what_points_out_of_the_document_is_refused() -> None:
    with pytest.raises(ValueError, match="of the document itself"):
        kind_of({"$ref": "https://elsewhere.example/schema.json"})


def test_a_shape_that_is_sent_stands_where_it_is_sent_and_others_at_the_end() -> None:
    docs = in_words(a_document({"type": "object", "properties": {"it": {"type": "string"}}, "required": ["it"]}))
    (operation,) = docs.sections[0].operations
    assert [(member.name, member.required) for member in operation.bodies[0].members] == [("it", True)]
    assert [shape.name for shape in docs.shapes] == ["Other"]


def test_in_the_query_there_is_no_null_and_what_the_path_shows_is_not_told_again() -> None:
    optional = {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Cursor"}
    parameters = [
        {"name": "cursor", "in": "query", "required": False, "schema": optional},
        {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string", "title": "Thing Id"}},
    ]
    docs = in_words(a_document({"type": "object"}, parameters=parameters))
    (only,) = docs.sections[0].operations[0].parameters
    assert (only.name, only.place, only.kind) == ("cursor", "query", "text")


def test_text_is_shown_as_it_is_written_but_for_code() -> None:
    assert prose("`<b>` & so on") == "<code>&lt;b&gt;</code> &amp; so on"


def test_nothing_that_stands_in_the_document_becomes_markup() -> None:
    evil = "<script>alert(1)</script>"
    schema = {"type": "object", "description": evil, "properties": {evil: {"enum": [evil], "description": f"`{evil}`"}}}
    html = WebPages().api_docs(a_document(schema, summary=evil, description=evil)).html
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 5
