"""Bodies as servers, proxies and attackers send them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.targets.subsonic.answers import BrokenAnswerError, decode_answer

XML = "http://subsonic.org/restapi"


def test_json() -> None:
    assert decode_answer(b'\xef\xbb\xbf {"subsonic-response":{"status":"ok","x":[1]}}\n') == {"status": "ok", "x": [1]}


def test_a_badly_encoded_tag_does_not_hide_the_rest() -> None:
    answer = decode_answer(b'{"subsonic-response":{"status":"ok","title":"caf\xe9 \x01"}}')
    assert answer == {"status": "ok", "title": "caf\ufffd \x01"}


def test_xml_attributes_and_elements_become_keys_and_repeated_elements_a_list() -> None:
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
    <subsonic-response xmlns="{XML}" status="ok" version="1.16.1"><searchResult3>
      <song id="1" title="A &amp; B"><isrc>QZ1</isrc><isrc>QZ2</isrc><artists id="x" name="Zoë"/></song>
      <song id="2" title="C"><isrc/></song>
    </searchResult3></subsonic-response>"""
    assert decode_answer(body.encode()) == {
        "status": "ok",
        "version": "1.16.1",
        "searchResult3": {
            "song": [
                {"id": "1", "title": "A & B", "isrc": ["QZ1", "QZ2"], "artists": {"id": "x", "name": "Zoë"}},
                {"id": "2", "title": "C", "isrc": ""},
            ]
        },
    }


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"<html><head></head></html>",
        b"\n<!doctype HTML>\n<title>x",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
        b"<rss version='2.0'></rss>",
        b"404 page not found",
        b"OK",
        b'{"error": "not subsonic"}',
        b'{"subsonic-response": "ok"}',
        b"[1, 2]",
        b"<p>unclosed",
    ],
)
def test_what_is_no_subsonic_answer(body: bytes) -> None:
    assert decode_answer(body) is None


_BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<subsonic-response status="ok" title="&b;"/>"""
_FILE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<subsonic-response status="ok">&f;</subsonic-response>"""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b'{"subsonic-response":{"status":"ok","pl',
        b'{"subsonic-response":{"status":"ok"}} and more',
        b"{" * 100_000,
        b'{"a":' * 100_000,
        b'<subsonic-response status="ok"><song',
        b'<subsonic-response status="ok">' + b"<a>" * 40 + b"</a>" * 40 + b"</subsonic-response>",
        b'<?xml version="1.0" encoding="no-such-encoding"?><subsonic-response/>',
        _BOMB,
        _FILE,
    ],
)
def test_what_is_cut_off_or_hostile(body: bytes) -> None:
    with pytest.raises(BrokenAnswerError):
        decode_answer(body)


@given(st.binary(max_size=200))
def test_no_body_does_harm(body: bytes) -> None:
    try:
        answer = decode_answer(body)
    except BrokenAnswerError:
        return
    assert answer is None or isinstance(answer, dict)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=6), _JSON, max_size=4))
def test_json_comes_through_as_it_is(content: dict[str, object]) -> None:
    assert decode_answer(json.dumps({"subsonic-response": content}).encode()) == content
