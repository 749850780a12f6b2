"""What a person is told about a file that cannot be read: one sentence, and where."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from reprise.ports.sources import InvalidUpload
from reprise.sources.files.reader import MAX_BYTES, FileReader
from reprise.sources.files.tracks import MAX_TRACKS


class Case(NamedTuple):
    id: str
    data: bytes | str
    where: str
    # The beginning of the message.
    message: str
    filename: str = ""


_EXPORTIFY = "Track URI,Track Name,Artist Name(s),Album Name,Duration (ms)\n"
_TUNEMYMUSIC = "Track name,Artist name,Album,Playlist name,Type,ISRC\n"
_LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><playlist><title>&b;</title></playlist>'
_OUTSIDE = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><playlist><title>&x;</title></playlist>'


def _ours(tracks: str, head: str = '"version": 1') -> str:
    return f'{{"format": "reprise-playlist", {head}, "tracks": {tracks}}}'


CASES = [
    # the file as a whole
    Case("empty", b"", "", "The file is empty."),
    Case("only white space", b"\xef\xbb\xbf \r\n\t\n", "", "The file is empty."),
    Case("too large", b"a" * (MAX_BYTES + 1), "", "The file is larger than 4 MB"),
    Case("zip", b"PK\x03\x04rest", "", "This is a ZIP archive"),
    Case("gzip", b"\x1f\x8b\x08", "", "This is a gzip archive"),
    Case("old excel", b"\xd0\xcf\x11\xe0\xa1\xb1", "", "This is an Excel workbook"),
    Case("pdf", b"%PDF-1.7", "", "This is a PDF document"),
    Case("mp3", b"ID3\x04\x00", "", "This is a song"),
    Case("pls", "[playlist]\nFile1=a.mp3\n", "", "PLS files are not read"),
    Case("web page", "<!DOCTYPE html><html></html>", "", "This is a web page"),
    Case("rtf", "{\\rtf1\\ansi x}", "", "This is a word processor's document"),
    Case("prose", "Dear diary,\ntoday was fine.\n", "line 1", 'No column holds the title; found "Dear diary"'),
    Case("binary", bytes(range(1, 64)), "line 1", "The line holds a control character (U+0001)."),
    # encodings
    Case("UTF-16 unmarked", "Title,Artist\nA,B\n".encode("utf-16-le"), "line 1", "The file looks like UTF-16"),
    Case("UTF-16 cut", b"\xff\xfeT\x00i", "line 1", "The text is not valid UTF-16."),
    Case("UTF-8 marked, is not", b"\xef\xbb\xbfTitle\nB\xe4r\n", "line 2", "The text is not valid UTF-8."),
    Case("JSON not UTF-8", b'{"playlist":\n\n{"title": "B\xe4r"}}', "line 3", "The text is not valid UTF-8, which"),
    Case(
        "m3u8 not UTF-8", b"#EXTM3U\n#EXTINF:1,B\xe4r - x\nx.mp3\n", "line 2", "The text is not valid UTF-8", "a.m3u8"
    ),
    Case("no encoding at all", b"Title\nx\x81\xffy\n", "line 2", "The text is neither UTF-8 nor Windows-1252"),
    # control characters
    Case("NUL in CSV", "Title,Artist\r\nA,B\r\nC\x00D,E\r\n", "line 3", "The line holds a control character (U+0000)."),
    Case("bell in M3U", "#EXTM3U\r#EXTINF:1,a\x07b\ra.mp3\r", "line 2", "The line holds a control character (U+0007)."),
    Case(
        "NUL in JSPF",
        '{"playlist": {"track": [{"title": "a"}, {"title": "b\\u0000"}]}}',
        "track[1].title",
        "The text holds a control character (U+0000).",
    ),
    Case(
        "half a character",
        _ours('[{"title": "a", "album": "\\ud83d"}]'),
        "tracks[0].album",
        "The text holds half of a character",
    ),
    Case("control in XSPF", "<playlist>\n<title>a\x01</title></playlist>", "line 2", "The XML is broken here."),
    Case("control by reference", "<playlist><title>&#7;</title></playlist>", "line 1", "The XML is broken here."),
    # CSV
    Case("no title column", "Foo;Bar\n1;2\n", "line 1", 'No column holds the title; found "Foo", "Bar", expected'),
    Case("only a header", _EXPORTIFY, "", "The file is a playlist (CSV (Exportify)) without any track."),
    Case(
        "no title",
        f"{_EXPORTIFY}spotify:track:1,A,B,C,1000\nspotify:track:2,,B,C,1000\n",
        'line 3, column "Track Name"',
        "The title is missing.",
    ),
    Case(
        "title too long",
        f"{_EXPORTIFY}spotify:track:1,{'x' * 1001},B,C,1000\n",
        'line 2, column "Track Name"',
        "The text is 1,001 characters long; at most 1,000 are accepted.",
    ),
    Case(
        "artist too long",
        f"{_EXPORTIFY}u,A,{'x' * 1001},C,1000\n",
        'line 2, column "Artist Name(s)"',
        "The text is 1,001 characters long",
    ),
    Case(
        "too many artists", f"{_EXPORTIFY}u,A,{'x;' * 101},C,1\n", 'line 2, column "Artist Name(s)"', "The track names"
    ),
    Case("shifted row", f"{_EXPORTIFY}u,Hello, Goodbye,B,C,1000\n", "line 2", "The row has more cells than the header"),
    Case(
        "quote left open", 'Title,Artist\nA,B\n"C,D\nE,F\n', "line 3", "A cell is opened with a quote and not closed."
    ),
    Case(
        "quote closed far below",
        'Title,Artist\n"A,B\n' + "x,y\n" * 20 + '",z\n',
        "line 2",
        "A cell is opened with a quote here and not closed.",
    ),
    Case("cell too long", f'Title,Artist\nA,B\n"{"x" * 140_000}",B\n', "line 3", "A cell is too long"),
    Case(
        "several playlists",
        f"{_TUNEMYMUSIC}A,B,,Rock,Playlist,\nC,D,,Pop,Playlist,\nE,F,,Rock,Playlist,\n",
        'column "Playlist name"',
        'The file holds 2 playlists ("Rock", "Pop")',
    ),
    Case(
        "favourites and a playlist",
        f"{_TUNEMYMUSIC}A,B,,,Favorite,\nC,D,,Pop,Playlist,\n",
        'column "Playlist name"',
        'The file holds 2 playlists ("", "Pop")',
    ),
    Case(
        "many playlists",
        _TUNEMYMUSIC + "".join(f"A,B,,List {n},Playlist,\n" for n in range(9)),
        'column "Playlist name"',
        'The file holds 9 playlists ("List 0", "List 1", "List 2", …)',
    ),
    Case(
        "playlist name too long",
        f"{_TUNEMYMUSIC}A,B,,{'x' * 256},Playlist,\n",
        'line 2, column "Playlist name"',
        "The text is 256 characters long; at most 255 are accepted.",
    ),
    Case("only albums and artists", f"{_TUNEMYMUSIC}A,B,,x,Album,\nB,,,y,Artist,\n", "", "The file is a playlist (CSV"),
    Case(
        "too many tracks",
        "Title\n" + "x\n" * (MAX_TRACKS + 1),
        f"line {MAX_TRACKS + 2}",
        "The playlist has more than 9,950 tracks",
    ),
    # M3U
    Case("M3U of nothing", "#EXTM3U\n#PLAYLIST:x\n", "", "The file is a playlist (M3U) without any track."),
    Case(
        "HLS", "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:9.9,\nseg0.ts\n", "line 2", "This is the manifest of a media stream"
    ),
    Case("address without a name", "#EXTM3U\nhttps://a.example/stream?id=7\n", "line 2", "The entry names no song"),
    Case("empty EXTINF", "#EXTM3U\n#EXTINF:12,\n#EXTINF:13,A - B\n", "line 2", "The entry names no song"),
    Case("long line", "#EXTM3U\n#EXTINF:1,a\n" + "x" * 9000, "line 3", "The line is longer than 8,000 characters."),
    Case("M3U name too long", f"#EXTM3U\n#PLAYLIST:{'x' * 256}\n", "line 2", "The text is 256 characters long"),
    Case("hidden name", "#EXTM3U\n\u200b\u202e.mp3\n", "line 2", "The title is missing."),
    # JSON
    Case("broken JSON", '{"playlist":\n {"track": [}]}', "line 2", "The JSON is broken here (expecting value)."),
    Case("JSON list", "[1, 2]", "", "The JSON is a list"),
    Case("other JSON", '{"a": 1}', "", "The JSON is neither JSPF"),
    Case("deep JSON", '{"playlist": ' + "[" * 200_000, "", "The JSON is nested too deeply."),
    Case("long number", '{"playlist": ' + "9" * 100_000 + "}", "", "The JSON holds a number that is too long."),
    Case("long fraction", '{"playlist": 0.' + "9" * 100_000 + "}", "", "The JSON holds a number that is too long."),
    Case("NaN", '{"playlist": NaN}', "", "The JSON holds NaN"),
    Case("playlist no object", '{"playlist": []}', "playlist", "The playlist is not an object."),
    Case("no tracks", '{"playlist": {"title": "x"}}', "track", "A list of tracks is missing here."),
    Case("track no object", '{"playlist": {"track": [{"title": "a"}, 7]}}', "track[1]", "The track is not an object."),
    Case("title no text", '{"playlist": {"track": [{"title": ["a"]}]}}', "track[0].title", "The value is not text."),
    Case("creator no text", '{"playlist": {"track": [{"title": "a", "creator": 1}]}}', "track[0].creator", "The value"),
    Case("title missing", '{"playlist": {"track": [{"creator": "a"}]}}', "track[0].title", "The title is missing."),
    Case(
        "title of marks", '{"playlist": {"track": [{"title": "\\u200d\\u200b"}]}}', "track[0].title", "The title is m"
    ),
    Case("empty JSPF", '{"playlist": {"track": []}}', "", "The file is a playlist (JSPF) without any track."),
    Case(
        "creator too long",
        f'{{"playlist": {{"track": [{{"title": "a", "creator": "{"x" * 1001}"}}]}}}}',
        "track[0].creator",
        "The text is 1,001 characters long",
    ),
    Case("unknown version", _ours("[]", '"version": 2'), "version", "Only version 1 of this format is known."),
    Case("true is no version", _ours("[]", '"version": true'), "version", "Only version 1 of this format is known."),
    Case("our tracks no list", _ours('{"a": 1}'), "tracks", "A list of tracks is missing here."),
    Case("our name no text", _ours('[{"title": "a"}]', '"version": 1, "name": 5'), "name", "The value is not text."),
    Case("our title missing", _ours('[{"title": "a"}, {"artist": "b"}]'), "tracks[1].title", "The title is missing."),
    # XSPF
    Case("billion laughs", _LAUGHS, "", "The file declares a document type or entities"),
    Case("file by entity", _OUTSIDE, "", "The file declares a document type or entities"),
    Case("bare document type", "<!DOCTYPE playlist><playlist/>", "", "The file declares a document type or entities"),
    Case("broken XML", "<playlist>\n<trackList>\n<track></playlist>", "line 3", "The XML is broken here."),
    Case("cut XML", "<playlist><trackList>", "line 1", "The XML is broken here."),
    Case("unknown entity", "<playlist><title>&nbsp;</title></playlist>", "line 1", "The XML is broken here."),
    Case("other XML", '<?xml version="1.0"?><plist></plist>', "", 'The XML is not XSPF: its root is "plist"'),
    Case(
        "unknown encoding", '<?xml version="1.0" encoding="klingon"?><playlist/>', "line 1", "The XML is in an encoding"
    ),
    Case("encoding of many bytes", b'<?xml version="1.0" encoding="Shift_JIS"?><playlist/>', "line 1", "The XML is in"),
    Case("deep XML", "<playlist>" + "<a>" * 100_000, "", "The XML is nested too deeply."),
    Case("empty XSPF", "<playlist><trackList/></playlist>", "", "The file is a playlist (XSPF) without any track."),
    Case(
        "XSPF title missing",
        "<playlist><trackList><track><title>a</title></track><track><album>b</album></track></trackList></playlist>",
        "track[1].title",
        "The title is missing.",
    ),
    Case(
        "XSPF creator too long",
        f"<playlist><trackList><track><creator>{'x' * 9000}</creator></track></trackList></playlist>",
        "track[0].creator",
        "The value is longer than 8,000 characters.",
    ),
    Case(
        "XSPF name too long",
        f"<playlist><title>{'x' * 300}</title></playlist>",
        "playlist.title",
        "The text is 300 characters long; at most 255 are accepted.",
    ),
    Case(
        "XSPF name far too long",
        f"<playlist><title>{'x' * 9000}</title></playlist>",
        "playlist.title",
        "The value is longer than 8,000 characters.",
    ),
    Case(
        "XSPF too many tracks",
        "<playlist><trackList>" + "<track><title>x</title></track>" * (MAX_TRACKS + 1),
        f"track[{MAX_TRACKS}]",
        "The playlist has more than 9,950 tracks",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_wrong_and_where(case: Case) -> None:
    data = case.data.encode() if isinstance(case.data, str) else case.data

    with pytest.raises(InvalidUpload) as caught:
        FileReader().parse(data, filename=case.filename, content_type="")

    assert caught.value.where == case.where
    assert caught.value.message.startswith(case.message)
    assert caught.value.message.endswith(".") or caught.value.message.endswith("M3U).")
    assert len(str(caught.value)) < 500
    assert caught.value.__cause__ is None


def test_messages_show_nothing_that_a_terminal_or_page_would_act_on() -> None:
    header = "\u202e<script>\u009b31m;" + "x" * 500

    with pytest.raises(InvalidUpload) as caught:
        FileReader().parse(f"{header};b\n1;2\n".encode(), filename="a.csv", content_type="")

    assert all(character.isprintable() for character in str(caught.value))
    assert len(str(caught.value)) < 300


def test_as_many_tracks_as_a_server_takes_are_read() -> None:
    playlist, _ = FileReader().parse(("Title\n" + "x\n" * MAX_TRACKS).encode(), filename="a.csv", content_type="")

    assert len(playlist.tracks) == MAX_TRACKS


def test_a_title_of_the_longest_length_is_kept_whole() -> None:
    playlist, _ = FileReader().parse(f"Title\n{'é' * 1000}\n".encode(), filename="", content_type="")

    assert playlist.tracks[0].title == "é" * 1000
