"""Nobody is connected to who was not vetted."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence

import pytest

from reprise.domain.reach import Reach
from reprise.http import connection
from reprise.http.address import parse_address
from reprise.http.client import HttpClient
from reprise.http.deadline import Deadline
from reprise.http.errors import ConnectionFailed, DeadlineExceeded, ForbiddenAddress, InvalidAddress, UnknownHost
from reprise.http.guard import resolve_host, vetted
from reprise.http.messages import Response
from reprise_dev.doubles.playlist_host import PlaylistHost, reply

from .conftest import LOOPBACK, Names

PUBLIC, OTHER_PUBLIC = "93.184.216.34", "2606:2800:220:1::1"


def numbers(url: str, resolve: Names, reach: Reach = Reach.PUBLIC) -> tuple[str, ...]:
    return vetted(parse_address(url, reach), reach=reach, resolve=resolve, deadline=Deadline(3.0))


class Diallers:
    """Stands in for the module `socket`: notes who is called, and leads every call to one host on loopback."""

    def __init__(self, port: int, dead: Sequence[str] = ()) -> None:
        self.called: list[tuple[str, int]] = []
        diallers = self

        class Dialler(socket.socket):
            def __init__(self, _family: int, kind: int) -> None:
                super().__init__(socket.AF_INET, kind)

            def connect(self, where: tuple[str, int]) -> None:  # type: ignore[override]
                diallers.called.append(where)
                if where[0] in dead:
                    raise ConnectionRefusedError
                super().connect((LOOPBACK, port))

        self.socket = Dialler

    def __getattr__(self, name: str) -> object:
        return getattr(socket, name)


@pytest.fixture
def diallers(host: PlaylistHost, monkeypatch: pytest.MonkeyPatch) -> Diallers:
    host.files["/mix.m3u"] = reply(body=b"#EXTM3U\n")
    made = Diallers(host.port)
    monkeypatch.setattr(connection, "socket", made)
    return made


def public_client(names: Names) -> HttpClient:
    return HttpClient(reach=Reach.PUBLIC, resolve=names, total_s=3.0)


def fetched(client: HttpClient, url: str) -> Response:
    return client.fetch(client.address(url), headers={}, max_bytes=100)


def test_the_connection_goes_to_the_number_that_was_vetted(host: PlaylistHost, diallers: Diallers) -> None:
    """DNS rebinding: the second answer of the name server leads inside, and is never asked for."""
    names = Names([(PUBLIC,), (LOOPBACK,)])
    client = public_client(names)

    fetched(client, "http://rebind.example/mix.m3u")

    assert names.asked == [("rebind.example", 80)]
    assert diallers.called == [(PUBLIC, 80)]
    assert host.requests[0].headers["host"] == "rebind.example"


def test_a_name_that_has_come_to_lead_inside_is_not_called(diallers: Diallers, host: PlaylistHost) -> None:
    names = Names([(PUBLIC,), (LOOPBACK,)])
    client = public_client(names)
    address = client.address("http://rebind.example/mix.m3u")
    client.fetch(address, headers={}, max_bytes=100)

    with pytest.raises(ForbiddenAddress):
        client.fetch(address, headers={}, max_bytes=100)

    assert len(host.requests) == len(diallers.called) == 1


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:10.0.0.1"]
)
def test_one_inside_address_among_public_ones_is_enough_to_refuse(inside: str) -> None:
    for answer in ((PUBLIC, inside), (inside, PUBLIC), (PUBLIC, OTHER_PUBLIC, inside)):
        with pytest.raises(ForbiddenAddress) as caught:
            numbers("https://mixed.example/x", Names([answer]))
        assert inside not in str(caught.value), "a refusal is no way to ask for the addresses of names inside"


@pytest.mark.parametrize(
    ("url", "reach", "said"),
    [
        ("http://127.0.0.1/x", Reach.PUBLIC, "an address of this machine itself"),
        ("http://[::1]/x", Reach.PUBLIC, "an address of this machine itself"),
        ("http://[::ffff:127.0.0.1]/x", Reach.PUBLIC, "an address of this machine itself"),
        (
            "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
            Reach.PRIVATE,
            "an address of this machine itself",
        ),
        ("http://192.168.1.10/x", Reach.PUBLIC, "an address of a private network"),
        ("http://169.254.169.254/latest/meta-data/", Reach.PUBLIC, "at which a cloud tells its secrets"),
        ("http://169.254.169.254/latest/meta-data/", Reach.MACHINE, "at which a cloud tells its secrets"),
        ("http://[fd00:ec2::254]/latest/", Reach.MACHINE, "at which a cloud tells its secrets"),
        ("http://[64:ff9b::a9fe:a9fe]/", Reach.MACHINE, "at which a cloud tells its secrets"),
        ("http://0.0.0.0/", Reach.MACHINE, "reserved"),
        ("http://[::]/", Reach.MACHINE, "reserved"),
    ],
)
def test_numeric_addresses_pass_the_same_guard_and_ask_nobody(url: str, reach: Reach, said: str) -> None:
    names = Names()
    with pytest.raises(ForbiddenAddress) as caught:
        numbers(url, names, reach)
    assert said in caught.value.leads_to.value
    assert names.asked == []


@pytest.mark.parametrize(
    "url", ["http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://localhost/"]
)
def test_other_spellings_of_loopback_end_where_all_names_do(url: str) -> None:
    """As the system reads them: whatever it makes of a name, it is the number that is judged."""
    with pytest.raises((ForbiddenAddress, InvalidAddress, UnknownHost)):
        vetted(parse_address(url, Reach.PUBLIC), reach=Reach.PUBLIC, resolve=resolve_host, deadline=Deadline(3.0))


def test_the_operator_may_open_private_networks() -> None:
    assert numbers("http://nas.home/x", Names([("192.168.1.10", "fd12::1")]), Reach.PRIVATE) == (
        "192.168.1.10",
        "fd12::1",
    )


def test_a_name_without_an_address_is_unreachable() -> None:
    def nobody(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for resolve in (nobody, lambda host, port: ()):
        with pytest.raises(UnknownHost):
            vetted(
                parse_address("http://nowhere.example/x", Reach.PUBLIC),
                reach=Reach.PUBLIC,
                resolve=resolve,
                deadline=Deadline(3.0),
            )


def test_a_name_server_that_does_not_answer_is_left_behind() -> None:
    def slow(host: str, port: int) -> Sequence[str]:
        time.sleep(1.5)
        return (LOOPBACK,)

    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        vetted(
            parse_address("http://slow.example/", Reach.MACHINE),
            reach=Reach.MACHINE,
            resolve=slow,
            deadline=Deadline(0.2),
        )
    assert time.monotonic() - began < 1.2


def test_the_next_address_is_tried_when_one_refuses(
    host: PlaylistHost, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.files["/mix.m3u"] = reply(body=b"#EXTM3U\n")
    diallers = Diallers(host.port, dead=[OTHER_PUBLIC])
    monkeypatch.setattr(connection, "socket", diallers)
    client = public_client(Names([(OTHER_PUBLIC, PUBLIC)]))

    fetched(client, "http://two.example/mix.m3u")

    assert [number for number, _ in diallers.called] == [OTHER_PUBLIC, PUBLIC]


def test_not_every_address_of_a_crowd_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [f"93.184.216.{n}" for n in range(1, 100)]
    diallers = Diallers(1, dead=crowd)
    monkeypatch.setattr(connection, "socket", diallers)
    client = public_client(Names([crowd]))

    with pytest.raises(ConnectionFailed):
        fetched(client, "http://crowd.example/mix.m3u")

    assert len(diallers.called) == connection.ADDRESSES_MAX


def test_a_deadline_is_one_for_everything() -> None:
    now = [10.0]
    deadline = Deadline(5.0, clock=lambda: now[0])
    assert deadline.left_s() == 5.0
    now[0] = 14.0
    assert deadline.left_s() == 1.0
    now[0] = 15.0
    with pytest.raises(DeadlineExceeded):
        deadline.left_s()
