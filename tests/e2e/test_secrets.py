"""What must be nowhere: passwords and tokens, after a run in which each of them was used (invariant 8).

Every place is looked into as a whole, and each holds something harmless that has to be found there too.
"""

from __future__ import annotations

import base64
import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from reprise.domain.tracks import SourceTrack
from reprise_dev.doubles.playlist_host import PlaylistHost, reply
from reprise_dev.local.readback import SubsonicReader
from reprise_dev.local.walkthrough import Told
from reprise_dev.local.world import World, deliveries
from reprise_dev.samples import playlist_files

from .calling import Answer, Caller
from .kept import names, objects, rows
from .lists import SONGS
from .queues import held_still, messages, put_back, set_aside, wait_until_done


def canary(name: str) -> str:
    return f"{name}-{secrets.token_urlsafe(18)}"


@dataclass
class Planted:
    """`secrets` by what they are; `control` is a name that may be seen by its owner."""

    person: Caller
    user_id: str
    secrets: dict[str, str] = field(default_factory=lambda: {name: canary(name) for name in NAMES})
    control: str = field(default_factory=lambda: canary("control"))
    playlist_id: str = ""
    queued: list[dict[str, Any]] = field(default_factory=list)  # Any: messages as boto3 gives them
    dead: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def every_answer(self) -> list[Answer]:
        return [*self.person.answers, *self.answers]


NAMES = ("mistyped", "bogus", "in-query", "in-path", "in-body", "in-stream", "in-source-answer", "in-refused-address")


@pytest.fixture(scope="module")
def planted(
    world: World, newcomer: Callable[..., Caller], reader: Callable[[Caller], SubsonicReader], relay_password: str
) -> Planted:
    password = canary("password")
    person = newcomer("canary", password)
    made = Planted(person=person, user_id=str(person("GET", "/me")["user_id"]))
    made.secrets |= {"password": password, "session": person.token, "relay": relay_password}
    person("PUT", "/me/email", {"email": f"{person.username}@example.org"})
    _use_a_token(world, made)
    _send_what_is_refused(world, made)
    with PlaylistHost({f"/{made.secrets['in-path']}/mix.jspf": reply(body=_file(made))}) as host:
        _follow(world, made, host)
        _fail(world, made, host, reader(person))
    _look_at_everything(made)
    return made


def _file(made: Planted) -> bytes:
    """One track is called as the control, and one has an address such as music servers export."""
    stream = f"https://music.example/rest/stream?id=1&u=ann&t={made.secrets['in-stream']}"
    tracks = [SourceTrack(title=title, artist=artist, uri=stream) for title, artist in SONGS[:3]]
    return playlist_files.jspf(made.control, [*tracks, SourceTrack(title=made.control, artist="Nobody")])


def _use_a_token(world: World, made: Planted) -> None:
    made.secrets["api-token"] = made.person("POST", "/tokens", {"label": "script"})["token"]
    program = Caller(world, token=made.secrets["api-token"])
    assert program("GET", "/me")["username"] == made.person.username
    made.answers += program.answers


def _send_what_is_refused(world: World, made: Planted) -> None:
    """People put secrets into the wrong places, and mistype them."""
    mistyped, bogus, refused = (made.secrets[name] for name in ("mistyped", "bogus", "in-refused-address"))
    stranger = Caller(world)
    wrong = {"username": made.person.username, "password": mistyped}
    assert stranger.ask("POST", "/sessions", wrong).status == 401
    assert stranger.ask("POST", "/sessions", {**wrong, "passwort": mistyped}).status == 400
    assert stranger.ask("POST", "/sessions", f'{{"password": "{mistyped}"'.encode()).status in {400, 415}
    assert stranger.ask("GET", "/me", headers={"Authorization": f"Bearer {bogus}"}).status == 401
    assert stranger.ask("GET", f"/me?token={bogus}", headers={"Cookie": f"token={bogus}"}).status == 401
    assert stranger.ask("GET", f"/playlists/{bogus}").status == 401
    assert made.person.ask("PUT", "/me/email", {"email": made.secrets["in-body"]}).status == 400
    assert made.person.ask("POST", "/playlists", made.secrets["in-body"].encode() + b"\x00").status == 400
    for address in (f"ftp://lists.example/?token={refused}", f"http://127.0.0.1:1/mix.jspf?token={refused}"):
        assert made.person.ask("POST", "/playlists/by-url", {"url": address}).status in {400, 502}
    made.answers += [*stranger.answers, _sign_in_on_the_page(world, wrong)]


