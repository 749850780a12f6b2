"""What comes to the wrong door, or in the wrong shape."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import app, handler
from api.problems import problem_of
from reprise.domain.refusals import Refusal, SourceRefused

from .conftest import CONTEXT, Client, operations
from .playlist_world import take_in

FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
JSON_ROUTES = [("POST", "/api/v1/sessions"), ("POST", "/api/v1/tokens"), ("PUT", "/api/v1/me/email")]
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v2/me",
        "/api/v1/me/",
        "//api/v1/me",
        "/.env",
        "/reconnect",
        "/reconnect/",
    ],
)
def test_an_address_that_is_none_is_a_404_problem(anyone: Client, path: str) -> None:
    answer = anyone("GET", path)
    assert (answer.status, answer.kind) == (404, "application/problem+json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "put"])
def test_a_method_that_an_address_does_not_take_is_405_and_says_which_it_does(anyone: Client, method: str) -> None:
    answer = anyone(method, "/api/v1/playlists")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")
    assert answer.kind == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), sorted(operations()))
def test_every_route_refuses_the_methods_it_does_not_list(anyone: Client, method: str, path: str) -> None:
    address = re.sub(r"{\w+}", "p-1", path)
    listed = {each for each, template in operations() if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), address)}
    for other in {"GET", "POST", "PUT", "PATCH", "DELETE"} - listed:
        answer = anyone(other, address)
        assert (answer.status, set(answer.headers["Allow"].split(", "))) == (405, listed)


@pytest.mark.parametrize(("method", "path"), JSON_ROUTES)
@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (None, {}, 400),
        ("", JSON, 400),
        ("{", JSON, 400),
        ("nul", JSON, 400),
        ("null", JSON, 400),
        ("7", JSON, 400),
        ('"text"', JSON, 400),
        ("[]", JSON, 400),
        ('[{"username": "a", "password": "b", "label": "x", "email": "a@b.org"}]', JSON, 400),
        ("[" * 8000, JSON, 400),
        ('{"a":' * 3000, JSON, 400),
        ('{"label": ' + "9" * 9000 + "}", JSON, 400),
        ('{"label": NaN}', JSON, 400),
        (b"\xff\xfe\x00", JSON, 400),
        ("{}", {"content-type": "text/plain"}, 415),
        ("{}", {"content-type": "application/xml"}, 415),
        ("a=b", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("--x", {"content-type": "multipart/form-data; boundary=x"}, 415),
        ("--x", {"content-type": "multipart/form-data"}, 415),
        ("{}" + " " * 16384, JSON, 413),
    ],
)
def test_a_body_that_is_none(
    alice: Client, method: str, path: str, body: str | bytes | None, headers: dict[str, str], status: int
) -> None:
    answer = alice(method, path, body=body, headers=headers)
    assert (answer.status, answer.kind) == (status, "application/problem+json")


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON", ""]
)
def test_json_by_any_of_its_names(alice: Client, content_type: str) -> None:
    body = '{"label": "größe"}'
    for sent in (body, body.encode()):
        answer = alice("POST", "/api/v1/tokens", body=sent, headers={"content-type": content_type})
        assert (answer.status, answer.json["label"]) == (201, "größe")


def test_a_body_where_none_is_wanted_is_left_alone(alice: Client) -> None:
    assert alice("POST", "/api/v1/sync", body=b"\xff" * 100_000, headers=JSON).status == 202


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["username", "password", "label", "expires_in_days", "email", "x"])


@given(route=st.sampled_from(JSON_ROUTES[1:]), body=st.dictionaries(fields, json_values) | json_values)
@FUZZ
def test_whatever_json_is_sent_is_taken_or_refused(alice: Client, route: tuple[str, str], body: object) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = alice(*route, body=json.dumps(body), headers=JSON)
    assert answer.status in {200, 201, 400, 409}


@given(
    route=st.sampled_from(JSON_ROUTES),
    body=st.binary(max_size=200),
    kind=st.sampled_from(["", "application/json", "text/x"]),
)
@FUZZ
def test_whatever_bytes_are_sent_are_refused(alice: Client, route: tuple[str, str], body: bytes, kind: str) -> None:
    assert alice(*route, body=body, headers={"content-type": kind}).status in {400, 415}


@given(
    path=st.text(max_size=60).map(lambda rest: f"/api/v1/playlists/{rest}"),
    method=st.sampled_from(["GET", "POST", "DELETE"]),
)
@FUZZ
def test_whatever_address_is_asked_for_nothing_breaks(alice: Client, path: str, method: str) -> None:
    assert alice(method, path).status in {404, 405}


@pytest.fixture
def playlist_id(bob: Client) -> str:
    return str(take_in(bob)["id"])


@given(query=st.dictionaries(st.sampled_from(["limit", "cursor", "offset"]), st.text(max_size=40), min_size=1))
@FUZZ
def test_whatever_page_is_asked_for_nothing_breaks(bob: Client, playlist_id: str, query: dict[str, str]) -> None:
    event = bob.event(
        "GET", f"/api/v1/playlists/{playlist_id}/events", body=None, headers={}, query={}, base64_encoded=None
    )
    event["headers"] = {"authorization": f"Bearer {bob.token}"}
    event["queryStringParameters"] = query
    assert handler(event, CONTEXT)["statusCode"] in {200, 400}


@given(value=st.text(max_size=300))
@FUZZ
def test_whatever_stands_in_the_header_nothing_breaks(anyone: Client, value: str) -> None:
    assert anyone("GET", "/api/v1/me", headers={"authorization": value}).status == 401
    assert anyone("GET", "/api/v1/me", headers={"authorization": f"Bearer {value}"}).status == 401


def test_an_event_with_next_to_nothing_in_it(cloud: object) -> None:
    context = {
        "http": {"method": "GET", "path": "/api/v1/health", "sourceIp": ""},
        "requestId": "r",
        "stage": "$default",
    }
    answer = handler({"version": "2.0", "rawPath": "/api/v1/health", "requestContext": context}, CONTEXT)
    assert (answer["statusCode"], answer["body"]) == (200, '{"status":"ok"}')


def test_a_named_stage_is_no_part_of_the_address(anyone: Client) -> None:
    event = anyone.event("GET", "/prod/api/v1/health", body=None, headers={}, query={}, base64_encoded=None)
    event["requestContext"]["stage"] = "prod"
    assert handler(event, CONTEXT)["statusCode"] == 200


def test_the_access_log_has_the_template_and_not_the_address(alice: Client, log: Callable[[], str]) -> None:
    playlist_id = take_in(alice)["id"]
    alice(
        "GET", f"/api/v1/playlists/{playlist_id}", headers={"user-agent": "agent-canary"}, query={"q": "query-canary"}
    )
    line = json.loads(log().splitlines()[-1])
    assert line["message"] == "request"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/playlists/{playlist_id}", 200)
    assert line["user_id"] == alice.user_id
    assert isinstance(line["duration_ms"], int)
    for canary in (playlist_id, "agent-canary", "query-canary", alice.address, alice.token or "?"):
        assert canary not in json.dumps(line)


def test_one_request_leaves_nothing_of_itself_in_the_log_of_the_next(
    alice: Client, anyone: Client, log: Callable[[], str]
) -> None:
    alice("GET", "/api/v1/me")
    anyone("GET", "/api/v1/health")
    assert "user_id" not in json.loads(log().splitlines()[-1])


def test_an_answer_that_is_not_as_typed_is_our_mistake_and_not_theirs(
    anyone: Client, monkeypatch: pytest.MonkeyPatch, log: Callable[[], str]
) -> None:
    (route,) = [route for route in app._static_routes if route.operation_id == "health"]
    monkeypatch.setattr(route, "_middleware_stack_built", False)
    monkeypatch.setattr(route, "_middleware_stack", lambda: {"status": "canary"})
    answer = anyone("GET", "/api/v1/health")
    assert answer.status == 500
    assert "canary" not in answer.body + log()


@pytest.mark.parametrize("refusal", [*Refusal.__subclasses__()])
def test_every_refusal_has_a_status_of_its_own(refusal: type[Refusal]) -> None:
    extra = {"InvalidInput": {"field": "x"}, "TooManyAttempts": {"retry_after_s": 1}}.get(refusal.__name__, {})
    made = refusal(*extra.values(), "Sentence.") if "field" in extra else refusal("Sentence.", **extra)
    problem = problem_of(made)
    assert problem.status == 502 if refusal is SourceRefused else 400 <= problem.status < 500
    assert "Sentence." in problem.detail


def test_when_a_source_names_a_time_it_is_passed_on() -> None:
    assert problem_of(SourceRefused("Later.", retry_after_s=30)).headers == {"Retry-After": "30"}
    assert problem_of(SourceRefused("No.")).headers == {}
