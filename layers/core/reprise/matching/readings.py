"""The ways to read a source's title. People put the artist, the album, a track number or a year into it."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple

from reprise.matching.artists import Credit, person_key, read_credit
from reprise.matching.tails import Kind, read_tail
from reprise.matching.titles import (
    Title,
    dissect,
    has_structure,
    head_of,
    library_title,
    made_title,
    names,
    title_text,
    whole_title,
)


class Reading(Enum):
    """How a title was read. All but the first cost some confidence (`evidence.READINGS`)."""

    PLAIN = "as written"
    ARTIST_INSIDE = "the artist stands in the title"
    ARTIST_FOUND = "the artist was read from the title"
    ARTIST_BEHIND = "the artist was read from behind the title"
    ALBUM_INSIDE = "the album stands in front of the title"
    SWAPPED = "the name stands in brackets"
    WHOLE = "dash read as part of the name"
    UNNUMBERED = "without the track number"
    UNDATED = "without the year"


class Form(NamedTuple):
    """One reading of a source track."""

    reading: Reading
    title: Title
    credit: Credit


MOST_READINGS: Final = 12
# 011-Blackbird, 03. Money, 07 Kashmir; 99 Luftballons keeps its number.
_TRACK_NUMBER: Final = re.compile(r"\d{1,3}\s*[-.):_]+\s*(?=\S)|0\d\s+(?=\S)")
# Pink Floyd: Run Like Hell; file names turn the colon into an underscore.
_COLON: Final = re.compile(r"[:_]+\s+")
_DATED: Final = re.compile(r"\w (?:19|20)\d\d$")


def readings(raw: str, credit: Credit) -> list[Form]:
    """Every reading of a title worth trying, likeliest first."""
    text = title_text(raw)
    forms = _readings(raw, text, credit)
    if forms[0].reading is not Reading.PLAIN:  # a library that names it in the very same way is to find it
        own = library_title(raw, credit)
        forms += [Form(Reading.PLAIN, own, credit)] if all(own.head != form.title.head for form in forms) else []
    if text[:1].isdigit() and (number := _TRACK_NUMBER.match(text)):
        unnumbered = _readings(raw, text[number.end() :], credit)
        forms += [form._replace(reading=Reading.UNNUMBERED) for form in unnumbered]
    return forms[:MOST_READINGS]


def _readings(raw: str, text: str, credit: Credit) -> list[Form]:
    if has_structure(text):
        forms = _structured(raw, text, credit)
    else:
        forms = [Form(Reading.PLAIN, whole_title(text, raw), credit)]
    first = forms[0].title.words
    if credit.words and credit.words in first:
        forms += _without_artist(forms[0], credit)
    if first[-4:].isdigit():
        forms += [_undated(form) for form in forms if _DATED.search(form.title.words)]
    return forms


def _structured(raw: str, text: str, credit: Credit) -> list[Form]:
    parts, tails = dissect(text)
    if not parts:
        return [Form(Reading.PLAIN, whole_title(text, raw), credit)]
    colon = _COLON.search(parts[0])
    if colon and names(before := parts[0][: colon.start()].rstrip(), credit):
        parts = before, parts[0][colon.end() :], *parts[1:]
    if len(parts) == 1:
        return [Form(Reading.PLAIN, made_title(parts[0], tails), credit), *_swapped(parts[0], tails, credit)]
    if names(parts[0], credit) and person_key(parts[-1]) != credit.full:
        return _artist_inside(parts[1:], tails, credit)
    if names(parts[-1], credit):
        return _artist_inside(parts[:-1], tails, credit)
    return _dashed(parts, tails, credit)


def _artist_inside(parts: tuple[str, ...], tails: tuple[str, ...], credit: Credit) -> list[Form]:
    """ "Oasis - Slide Away", "Slide Away - Oasis", "Pink Floyd - The Wall - Run Like Hell"."""
    forms = [Form(Reading.ARTIST_INSIDE, made_title(parts[0], (*parts[1:], *tails)), credit)]
    if len(parts) > 1:
        forms.append(Form(Reading.ALBUM_INSIDE, made_title(parts[-1], (*parts[:-1], *tails)), credit))
    return forms


def _dashed(parts: tuple[str, ...], tails: tuple[str, ...], credit: Credit) -> list[Form]:
    """A dash with no known artist on either side: a subtitle, an album, or the artist of a source that names none."""
    forms = [Form(Reading.PLAIN, made_title(parts[0], (*parts[1:], *tails)), credit)]
    if credit.known and read_tail(parts[1]).kind is not Kind.SUBTITLE:
        return forms
    forms.append(Form(Reading.WHOLE, made_title(" ".join(parts), tails), credit))
    forms.append(Form(Reading.ARTIST_FOUND, made_title(parts[1], (*parts[2:], *tails)), read_credit(parts[0])))
    if not credit.known:
        behind = made_title(parts[0], (*parts[1:-1], *tails))
        forms.append(Form(Reading.ARTIST_BEHIND, behind, read_credit(parts[-1])))
    return forms


def _swapped(head: str, tails: tuple[str, ...], credit: Credit) -> list[Form]:
    """ "Top Gun Anthem (Take My Breath Away)"."""
    return [
        Form(Reading.SWAPPED, made_title(tail, (*tails[:place], head, *tails[place + 1 :])), credit)
        for place, tail in enumerate(tails)
        if " " in tail and read_tail(tail).kind is Kind.SUBTITLE
    ]


def _without_artist(form: Form, credit: Credit) -> list[Form]:
    """ "Radiohead Karma Police" by Radiohead, "Karma Police, Radiohead", "Karma Police by Radiohead"."""
    name, words = credit.words, form.title.words
    bare = words.removeprefix("the ").removeprefix(f"{name} ")
    if bare == words.removeprefix("the "):
        bare = words.removesuffix(f" {name}").removesuffix(" the").removesuffix(" by")
    if not bare or bare == words:
        return []
    return [Form(Reading.ARTIST_INSIDE, Title(head_of(bare), bare, form.title.signature), credit)]


def _undated(form: Form) -> Form:
    """ "Dancing Queen 1976": the year of an upload."""
    words = form.title.words[:-5]
    return Form(Reading.UNDATED, Title(head_of(words), words, form.title.signature), form.credit)
