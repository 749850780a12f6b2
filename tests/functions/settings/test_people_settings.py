"""Each setting of the functions that people ask, the API and the pages, from the template to what it changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from urllib.parse import quote

import pytest

import api.parts
import web.parts
from reprise.domain.connections import MUSIC_SERVER
from reprise.environment import ConfigError
from reprise.matching.policy import DEFAULT_THRESHOLD
from reprise_dev.doubles.cloud import Cloud
from reprise_dev.doubles.fake_navidrome import FakeNavidrome
from reprise_dev.doubles.playlist_host import PlaylistHost, reply
from tests.functions.api.conftest import PASSWORD, Answer, people_cloud
from tests.functions.settings.deployed import Stack, shows
from tests.functions.web.conftest import Client

Chosen = Mapping[str, str]
Deploy = Callable[..., AbstractContextManager[None]]
JSPF = json.dumps({"playlist": {"title": "Mix", "track": [{"title": "Roads", "creator": "Portishead"}]}}).encode()


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with people_cloud() as opened:
        yield opened


@pytest.fixture(scope="module")
def server() -> Iterator[FakeNavidrome]:
    with FakeNavidrome(users={"ann": PASSWORD, "ben": PASSWORD, "root": PASSWORD}, admins={"root"}) as running:
        yield running


@pytest.fixture(scope="module")
def another() -> Iterator[FakeNavidrome]:
    """A server that knows none of them."""
    with FakeNavidrome(users={"zoe": PASSWORD}) as running:
        yield running


@pytest.fixture
def deploy(cloud: Cloud, stack: Stack, server: FakeNavidrome) -> Deploy:
    built: dict[str, Callable[[], object]] = {"api": api.parts.parts, "web": web.parts.parts}

    def as_chosen(function: str, chosen: Chosen) -> AbstractContextManager[None]:
        return stack.deployed(function, built[function], {"MusicServerUrl": server.url} | chosen)

    return as_chosen


def sign_in(username: str = "ann") -> Answer:
    client = Client(address="2001:db8::1")
    return client("POST", "/api/v1/sessions", json_body={"username": username, "password": PASSWORD})


def signed_in() -> Client:
    return Client(token=sign_in().json["token"])


def reconnect(username: str) -> Answer:
    """As the form on the page sends it."""
    form = {"content-type": "application/x-www-form-urlencoded", "origin": "https://api.example.test"}
    body = f"username={username}&password={quote(PASSWORD)}"
    return Client(address="2001:db8::2")("POST", f"/reconnect/{MUSIC_SERVER}", body=body, headers=form)


@shows("api", "MusicServerUrl")
def test_who_signs_in_at_the_api_is_asked_for_at_the_music_server(deploy: Deploy, another: FakeNavidrome) -> None:
    with deploy("api", {}):
        assert (sign_in("ann").status, sign_in("zoe").status) == (201, 401)
    with deploy("api", {"MusicServerUrl": another.url}):
        assert (sign_in("ann").status, sign_in("zoe").status) == (401, 201)


@shows("web", "MusicServerUrl")
def test_who_signs_in_again_on_the_page_is_asked_for_at_the_music_server(
    deploy: Deploy, another: FakeNavidrome
) -> None:
    with deploy("web", {}):
        assert (reconnect("ann").status, reconnect("zoe").status) == (200, 401)
    with deploy("web", {"MusicServerUrl": another.url}):
        assert (reconnect("ann").status, reconnect("zoe").status) == (401, 200)


def by_plain_http(server: FakeNavidrome) -> str:
    """An address of it that is no loopback address, though it leads there."""
    return server.url.replace("127.0.0.1", "0.0.0.0")  # noqa: S104 - called, not listened at


PLAIN_HTTP = pytest.mark.parametrize(("chosen", "allowed"), [({}, False), ({"AllowPlainHttp": "true"}, True)])


@shows("api", "AllowPlainHttp")
@PLAIN_HTTP
def test_the_api_calls_a_server_by_plain_http_where_that_is_allowed(
    deploy: Deploy, server: FakeNavidrome, chosen: Chosen, *, allowed: bool
) -> None:
    before = len(server.requests)
    with deploy("api", {"MusicServerUrl": by_plain_http(server)} | chosen):
        assert sign_in().status == (201 if allowed else 500)
    assert (len(server.requests) > before) is allowed


@shows("web", "AllowPlainHttp")
@PLAIN_HTTP
def test_the_page_calls_a_server_by_plain_http_where_that_is_allowed(
    deploy: Deploy, server: FakeNavidrome, chosen: Chosen, *, allowed: bool
) -> None:
    with deploy("web", {"MusicServerUrl": by_plain_http(server)} | chosen):
        if allowed:
            assert reconnect("ann").status == 200
        else:
            with pytest.raises(ConfigError, match="ALLOW_PLAIN_HTTP"):
                web.parts.parts()


NAMED = pytest.mark.parametrize(("chosen", "admin"), [({}, False), ({"Administrators": "zoe, ben"}, True)])


@shows("api", "Administrators")
@NAMED
def test_whoever_is_named_administers_the_instance(deploy: Deploy, chosen: Chosen, *, admin: bool) -> None:
    with deploy("api", chosen):
        assert sign_in("ben").json["user"]["admin"] is admin
        assert sign_in("ann").json["user"]["admin"] is False


@shows("web", "Administrators")
@NAMED
def test_whoever_is_named_stays_it_when_they_sign_in_on_the_page(
    deploy: Deploy, cloud: Cloud, chosen: Chosen, *, admin: bool
) -> None:
    with deploy("web", chosen):
        assert reconnect("ben").status == 200
    (stored,) = [item for item in cloud.items("Users") if item["username"]["S"] == "ben"]
    assert stored["admin"]["BOOL"] is admin


@shows("api", "MatchThreshold")
@pytest.mark.parametrize(("chosen", "expected"), [({}, DEFAULT_THRESHOLD), ({"MatchThreshold": "0.97"}, 0.97)])
def test_a_person_who_chose_no_threshold_is_told_the_instances(deploy: Deploy, chosen: Chosen, expected: float) -> None:
    with deploy("api", chosen):
        assert signed_in()("GET", "/api/v1/me").json["match_threshold"]["in_force"] == expected


@shows("api", "AllowPrivateAddresses")
@pytest.mark.parametrize(("chosen", "status"), [({}, 400), ({"AllowPrivateAddresses": "true"}, 201)])
def test_a_playlist_in_the_own_network_is_taken_where_that_is_allowed(
    deploy: Deploy, chosen: Chosen, status: int
) -> None:
    with PlaylistHost() as host, deploy("api", chosen):
        host.files["/mix.jspf"] = reply(body=JSPF)
        answer = signed_in()("POST", "/api/v1/playlists/by-url", json_body={"url": host.url("/mix.jspf")})
    assert answer.status == status
    assert bool(host.requests) is (status == 201)
