"""The page at the instance's address, and what comes to no page at all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.functions.reading import Reading
from web.parts import parts

from .conftest import Client

STRICT = {"default-src": "'none'", "form-action": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}


def test_the_address_of_the_instance_says_what_it_is_and_leads_on(anyone: Client) -> None:
    answer = anyone("GET", "/")
    page = Reading(answer.body)
    assert (answer.status, answer.kind) == (200, "text/html; charset=utf-8")
    assert "keeps the playlists you have elsewhere in step" in page.text
    assert [link["href"] for link in page.all("a")] == ["reconnect/navidrome", "api/v1/docs"]
    for link in page.all("a"):
        assert anyone("GET", f"/{link['href']}").status == 200
    for tag in ("script", "img", "link", "iframe", "form"):
        assert page.all(tag) == []


def test_it_may_load_nothing_and_send_nothing(anyone: Client) -> None:
    answer = anyone("GET", "/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", policy.pop("style-src"))
    assert policy == STRICT
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/reconnect", "/reconnect/", "/.env", "//", "/index.html", "/reconnect/a/b"])
def test_an_address_that_is_none_is_a_404_page(anyone: Client, path: str) -> None:
    answer = anyone("GET", path)
    assert (answer.status, answer.kind) == (404, "text/html; charset=utf-8")
    assert "There is nothing here" in answer.body
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_other_methods_are_405(anyone: Client, method: str) -> None:
    answer = anyone(method, "/")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")


def test_a_mistake_of_ours_is_a_page_that_tells_nothing_and_a_line_in_the_log(
    anyone: Client, monkeypatch: pytest.MonkeyPatch, log: Callable[[], str]
) -> None:
    def broken() -> None:
        raise ValueError("canary")

    monkeypatch.setattr(parts().pages, "front", broken)
    answer = anyone("GET", "/")
    assert (answer.status, answer.kind) == (500, "text/html; charset=utf-8")
    assert "Something went wrong" in answer.body
    failed, request = (json.loads(line) for line in log().splitlines()[-2:])
    assert (failed["message"], failed["error"]) == ("request failed", "builtins.ValueError")
    assert (request["route"], request["status"]) == ("/", 500)
    assert "canary" not in answer.body + log()


def test_the_access_log_has_the_template_and_not_the_address(anyone: Client, log: Callable[[], str]) -> None:
    anyone("GET", "/reconnect/id-canary", headers={"user-agent": "agent-canary"}, query={"q": "query-canary"})
    line = json.loads(log().splitlines()[-1])
    assert (line["message"], line["method"], line["status"]) == ("request", "GET", 404)
    assert line["route"] == "/reconnect/{connection_id}"
    assert "canary" not in json.dumps(line)


@pytest.mark.parametrize("module", ["pydantic", "boto3", "pynamodb", "httpx"])
def test_a_start_does_not_load_what_no_page_shows(module: str) -> None:
    code = f"import sys, web.app; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
