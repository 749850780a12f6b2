"""Folds any spelling in any script to lower-case ASCII words, so that equal names compare equal (`S1x-40`, `S1x-42`).

Three steps, each usable alone: `to_ascii` keeps punctuation (the title and credit grammars need it), `fold` keeps only
words, `compact` drops the spaces between them, so that "Ice Cream" and "Icecream" are one.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

from anyascii import anyascii

# One row per spelling that kept equal names apart: (characters, replacement, the case that asked for it).
_PUNCTUATION: Final = (
    ("’‘‛ʼʹʻʽ′´`＇", "'", "Don’t / Don´t / Don't"),
    ("‐‑‒–—―−﹣", "-", "a hyphen U+2010 out of one service, an en dash out of another"),
    ("【〔［〖", "[", "【MV】 in front of uploaded titles"),
    ("】〕］〗", "]", "the closing half"),
    ("「」『』《》〈〉«»“”„‟″", '"', "titles quoted in the script's own quotes"),
    ("｜¦", "|", "Artist ｜ Title"),
    ("⁄∕", "/", "½ is decomposed with U+2044"),
    ("ー・‧·", "", "prolonged sound marks and middle dots: コーヒー・ルンバ"),
    ("•●♫♪★☆►▶", " | ", "ornaments between artist, title and channel in uploads"),
    ("™®©℠", "", "Name™ is no TM"),
    ("♥❤♡", " love ", "I ♥ You"),
    ("º°", "o", "Nº 5, N° 5"),
    ("～〜", "~", "Title ～ Artist"),
    ("\u200b\u200c\u200d\ufeff\u00ad", "", "zero-width characters and soft hyphens pasted from the web"),
)
_MARKS: Final = frozenset({"Mn", "Me", "Cf", "Cc", "So", "Sk"})
# Letters of a text that are read. No name is longer, and what reads them must not be slowed down by what is.
LONGEST: Final = 500
_TABLE_LIMIT: Final = 50_000
# U.S.A., T.N.T.: one word, whose letters are no words.
_INITIALS: Final = re.compile(r"(?<![a-z0-9.'])(?:[a-z]\.){2,}[a-z]?(?![a-z0-9])", re.IGNORECASE)
# P!nk, Sh!t; but Hey! Hey! and Wham!
_SIGN_FOR_I: Final = re.compile(r"(?<=\b[a-z])!(?=[a-z])|(?<=\b[a-z][a-z])!(?=[a-z])", re.IGNORECASE)
# What UTF-8 looks like when it was read as Windows-1252: "JÃ³ga", "Donâ€™t".
_MOJIBAKE: Final = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
# Exports that escaped twice: "Ike \\u0026 Tina", like "Ike &amp; Tina".
_ESCAPE: Final = re.compile(r"\\u(00[0-9a-fA-F]{2})")


class _Characters(dict[int, str]):
    """A `str.translate` table that works each character out when it is first met."""

    def __missing__(self, code: int) -> str:
        if len(self) > _TABLE_LIMIT:  # hostile input may walk through all of Unicode; memory must not follow
            self.clear()
            self.update(_SEED)
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    stripped = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) not in _MARKS)
    if stripped.isascii():
        return stripped
    return anyascii(character)


_SEED: Final = {code: chr(code) for code in range(32, 127)} | {
    ord(character): replacement for characters, replacement, _ in _PUNCTUATION for character in characters
}
_CHARACTERS: Final = _Characters(_SEED)

# Lower case, `$` as s (Ke$ha, A$AP), everything else a gap between words.
_WORDS: Final = bytes(
    code + 32 if 65 <= code <= 90 else code if 48 <= code <= 57 or 97 <= code <= 122 else 115 if code == 36 else 32
    for code in range(256)
)
_DROPPED: Final = b"'`"
_VISIBLE: Final = re.compile("[!-~]")


def to_ascii(text: str) -> str:
    """`text` in lower-case ASCII, single-spaced, punctuation kept. Other scripts are transliterated, emoji vanish."""
    text = text[:LONGEST]
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if "\\u00" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if not text.isascii():
        text = _repaired(text) if _MOJIBAKE.search(text) else text
        text = unicodedata.normalize("NFC", text).translate(_CHARACTERS)
    return " ".join(text.lower().split())[:LONGEST]


def _repaired(text: str) -> str:
    """`text` as it was before somebody read UTF-8 as Windows-1252; unchanged where that is not what happened."""
    try:
        return b"".join([_written(character) for character in text]).decode("utf-8")
    except UnicodeError:
        return text


def _written(character: str) -> bytes:
    """The byte a character was read from. The five that Windows-1252 leaves open were read as controls."""
    return character.encode("latin-1" if "\x80" <= character <= "\x9f" else "cp1252")


def fold(text: str) -> str:
    """The words of `text`, lower-case ASCII, one space apart. `&` and a free-standing `+` are "and".

    A text of nothing but signs ("???", "!!!", "+") keeps them, so that such names still differ from one another.
    "" only for blank text.
    """
    plain = text if text.isascii() else to_ascii(text)
    if "&" in plain or " + " in plain:
        plain = plain.replace("&", " and ").replace(" + ", " and ")
    if "." in plain:
        plain = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), plain)
    if "!" in plain:
        plain = _SIGN_FOR_I.sub("i", plain)
    words = plain.encode("ascii").translate(_WORDS, _DROPPED).split()
    if words:
        return b" ".join(words).decode("ascii")
    signs = (c for c in unicodedata.normalize("NFKC", text).casefold() if c.isprintable() and not c.isspace())
    # Marks that a space parted before stand side by side now, and have an order of their own.
    kept = unicodedata.normalize("NFKC", "".join(signs))
    # A sign may stand for letters ("™"): then those are the words.
    return kept if kept == text else fold(kept)


def is_blank(text: str) -> bool:
    """Whether an ASCII text folds to nothing."""
    return _VISIBLE.search(text) is None


def compact(folded: str) -> str:
    """Folded words without the gaps."""
    return folded.replace(" ", "")
