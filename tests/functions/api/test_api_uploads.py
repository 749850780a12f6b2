"""Playlist files as people send them, and as people should not."""

from __future__ import annotations

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.uploads import read_upload
from reprise_dev.doubles.cloud import Cloud

from .conftest import Answer, Client
from .playlist_world import M3U, PLAYLISTS, take_in

BOUNDARY = "------------------------d74496d66958873e"
FORM = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
LIMIT = 4 * 1024 * 1024


def part(data: bytes, *headers: str) -> bytes:
    head = "".join(f"{line}\r\n" for line in headers).encode()
    return f"--{BOUNDARY}\r\n".encode() + head + b"\r\n" + data + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def file_part(data: bytes = M3U, filename: str = "mix.m3u", kind: str = "application/octet-stream") -> bytes:
    return part(data, f'Content-Disposition: form-data; name="file"; filename="{filename}"', f"Content-Type: {kind}")


def send(client: Client, body: bytes, **query: str) -> Answer:
    return client("POST", PLAYLISTS, body=body, headers=FORM, query=query)


def test_a_form_as_curl_sends_it(alice: Client) -> None:
    answer = send(alice, form(file_part()))
    assert (answer.status, answer.json["name"], answer.json["counts"]["total"]) == (201, "Evening", 2)


def test_a_name_may_stand_in_the_form_or_in_the_address_which_wins(alice: Client) -> None:
    body = form(part("Größe".encode(), 'Content-Disposition: form-data; name="name"'), file_part())
    assert send(alice, body).json["name"] == "Größe"
    assert send(alice, body, name="Address").json["name"] == "Address"


def test_a_file_name_in_any_script(alice: Client) -> None:
    answer = send(alice, form(file_part(b"#EXTM3U\nx.mp3\n", filename="Fin de siècle.m3u8")))
    assert (answer.status, answer.json["name"]) == (201, "Fin de siècle")


@given(st.one_of(st.binary(min_size=1), st.text("\r\n-" + BOUNDARY[-3:], min_size=1).map(str.encode)))
def test_the_files_own_bytes_arrive_whatever_they_are(data: bytes) -> None:
    event = Client().event("POST", PLAYLISTS, body=form(file_part(data)), headers=FORM, query={}, base64_encoded=None)
    assert read_upload(APIGatewayProxyEventV2(event), filename="", name="").data == data


@pytest.mark.parametrize("content_type", ["", "text/plain", "audio/x-mpegurl", "application/x-www-form-urlencoded"])
def test_a_file_as_the_body_is_taken_whatever_it_says_it_is(alice: Client, content_type: str) -> None:
    answer = alice("POST", PLAYLISTS, body=M3U, headers={"content-type": content_type})
    assert (answer.status, answer.json["counts"]["total"]) == (201, 2)


def test_a_body_that_the_gateway_took_for_text(alice: Client) -> None:
    text = "#EXTM3U\n#EXTINF:1,Sigur Rós - Hoppípolla\nx.mp3\n"
    answer = alice("POST", PLAYLISTS, body=text, headers={"content-type": "text/plain"}, query={"filename": "ö.m3u8"})
    assert (answer.status, answer.json["name"]) == (201, "ö")


def test_latin_1_survives_when_sent_as_bytes(alice: Client) -> None:
    answer = alice("POST", PLAYLISTS, body="#EXTM3U\n#EXTINF:1,Björk - Jóga\nx.mp3\n".encode("latin-1"))
    assert answer.status == 201


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (form(), "exactly one file"),
        (form(file_part(), file_part()), "exactly one file"),
        (form(part(b"x", 'Content-Disposition: form-data; name="name"')), "exactly one file"),
        (form(file_part(), part(b"x", 'Content-Disposition: form-data; name="other"')), "exactly one file"),
        (form(file_part(b"")), "empty"),
        (form(*[file_part()] * 5), "form"),
        (form(part(b"x", "no colon")), "form"),
        (form(part(b"x")), "form"),
        (form(part(b"x", 'Content-Disposition: form-data; name="file"; filename="' + "x" * 3000 + '"')), "form"),
        (form(file_part())[:-6], "form"),
        (b"", "form"),
        (b"nothing of the kind", "form"),
        (form(part(b"x", "Content-Disposition: form-data; name=\"file\"; filename*=utf-8''x.m3u")), "form"),
        (form(file_part(), part(b"\xff\xfe", 'Content-Disposition: form-data; name="name"')), "form"),
    ],
)
def test_a_form_that_is_none_or_holds_something_else_is_400(alice: Client, body: bytes, says: str) -> None:
    answer = send(alice, body)
    assert answer.status == 400
    assert says in answer.json["detail"]
    assert alice("GET", PLAYLISTS).json == {"playlists": [], "cursor": None}