def _sign_in_on_the_page(world: World, fields: dict[str, str]) -> Answer:
    address = f"{world.address}/reconnect/navidrome"
    try:
        urllib.request.urlopen(address, urllib.parse.urlencode(fields).encode(), timeout=60)  # noqa: S310 - loopback
    except urllib.error.HTTPError as refused:
        return Answer(asked="POST /reconnect/navidrome", status=refused.code, headers={}, text=refused.read().decode())
    raise AssertionError("the page took a wrong password")


def _follow(world: World, made: Planted, host: PlaylistHost) -> None:
    """A list at an address with tokens in it; and its jobs, which nobody takes at first."""
    url = host.url(f"/{made.secrets['in-path']}/mix.jspf?token={made.secrets['in-query']}")
    made.playlist_id = str(made.person("POST", "/playlists/by-url", {"url": url})["id"])
    made.person.synced(made.playlist_id)
    assert made.secrets["in-query"] in host.requests[-1].target
    with held_still(world, "SyncFunction", "SyncJobsQueue"):
        for operation in ("sync", "preview", "rebuild"):
            made.person("POST", f"/playlists/{made.playlist_id}/{operation}")
        made.queued += messages(world, "SyncJobsQueue")
        made.dead += set_aside(world, "SyncJobsQueue", "SyncJobsDeadLetters")
    assert len(made.queued) == len(made.dead) == 3
    # They count as waiting, and to ask for the same again would make no further job. One by one: none is put off.
    for message in made.dead:
        put_back(world, "SyncJobsQueue", [message])
        wait_until_done(world, "SyncJobsQueue")


def _fail(world: World, made: Planted, host: PlaylistHost, there: SubsonicReader) -> None:
    """First the list's own server refuses, at length; then the music server does."""
    (path,) = host.files
    with held_still(world, "NotifierFunction", "OutcomesQueue"):
        host.files[path] = reply(403, f"no entry with {made.secrets['in-source-answer']}".encode())
        assert made.person.synced(made.playlist_id)["last_error"]["kind"] == "forbidden"
        host.files[path] = reply(body=_file(made))
        made.secrets["new-password"] = canary("new")
        there.change_password(made.secrets["new-password"])
        made.person("POST", f"/playlists/{made.playlist_id}/sync")
        made.person.refused()
        outcomes = messages(world, "OutcomesQueue")
        aside = set_aside(world, "OutcomesQueue", "OutcomesDeadLetters")
        put_back(world, "OutcomesQueue", aside)
    assert len(outcomes) == len(aside) >= 2
    made.queued += outcomes
    made.dead += aside
    wait_until_done(world, "OutcomesQueue")
    results = [row["result"] for row in deliveries(world.stack) if row["owner"] == made.user_id]
    assert "sent" in results
    made.person.sign_in(made.person.username, made.secrets["new-password"])
    status = made.person("GET", f"/playlists/{made.playlist_id}/sync-status")
    assert status["last_error"]["kind"] == "auth_invalid"


def _look_at_everything(made: Planted) -> None:
    """Whatever can be read without being told more than the playlist's id."""
    for operation in made.person.operations:
        if operation.method == "GET":
            made.person.ask("GET", operation.path.replace("{playlist_id}", made.playlist_id) + "?query=a")


# --- the places ----------------------------------------------------------------------------------------------------


def _logs(world: World, _: Planted) -> Iterator[str]:
    logs = world.stack.emulator.client("logs")
    for group in names(world, "Logs"):
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=world.stack[group]):
            yield from (event["message"] for event in page["events"])
    yield world.stack.emulator.log.read_text(encoding="utf-8")


def _tables(world: World, made: Planted) -> Iterator[str]:
    """All but the one attribute of the one row that has to hold an address (see the test below)."""
    for table in names(world, "Table"):
        for row in rows(world, table):
            own = row.get("playlist_id") == {"S": made.playlist_id} and table == "PlaylistsTable"
            yield str({name: value for name, value in row.items() if not (own and name == "source")})


def _bucket(world: World, _: Planted) -> Iterator[str]:
    for key, content in objects(world):
        yield key + content.decode("utf-8", errors="replace")


def _mails(world: World, _: Planted) -> Iterator[str]:
    for mail in world.relay.mails:
        yield mail.raw.decode("utf-8", errors="replace") + mail.text + mail.html


