"""Every row of the pattern tables does what the case beside it asks for."""

from __future__ import annotations

import re

import pytest

from reprise.matching.artists import (
    EQUALS,
    GUESTS,
    NOBODY,
    UNKNOWN,
    Credit,
    pack_credit,
    people,
    read_credit,
    unpack_credit,
)
from reprise.matching.censored import written_out
from reprise.matching.fold import fold, to_ascii
from reprise.matching.languages import TAKES, in_english
from reprise.matching.readings import Reading, readings
from reprise.matching.tails import CONTEXT, PACKAGING, Kind, details, read_tail
from reprise.matching.tails import GUESTS as TITLE_GUESTS
from reprise.matching.titles import dissect, library_title, read_album
from reprise.matching.versions import NAMED, NEUTRAL, ROWS, STANDS_FOR, Row, Version, take
from reprise.matching.words import SHORT_FORMS, fold_title, numbers


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.case)
def test_a_version_row_knows_its_case(row: Row) -> None:
    assert row.version in details(library_title(row.case, NOBODY).signature).versions


@pytest.mark.parametrize(("english", "written", "case"), TAKES, ids=[case for _, _, case in TAKES])
def test_a_take_in_another_script_knows_its_case(english: str, written: str, case: str) -> None:
    assert re.search(written, case.lower())
    assert english in in_english(case)
    if english != "full version":  # which is the song itself
        assert details(library_title(case, NOBODY).signature).versions - NEUTRAL or english == "remaster"


@pytest.mark.parametrize("masked", ["F**k", "F--k", "F#ck", "F***", "F@ck"])
def test_a_masked_word_is_written_out(masked: str) -> None:
    assert written_out(f"{masked} It") == "fuck It"


@pytest.mark.parametrize("plain", ["F# Minor", "C# Moon", "N*SYNC", "A*Teens", "Well---ok", "M*A*S*H", "5*5"])
def test_what_is_no_masked_word_stays(plain: str) -> None:
    assert written_out(plain) == plain


@pytest.mark.parametrize("version", Version)
def test_every_version_has_a_row(version: Version) -> None:
    assert version in {row.version for row in ROWS}


def test_what_stands_for_the_original_is_told_apart_from_what_does_not() -> None:
    assert NEUTRAL.isdisjoint(STANDS_FOR)
    assert NEUTRAL.isdisjoint(NAMED)
    assert Version.LIVE not in NEUTRAL | STANDS_FOR


@pytest.mark.parametrize(
    "name",
    [
        "Live Forever", "Live and Let Die", "Alive", "Cover Me", "Take Me Home", "Take On Me", "Mixed Emotions",
        "Come Clean", "The Edge of Glory", "Cut the Cord", "Demolition Man", "Intro-Inspection", "Original Sin",
        "Single Ladies", "Dubai", "Radio Ga Ga", "Editions of You", "Remind Me", "Acoustics of Love", "Session Man",
        "Extend the Night",
    ],
)  # fmt: skip
def test_a_word_of_the_name_is_no_version(name: str) -> None:
    assert details(library_title(name, NOBODY).signature).versions == frozenset()


@pytest.mark.parametrize(
    "subtitle",
    ["Live Your Life", "Take a Chance on Me", "Take Me Higher", "Cut Here Now", "Come Clean Again", "Cover Me in Gold",
     "Mix It Up", "Alive and Kicking"],
)  # fmt: skip
def test_a_word_of_a_subtitle_is_no_version(subtitle: str) -> None:
    assert read_tail(to_ascii(subtitle)).kind is Kind.SUBTITLE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Tiësto Remix", "Tiesto's Remix", False),
        ("Dillon Francis Remix", "Dillon Francis Edit", True),
        ("Live at Wembley", "Live at Wembley Stadium", False),
        ("Live at Leeds", "Live in Leeds", True),
        ("2011 Remaster", "Remastered 1999", True),
        ("Acoustic Version", "Acoustic", True),
        ("Radio Edit", "Single Version", True),
        ("English Version", "French Version", False),
    ],
)
def test_takes_compare_by_class_and_words(one: str, other: str, same: bool) -> None:
    first, second = take(fold(one)), take(fold(other))
    assert first
    assert second
    assert (first == second) is same


