"""What may stand in the short texts that people enter: names, labels, user names, passwords."""

from __future__ import annotations

import unicodedata

from reprise.domain.refusals import InvalidInput

_UNSTORABLE = {"Cc": "a control character", "Cs": "a broken character", "Zl": "a line break", "Zp": "a line break"}


def check_text(field: str, text: str, *, max_chars: int) -> str:
    """`text` as it is, or `InvalidInput` when it is empty, longer than `max_chars`, or cannot stand in one line.

    Joiners and marks are fine (names in many scripts and emoji need them); control characters are not.
    """
    if not text:
        raise InvalidInput(field, "This must not be empty.")
    if len(text) > max_chars:
        raise InvalidInput(field, f"This must not be longer than {max_chars} characters.")
    for character in text:
        unstorable = _UNSTORABLE.get(unicodedata.category(character))
        if unstorable:
            raise InvalidInput(field, f"This must not hold {unstorable}.")
    return text
