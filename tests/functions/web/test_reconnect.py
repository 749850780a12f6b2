"""The page that a failure email leads to (`S0-13`, `S0-17`, `S1x-86`)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprise.domain.accounts import user_id_of
from reprise.domain.failures import FailureKind, SyncFailure
from reprise_dev.doubles.cloud import Cloud
from tests.functions.api.conftest import PASSWORD, SERVER_URL, Answer, Gate
from tests.functions.reading import Reading

from .conftest import Client

PAGE = "/reconnect/navidrome"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def ann(gate: Gate, anyone: Client) -> Client:
    anyone.username = f"ann-{secrets.token_hex(6)}"
    gate.accounts[anyone.username] = PASSWORD
    return anyone


def enter(client: Client, password: str = PASSWORD, **headers: str) -> Answer:
    body = urlencode({"username": client.username, "password": password})
    return client("POST", PAGE, body=body.encode(), headers=FORM | headers)


def test_the_form_works_without_a_mouse_and_for_a_screen_reader(anyone: Client) -> None:
    answer = anyone("GET", PAGE)
    assert (answer.status, answer.kind) == (200, "text/html; charset=utf-8")
    page = Reading(answer.body)
    labelled = {label["for"] for label in page.all("label")}
    fields = {field["id"]: field for field in page.all("input")}
    assert set(fields) == labelled == {"username", "password"}
    assert "autofocus" in fields["username"]
    assert (fields["username"]["autocomplete"], fields["password"]["autocomplete"]) == ("username", "current-password")
    assert fields["password"]["type"] == "password"
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("button")) == 1
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert "prefers-color-scheme: dark" in answer.body
    for tag in ("script", "img", "link", "iframe"):
        assert page.all(tag) == []


def test_the_page_may_load_nothing_but_its_own_style(anyone: Client) -> None:
    answer = anyone("GET", PAGE)
    (style,) = re.findall(r"<style>(.*?)</style>", answer.body, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    # "no-referrer" would make browsers send "Origin: null" with the form.
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert " style=" not in answer.body


def test_signing_in_again_mends_the_connection_and_makes_no_session(ann: Client, gate: Gate, cloud: Cloud) -> None:
    cloud.messages("OUTCOMES_QUEUE_URL")
    answer = enter(ann)

    assert answer.status == 200
    assert "You are signed in again" in answer.body
    assert "goes on at the next tick" in answer.body
    user_id = user_id_of(SERVER_URL, ann.username)
    (outcome,) = cloud.messages("OUTCOMES_QUEUE_URL")
    assert (outcome["reconnected"], outcome["user_id"]) == (True, user_id)
    assert user_id in repr(cloud.items("Connections"))
    assert user_id not in repr(cloud.items("Sessions"))
    assert "set-cookie" not in {name.lower() for name in answer.headers}
    assert PASSWORD not in answer.body


def test_another_password_ends_every_session_from_before_and_the_page_says_so(
    ann: Client, gate: Gate, cloud: Cloud
) -> None:
    signing_in = {"username": ann.username, "password": PASSWORD}
    ann.token = ann("POST", "/api/v1/sessions", json_body=signing_in).json["token"]
    assert "every other session" not in enter(ann).body
    assert ann("GET", "/api/v1/me").status == 200

    gate.accounts[ann.username] = "another"
    answer = enter(ann, "another")

    assert answer.status == 200
    assert "every other session and every API token of yours has ended" in Reading(answer.body).text
    assert ann("GET", "/api/v1/me").status == 401
    assert "sessions_ended" in repr(
        [item for item in cloud.items("Events") if item["user_id"]["S"] == user_id_of(SERVER_URL, ann.username)]
    )
    assert "every other session" not in enter(ann, "another").body


def test_a_wrong_password_shows_the_form_again_with_the_name_and_the_error(ann: Client, log: Callable[[], str]) -> None:
    answer = enter(ann, "wrong-canary")
    page = Reading(answer.body)
    fields = {field["id"]: field for field in page.all("input")}
    assert answer.status == 401
    assert "does not accept this user name and password" in page.text
    assert {"class": "error", "role": "alert", "id": "error"} in page.all("p")
    assert fields["username"]["value"] == ann.username
    assert "autofocus" in fields["password"]
    assert fields["password"]["aria-describedby"] == "error"
    assert "wrong-canary" not in answer.body + log()


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [
        (FailureKind.UNREACHABLE, 503, "could not be reached"),
        (FailureKind.SERVER_ERROR, 502, "reported an error"),
        (FailureKind.MISCONFIGURED, 502, "does not answer as"),
    ],
)
def test_a_server_that_cannot_say_is_not_called_a_wrong_password(
    ann: Client, gate: Gate, kind: FailureKind, status: int, says: str
) -> None:
    gate.failure = SyncFailure(kind)
    answer = enter(ann)
    assert answer.status == status
    assert says in answer.body
    assert 'role="alert"' in answer.body


def test_guessing_is_limited_together_with_the_api(ann: Client, gate: Gate) -> None:
    for turn in range(10):
        if turn % 2:
            assert enter(ann, "wrong").status == 401
        else:
            body = {"username": ann.username, "password": "wrong"}
            assert ann("POST", "/api/v1/sessions", json_body=body).status == 401
    answer = enter(ann)
    assert answer.status == 429
    assert "Too many attempts. Try again in" in answer.body
    assert int(answer.headers["Retry-After"]) > 0


def from_elsewhere(ann: Client, number: int) -> Client:
    return Client(username=ann.username, address=f"198.51.{secrets.randbelow(256)}.{number}")


@pytest.mark.parametrize("through", ["the page", "the API"])
def test_guesses_from_elsewhere_keep_nobody_out(ann: Client, gate: Gate, through: str) -> None:
    def knock(client: Client, password: str) -> Answer:
        if through == "the page":
            return enter(client, password)
        body = {"username": client.username, "password": password}
        return client("POST", "/api/v1/sessions", json_body=body)

    assert [knock(from_elsewhere(ann, number), "wrong").status for number in range(20)] == [401] * 20
    gate.waits.clear()
    assert knock(ann, PASSWORD).status < 300
    assert gate.waits == [5]
    assert knock(ann, PASSWORD).status < 300
    assert enter(ann).status == 200, "known at one door, known at the other"
    assert gate.waits == [5]


def test_signing_in_does_not_wear_out(ann: Client) -> None:
    assert [enter(ann).status for _ in range(35)] == [200] * 35


@pytest.mark.parametrize("connection_id", ["spotify", "Navidrome", "navidrome2", "%3Cscript%3E", "x" * 3000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_leads_nowhere_is_a_404_page(anyone: Client, method: str, connection_id: str) -> None:
    answer = anyone(method, f"/reconnect/{connection_id}", body=b"a=b" if method == "POST" else None, headers=FORM)
    assert (answer.status, answer.kind) == (404, "text/html; charset=utf-8")
    assert "There is nothing here" in answer.body
    assert "script" not in answer.body


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://api.example.test"}, False),
        ({"origin": "https://api.example.test"}, True),
        ({"origin": "https://feedbeef.execute-api.us-east-1.amazonaws.com"}, True),
        ({"origin": "http://127.0.0.1:8080", "x-forwarded-host": "127.0.0.1:8080"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://api.example.test.evil.example"}, False),
        ({"origin": "https://api.example.test@evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "https://[broken"}, False),
    ],
)
def test_only_our_own_page_may_send_the_form(ann: Client, gate: Gate, headers: dict[str, str], taken: bool) -> None:
    answer = enter(ann, **headers)
    assert answer.status == (200 if taken else 403)
    assert gate.asked == (1 if taken else 0)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", FORM, 400),
        (b"username=ann", FORM, 400),
        (b"username=&password=x", FORM, 400),
        (b"username=" + b"a" * 256 + b"&password=x", FORM, 400),
        (b"username=a%00b&password=x", FORM, 400),
        (b"username=%ff&password=x", FORM, 400),
        (b"username=\xff&password=x", FORM, 400),
        (b"a=b&" * 30, FORM, 400),
        (b"username=ann&password=" + b"x" * 17_000, FORM, 413),
        (b'{"username": "ann", "password": "x"}', {"content-type": "application/json"}, 415),
    ],
)
def test_a_form_that_cannot_be_read_is_asked_for_again(
    anyone: Client, gate: Gate, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = anyone("POST", PAGE, body=body, headers=headers)
    assert (answer.status, answer.kind) == (status, "text/html; charset=utf-8")
    assert len(Reading(answer.body).all("form")) == 1
    assert gate.asked == 0


def test_a_name_with_markup_in_it_is_shown_as_it_is(gate: Gate, anyone: Client) -> None:
    anyone.username = '"><script>alert(1)</script>&amp;'
    page = Reading(enter(anyone, "wrong").body)
    assert page.all("script") == []
    assert page.all("input")[0]["value"] == anyone.username


@given(body=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"username={text}&password=x".encode()))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_form_is_sent_a_page_comes_back(anyone: Client, gate: Gate, body: bytes) -> None:
    anyone.address = secrets.token_hex(8)
    answer = anyone("POST", PAGE, body=body, headers=FORM)
    assert answer.status in {400, 401, 429}
    assert answer.kind == "text/html; charset=utf-8"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405(anyone: Client, method: str) -> None:
    answer = anyone(method, PAGE)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")


def test_the_page_asks_aws_for_nothing(anyone: Client, calls: list[str]) -> None:
    anyone("GET", PAGE)
    assert calls == []


def test_signing_in_again_makes_the_calls_that_the_role_allows(ann: Client, gate: Gate, calls: list[str]) -> None:
    assert enter(ann).status == 200
    assert calls == [
        "UpdateItem",
        "GetItem",
        "UpdateItem",
        "UpdateItem",
        "GetItem",
        "UpdateItem",
        "UpdateItem",
        "UpdateItem",
        "UpdateItem",
        "UpdateItem",
        "Encrypt",
        "UpdateItem",
        "GetItem",
        "UpdateItem",
        "DeleteItem",
        "SendMessageBatch",
    ]
