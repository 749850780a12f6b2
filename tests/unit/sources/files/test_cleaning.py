"""What is kept of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.ports.sources import InvalidUpload
from reprise.sources.files.cleaning import clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \t b\r\nc ", "a b c"),
        ("a\u00a0b\u2003c\u2028d", "a b c d"),
        ("\ufeffa\u200bb\u00ad", "ab"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("hid\U000e0041den", "hidden"),
        ("donâ\x80\x99t", "donât"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\u200d\u200b", ""),
        ("e\u0301", "e\u0301"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_what_is_kept(text: str, expected: str) -> None:
    assert clean(text, "line 1") == expected


@pytest.mark.parametrize("code", [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xD800, 0xDFFF])
def test_what_is_refused(code: int) -> None:
    with pytest.raises(InvalidUpload) as caught:
        clean(f"a{chr(code)}", "line 9")

    assert caught.value.where == "line 9"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text, "")

    assert clean(once, "") == once
    once.encode()