@pytest.mark.parametrize(("pattern", "case"), TITLE_GUESTS)
def test_a_guest_row_knows_its_case(pattern: str, case: str) -> None:
    assert details(library_title(case, NOBODY).signature).guests, pattern


@pytest.mark.parametrize(("pattern", "case"), CONTEXT)
def test_a_context_row_knows_its_case(pattern: str, case: str) -> None:
    tails = details(library_title(case, NOBODY).signature).tails
    assert Kind.CONTEXT in {tail.kind for tail in tails}, pattern


@pytest.mark.parametrize(("words", "case"), PACKAGING)
def test_a_packaging_row_knows_its_case(words: str, case: str) -> None:
    tails = details(library_title(case, NOBODY).signature).tails
    assert {tail.kind for tail in tails} == {Kind.PACKAGING}, words


@pytest.mark.parametrize(("written", "meant", "case"), SHORT_FORMS)
def test_a_short_form_is_written_out(written: str, meant: str, case: str) -> None:
    assert written in fold(case).split()
    assert meant in fold_title(case).split()


@pytest.mark.parametrize(("pattern", "case"), EQUALS + GUESTS)
def test_a_credit_row_parts_its_case(pattern: str, case: str) -> None:
    for credit in case.split("; "):
        read = read_credit(credit.removesuffix(", but not AC/DC").split(", never")[0])
        assert len(read.mains) + len(read.guests) > 1, pattern


@pytest.mark.parametrize("name", ["Draft", "The Gift", "Left, Right", "Daft Punk", "Aerosmith", "Taxi", "Alexander"])
def test_no_word_is_cut(name: str) -> None:
    assert read_credit(name).guests == ()


@pytest.mark.parametrize(
    ("credit", "mains", "guests"),
    [
        ("Drake feat. Wizkid & Kyla", ("drake",), ("wizkid", "kyla")),
        ("The Beatles", ("beatles",), ()),
        ("The The", ("the",), ()),
        ("AC/DC", ("acdc",), ()),
        ("Bob Marley & The Wailers", ("bobmarley", "wailers"), ()),
        ("Duke Ellington and His Orchestra", ("dukeellington",), ()),
        ("Jackson Five", ("jackson5",), ()),
        ("Queen (feat. David Bowie)", ("queen",), ("davidbowie",)),
        ("!!!", ("!!!",), ()),
        ("Various Artists", (), ()),
        ("[unknown]", (), ()),
        ("", (), ()),
    ],
)
def test_credits(credit: str, mains: tuple[str, ...], guests: tuple[str, ...]) -> None:
    read = read_credit(credit)
    assert (read.mains, read.guests) == (mains, guests)
    assert read.known is bool(mains)


def test_listed_artists_are_believed() -> None:
    assert read_credit("Earth, Wind & Fire", ("Earth, Wind & Fire",)).mains == ("earthwindandfire",)
    assert read_credit("A feat. B", ("A", "B")).mains == ("a",)
    assert read_credit("", ("Nina Simone",)).full == "ninasimone"
    assert read_credit("", (), "Nina Simone").full == "ninasimone"
    assert read_credit("Various", ("Unknown Artist",)) == NOBODY
    assert "" in UNKNOWN


@pytest.mark.parametrize("artist", ["Prince", "The Beatles", "Sonny & Cher", "Queen feat. David Bowie", "Various", ""])
def test_an_album_artist_who_is_the_artist_adds_nobody(artist: str) -> None:
    assert read_credit(artist, (), artist) == read_credit(artist)


@pytest.mark.parametrize(
    ("credit", "read"),
    [
        ("Prince", Credit("prince", ("prince",), (), "prince", frozenset({"prince"}))),
        (
            "Sonny & Cher",
            Credit(
                "sonnyandcher", ("sonny", "cher"), (), "sonny and cher", frozenset({"sonnyandcher", "sonny", "cher"})
            ),
        ),
        ("", NOBODY),
    ],
)
def test_a_credit_comes_back_from_its_packed_form(credit: str, read: Credit) -> None:
    assert read_credit(credit) == unpack_credit(pack_credit(read)) == read