def _settings(world: World, _: Planted) -> Iterator[str]:
    client = world.stack.emulator.client("lambda")
    for function in names(world, "Function"):
        yield str(client.get_function_configuration(FunctionName=world.stack[function]))


def _answers(_: World, made: Planted) -> Iterator[str]:
    """But for those that give a token to who asked for it."""
    for answer in made.every_answer():
        if (answer.asked, answer.status) not in {("POST /sessions", 201), ("POST /tokens", 201)}:
            yield f"{answer.headers} {answer.text}"


# Each with what has to be found there.
PLACES: dict[str, tuple[Callable[[World, Planted], Iterator[str]], Callable[[Planted], str]]] = {
    "logs": (_logs, lambda made: made.user_id),
    "queues": (lambda _, made: map(str, made.queued), lambda made: made.playlist_id),
    "dead letters": (lambda _, made: map(str, made.dead), lambda made: made.playlist_id),
    "tables": (_tables, lambda made: made.control),
    "bucket": (_bucket, lambda made: made.control),
    "mails": (_mails, lambda made: made.control),
    "settings of the functions": (_settings, lambda _: "MUSIC_SERVER_URL"),
    "answers": (_answers, lambda made: made.control),
}


@pytest.mark.parametrize("place", PLACES)
def test_no_secret_is_in(world: World, told: Told, planted: Planted, place: str) -> None:
    look, control = PLACES[place]
    text = "\n".join(look(world, planted))
    of_the_story = {"first": world.account.password, "second": told.account.password}

    assert control(planted) in text
    found = [name for name, secret in {**planted.secrets, **of_the_story}.items() if shows(text, secret)]
    assert found == []
    # What a music server is told instead of a password: good for as long as the password is.
    assert re.findall(r"[?&](?:t|s|p)=[0-9a-f]{6,}", text) == []


def test_a_token_is_told_once_and_to_who_asked(planted: Planted) -> None:
    for secret in ("session", "api-token"):
        (told,) = [answer for answer in planted.every_answer() if shows(answer.text, planted.secrets[secret])]
        assert told.status == 201


def test_the_address_of_a_playlist_is_kept_in_one_place_because_it_is_needed_there(
    world: World, planted: Planted
) -> None:
    """docs/playlist-files.md, “What is kept and shown”: without the address there is nothing to follow."""
    (row,) = [row for row in rows(world, "PlaylistsTable") if row["playlist_id"] == {"S": planted.playlist_id}]
    holding = {name for name, value in row.items() if shows(str(value), planted.secrets["in-query"])}
    assert holding == {"source"}


def test_the_stored_password_is_a_ciphertext_bound_to_its_connection(world: World, told: Told) -> None:
    (row,) = [row for row in rows(world, "ConnectionsTable") if row["user_id"] == {"S": told.user_id}]
    kms = world.stack.emulator.client("kms")
    context = {"user_id": told.user_id, "connection_id": "navidrome"}

    opened = kms.decrypt(CiphertextBlob=row["ciphertext"]["B"], EncryptionContext=context)["Plaintext"]
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=row["ciphertext"]["B"], EncryptionContext={**context, "user_id": "somebody"})

    assert opened.decode() == told.account.password


# --- the looking ---------------------------------------------------------------------------------------------------


def shows(text: str, secret: str) -> bool:
    return any(disguise in text for disguise in disguises(secret))


def disguises(secret: str) -> Iterator[str]:
    """As it is, in hexadecimal digits, and in base64 of either kind, wherever in a longer text it may stand."""
    assert len(secret) > 10
    data = secret.encode()
    yield from (secret, data.hex(), data.hex().upper())
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + data).decode()[4 if shift else 0 : (shift + len(data)) // 3 * 4]
        yield from (whole, whole.replace("+", "-").replace("/", "_"))


@pytest.mark.parametrize(
    "disguise",
    [
        lambda secret: f"password={secret}&x",
        lambda secret: secret.encode().hex(),
        lambda secret: base64.b64encode(f"u:{secret}@x".encode()).decode(),
        lambda secret: base64.b64encode(f"ab:{secret}".encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(f"{secret}!".encode()).decode(),
    ],
)
def test_a_secret_is_known_in_disguise(disguise: Callable[[str], str]) -> None:
    secret = canary("x")
    assert shows(disguise(secret), secret)
    assert not shows(disguise(canary("x")), secret)
