"""The API described for people: all of it is on the page, and the page needs nothing but itself."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import subprocess
import sys
from itertools import pairwise

import pytest

from api.app import handler
from tests.functions.reading import Reading

from .conftest import CONTEXT, Answer, Client, operations

PAGE = "/api/v1/docs"


@pytest.fixture
def answer(anyone: Client) -> Answer:
    return anyone("GET", PAGE)


@pytest.fixture
def page(answer: Answer) -> Reading:
    return Reading(answer.body)


def test_it_is_a_page_and_needs_no_token(answer: Answer) -> None:
    assert (answer.status, answer.kind) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(("method", "path"), sorted(operations()))
def test_every_operation_is_told_with_all_that_goes_in_and_comes_out(answer: Answer, method: str, path: str) -> None:
    operation = operations()[method, path]
    (told,) = re.findall(rf'<article id="{operation["operationId"]}">(.*?)</article>', answer.body, re.DOTALL)
    text = Reading(told).text
    assert text.lstrip().startswith(f"{method}\N{NO-BREAK SPACE}{path}")
    assert operation["summary"] in text
    assert operation.get("description", "").replace("`", "") in text
    assert ('class="token"' in told) == bool(operation.get("security"))
    for parameter in operation.get("parameters", []):
        assert parameter["name"] in text.lower()
    for content_type in operation.get("requestBody", {}).get("content", {}):
        assert content_type in text
    for status in operation["responses"]:
        assert f"<b>{status}</b>" in told


def test_fields_of_a_body_stand_with_their_limits(answer: Answer) -> None:
    (told,) = re.findall(r'<article id="createToken">(.*?)</article>', answer.body, re.DOTALL)
    lines = [line for line in Reading(told).text.splitlines() if line.strip()]
    assert lines[lines.index("label") + 1] == "text (at most 100 characters, not empty), required"
    assert lines[lines.index("expires_in_days") + 1] == ("whole number (1 to 365) or null. Left out or null: 90.")


def test_every_link_leads_to_a_place_on_the_page_or_to_the_document_itself(page: Reading) -> None:
    places = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(places) == len(set(places))
    targets = {link["href"] for link in page.all("a")}
    assert targets - {f"#{place}" for place in places} == {"openapi.json"}
    assert {f"#{operation['operationId']}" for operation in operations().values()} < targets


def test_it_loads_nothing_and_runs_nothing(answer: Answer, page: Reading) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", answer.body, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    for tag in ("script", "img", "link", "iframe", "form"):
        assert page.all(tag) == []
    assert not {"style", "onclick", "src"} & {name for _, attributes in page.tags for name in attributes}
    assert "url(" not in style
    assert "@import" not in style


def test_it_can_be_read_on_a_phone_in_the_dark_and_by_a_screen_reader(answer: Answer, page: Reading) -> None:
    assert page.all("html")[0]["lang"] == "en"
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert "prefers-color-scheme: dark" in answer.body
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    labels = [section["aria-labelledby"] for section in page.all("section")]
    assert {f"title-{name}" for name in ("sessions", "playlists", "problems", "shapes")} <= set(labels)


def test_it_goes_out_small(anyone: Client, answer: Answer) -> None:
    asked = anyone.event("GET", PAGE, body=None, headers={"accept-encoding": "gzip, br"}, query={}, base64_encoded=None)
    sent = handler(asked, CONTEXT)
    assert sent["headers"]["Content-Encoding"] == "gzip"
    packed = base64.b64decode(sent["body"])
    assert gzip.decompress(packed).decode() == answer.body
    assert len(packed) < 30_000


def test_only_who_asks_for_a_page_pays_for_pages(cloud: object) -> None:
    program = """
import sys
from api.app import handler
from tests.functions.reading import Reading
asked = {"version": "2.0", "rawPath": "/api/v1/health", "requestContext": {
    "http": {"method": "GET", "path": "/api/v1/health", "sourceIp": ""}, "requestId": "r", "stage": "$default"}}
class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = ""
assert handler(asked, Context())["statusCode"] == 200
print([name for name in ("jinja2", "markupsafe", "reprise.rendering") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