@pytest.mark.parametrize(
    ("listed", "keys"),
    [
        ("Dido", ("dido",)),
        ("Lil Wayne & Bruno Mars", ("lilwayne", "brunomars")),
        ("Jay-Z, Mr. Hudson feat. Rihanna", ("jayz", "mrhudson", "rihanna")),
        ("(friends)", ()),
        ("", ()),
    ],
)
def test_guests_are_listed_as_people(listed: str, keys: tuple[str, ...]) -> None:
    assert people(listed) == keys


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Pt. II", "part 2"), ("Rocky III", "rocky 3"), ("Part One", "part 1"), ("I Want You", "i want you"),
        ("Mambo No. 5", "mambo 5"), ("Mambo Number 5", "mambo 5"), ("Mambo Nr. 5", "mambo 5"),
        ("Mambo #5", "mambo 5"), ("Mambo N 5", "mambo 5"), ("No No No", "no no no"), ("F**k You", "fuck you"),
        ("F# Minor", "f minor"), ("U.S.A.", "usa"), ("U S A", "u s a"), ("Op. 67: I. Allegro", "op 67 1 allegro"),
        ("X", "x"), ("Malcolm X", "malcolm x"), ("Vol. 4", "volume 4"),
        ("Henry VIII", "henry 8"), ("IV", "iv"),
    ],
)  # fmt: skip
def test_numbers_in_words(title: str, words: str) -> None:
    assert fold_title(title) == words


def test_numbers_are_compared_as_numbers() -> None:
    assert numbers("part 02 of 10") == ("10", "2")
    assert numbers("no number") == ()


@pytest.mark.parametrize(
    ("title", "parts", "tails"),
    [
        ("song", ("song",), ()),
        ("song (live)", ("song",), ("live",)),
        ("song [live] (2011 remaster)", ("song",), ("live", "2011 remaster")),
        ("song - live - 2011 remaster", ("song", "live", "2011 remaster"), ()),
        ("(i can't get no) satisfaction", ("i can't get no satisfaction",), ()),
        ("song (part 2)", ("song part 2",), ()),
        ("song (a (b) c) d", ("song d",), ("a  b c",)),
        ("song (unclosed", ("song",), ("unclosed",)),
        ("song) stray", ("song  stray",), ()),
        ("song feat. somebody", ("song",), ("feat somebody",)),
        ("6 ft. under", ("6 ft. under",), ()),
        ("song (feat. a - live)", ("song",), ("feat. a", "live")),
        ("song official video hd", ("song",), ()),
        ("()", (), ()),
        ("- song", ("song",), ()),
    ],
)
def test_dissection(title: str, parts: tuple[str, ...], tails: tuple[str, ...]) -> None:
    found = dissect(title)
    assert [fold(part) for part in found.parts] == [fold(part) for part in parts]
    assert [fold(tail) for tail in found.tails] == [fold(tail) for tail in tails]


@pytest.mark.parametrize("reading", Reading)
def test_every_reading_is_reached(reading: Reading) -> None:
    asked = [
        ("Karma Police", "Radiohead"), ("Radiohead - Karma Police", "Radiohead"), ("Radiohead - Karma Police", ""),
        ("Pink Floyd - The Wall - Hey You", "Pink Floyd"), ("Top Gun Anthem (Take My Breath Away)", "Berlin"),
        ("01 - Karma Police", "Radiohead"), ("Karma Police 1997", "Radiohead"),
    ]  # fmt: skip
    assert reading in {form.reading for title, artist in asked for form in readings(title, read_credit(artist))}


@pytest.mark.parametrize(
    ("album", "key", "live"),
    [
        ("OK Computer (Deluxe Edition)", "okaycomputer", False),
        ("Live at Leeds", "liveatleeds", True),
        ("Alchemy: Dire Straits Live", "alchemydirestraits", True),
        ("1977-05-08: Ithaca", "19770508ithaca", True),
        ("MTV Unplugged in New York", "mtvunpluggedinnewyork", True),
        ("Live Through This", "livethroughthis", False),
        ("Caetano Veloso ao Vivo", "caetanovelosoaovivo", True),
        ("Soda Stereo - En Vivo", "sodastereoenvivo", True),
        ("Viva la Vida", "vivalavida", False),
        ("(What's the Story) Morning Glory?", "whatsthestorymorningglory", False),
        ("???", "???", False),
    ],
)
def test_albums(album: str, key: str, live: bool) -> None:
    read = read_album(album)
    assert (read.key, read.live) == (key, live)
