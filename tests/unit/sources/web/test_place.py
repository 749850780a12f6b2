"""How much of a playlist's address a person is shown."""

from __future__ import annotations

import pytest

from reprise.domain.reach import Reach
from reprise.http.address import parse_address
from reprise.sources.web.place import file_name, place


@pytest.mark.parametrize(
    ("text", "shown", "name"),
    [
        ("https://example.org/mix.jspf?token=s3cret", "example.org/mix.jspf", "mix.jspf"),
        ("https://example.org/s3cret/My%20Mix.M3U8", "example.org/…/My Mix.M3U8", "My Mix.M3U8"),
        ("https://example.org/share/s3cret", "example.org", ""),
        ("https://example.org/share/s3cret.php", "example.org", ""),
        ("https://example.org/", "example.org", ""),
        ("https://example.org/.csv", "example.org", ""),
        ("https://example.org/a%0Ab.csv", "example.org", ""),
        ("https://example.org/a%E2%80%AEvsc.csv", "example.org", ""),
        ("https://example.org/" + "x" * 100 + ".csv", "example.org", ""),
        ("https://example.org/..%2F..%2Fetc%2Fmix.csv", "example.org/mix.csv", "mix.csv"),
    ],
)
def test_what_is_shown_of_it(text: str, shown: str, name: str) -> None:
    found = parse_address(text, Reach.PUBLIC)
    assert (place(found), file_name(found)) == (shown, name)
