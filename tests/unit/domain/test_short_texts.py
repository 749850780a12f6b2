"""What may stand in a short text, and how it is refused."""

from __future__ import annotations

import pytest

from reprise.domain.refusals import InvalidInput
from reprise.domain.short_texts import check_text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This must not be empty."),
        ("abcdef", "This must not be longer than 5 characters."),
        ("a\tb", "This must not hold a control character."),
        ("a\u2028b", "This must not hold a line break."),
        ("a\u2029b", "This must not hold a line break."),
        ("a\ud800", "This must not hold a broken character."),
    ],
)
def test_what_cannot_stand_there_is_named(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_text("name", text, max_chars=5)
    assert (refused.value.field, refused.value.sentence) == ("name", sentence)


@pytest.mark.parametrize("text", ["a", "abcde", "e\u0301\u200d"])
def test_anything_else_is_taken_as_it_is(text: str) -> None:
    assert check_text("name", text, max_chars=5) == text