@pytest.mark.parametrize(
    "boundary", ["", "; boundary=", '; boundary="a\r\nb"', "; boundary=" + "x" * 71, "; boundary=ü"]
)
def test_a_form_without_a_boundary_is_400(alice: Client, boundary: str) -> None:
    headers = {"content-type": "multipart/form-data" + boundary}
    assert alice("POST", PLAYLISTS, body=form(file_part()), headers=headers).status == 400


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "file"),
        (b"\x00\x01\x02", None),
        (
            b"<?xml version='1.0'?><!DOCTYPE p [<!ENTITY a 'x'>]><playlist xmlns='http://xspf.org/ns/0/'>&a;</playlist>",
            None,
        ),
        (b'{"playlist": {"track": [{"title": 7}]}}', None),
        (b"{", None),
        (b"colour;size\nred;3\n", None),
    ],
)
def test_a_file_that_cannot_be_read_is_400_and_leaves_nothing(
    alice: Client, cloud: Cloud, data: bytes, where: str | None
) -> None:
    objects, playlists = cloud.objects(), cloud.items("Playlists")
    answer = alice("POST", PLAYLISTS, body=data)
    assert answer.status == 400
    assert len(answer.json["detail"]) > 10
    assert where is None or answer.json["where"] == where
    assert cloud.objects() == objects
    assert cloud.items("Playlists") == playlists


def test_an_error_names_the_line(alice: Client) -> None:
    answer = alice("POST", PLAYLISTS, body=b'Track Name,Artist Name(s)\nSinnerman,Nina Simone\n"never closed,x\n')
    assert answer.json["type"] == "urn:reprise:problem:invalid-file"
    assert "line" in answer.json["where"]


@pytest.mark.parametrize("encoded", [True, False])
def test_a_file_over_the_limit_is_413(alice: Client, encoded: bool) -> None:
    body = "x" * (LIMIT + 1)
    answer = alice("POST", PLAYLISTS, body=body, base64_encoded=encoded)
    assert (answer.status, answer.json["type"]) == (413, "urn:reprise:problem:too-large")


def test_a_file_at_the_limit_is_read(alice: Client) -> None:
    filler = b"#" + b"x" * 98 + b"\n"
    body = M3U + filler * ((LIMIT - len(M3U)) // len(filler))
    assert alice("POST", PLAYLISTS, body=body).status == 201


def test_base64_that_is_none_is_400(alice: Client) -> None:
    event = alice.event("POST", PLAYLISTS, body=b"x", headers={}, query={}, base64_encoded=True)
    assert event["isBase64Encoded"] is True
    answer = alice("POST", PLAYLISTS, body="x", base64_encoded=None, headers={"content-type": "text/plain"})
    assert answer.status == 400


@pytest.mark.parametrize("query", [{"name": "x" * 256}, {"filename": "x" * 256}, {"name": "a\u2028b"}])
def test_names_have_limits(alice: Client, query: dict[str, str]) -> None:
    answer = alice("POST", PLAYLISTS, body=M3U, query=query)
    assert (answer.status, answer.json["where"]) == (400, next(iter(query)))


def test_the_same_file_twice_makes_two_playlists(alice: Client) -> None:
    assert take_in(alice)["id"] != take_in(alice)["id"]


@given(data=st.binary(max_size=400), multipart=st.booleans(), framed=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_it_is_taken_or_refused(alice: Client, data: bytes, multipart: bool, framed: bool) -> None:
    body = form(part(data)) if framed else data
    answer = alice("POST", PLAYLISTS, body=body, headers=FORM if multipart else {})
    assert answer.status in {201, 400}
