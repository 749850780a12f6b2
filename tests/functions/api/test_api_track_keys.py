"""A track's key goes from the match report into an address and back, whatever it is made of."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.parts import parts
from api.track_keys import key_of, shown_key

from .conftest import Client

KEYS = [
    "isrc:USPR36500001",
    "mbid:0d3a6ab7-7c9f-4b6e-8b1f-6f1f4dfc2ab4",
    "text:0123456789abcdef0123456789abcdef",
    "uri:spotify:track:4uLU6hMCjMI75M1A2tKUQC",
    "uri:https://lists.example/track?id=1&b=100%25#frag",
    "uri:file:///music/Élan/東京 (live).flac",
    "uri:a%2Fb%20c",
    "uri:../../etc",
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("sent_as", [str, lambda shown: quote(shown, safe="")])
def test_a_choice_is_kept_under_the_very_key(alice: Client, key: str, sent_as: type[str]) -> None:
    where = f"/api/v1/matches/{sent_as(shown_key(key))}"
    assert alice("PUT", where, json_body={"library_id": "song-1"}).status == 200
    (kept,) = parts().overrides.of_user(alice.user_id)
    assert kept.track_key == key
    (listed,) = alice("GET", "/api/v1/matches").json["matches"]
    assert listed["key"] == shown_key(key)
    assert alice("DELETE", where).status == 204


@given(st.text(min_size=1, max_size=250))
def test_every_key_comes_back_and_needs_no_encoding(text: str) -> None:
    key = f"uri:{text}"
    assert key_of(shown_key(key)) == key
    assert re.fullmatch(r"[A-Za-z0-9:._-]+", shown_key(key))


@pytest.mark.parametrize("shown", ["b64:!", "b64:a", "b64:gICA", "x", "isrc:", "%00"])
def test_what_names_no_track_is_refused(alice: Client, shown: str) -> None:
    assert alice("PUT", f"/api/v1/matches/{shown}", json_body={"library_id": "song-1"}).status == 404
    assert alice("DELETE", f"/api/v1/matches/{shown}").status == 404
