"""What holds for every file: a bad one ends as `InvalidUpload` and nothing else, a good one survives a round trip."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprise.domain.playlists import SourcePlaylist
from reprise.domain.tracks import SourceTrack
from reprise.ports.sources import InvalidUpload
from reprise.sources.files.cleaning import clean
from reprise.sources.files.reader import MAX_BYTES, FileReader
from reprise_dev.samples import playlist_files

_GOLDEN = sorted(path for path in (Path(__file__).parent / "golden").iterdir() if path.suffix != ".expected")
_QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _read(data: bytes, filename: str = "") -> SourcePlaylist | None:
    """The playlist, None for a refused file; any other exception fails the test."""
    try:
        return FileReader().parse(data, filename=filename, content_type="")[0]
    except InvalidUpload:
        return None


_FILENAMES = st.sampled_from(["", "a.csv", "a.m3u", "a.m3u8", "a.jspf", "a.xspf", "a.json"])
_OPENINGS = st.sampled_from(
    [
        b"",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"#EXTM3U\n",
        b"#EXTM3U\n#EXTINF:",
        b"Title,Artist\n",
        b"title;isrc\n",
        b"<playlist>",
        b'{"playlist":',
        b'{"format":"reprise-playlist","version":1,"tracks":',
    ]
)


@_QUICK
@given(opening=_OPENINGS, rest=st.binary(max_size=300), filename=_FILENAMES)
def test_random_bytes_are_read_or_refused(opening: bytes, rest: bytes, filename: str) -> None:
    _read(opening + rest, filename)


@_QUICK
@given(path=st.sampled_from(_GOLDEN), data=st.data())
def test_damaged_files_are_read_or_refused(path: Path, data: st.DataObject) -> None:
    whole = path.read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    _read(whole[:start] + data.draw(st.binary(max_size=20)) + whole[end:], path.name)


_KEYS = [
    "playlist",
    "track",
    "tracks",
    "title",
    "creator",
    "identifier",
    "location",
    "duration",
    "duration_ms",
    "isrc",
    "artists",
    "extension",
    "https://musicbrainz.org/doc/jspf#track",
    "additional_metadata",
]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5),
    max_leaves=25,
)


@_QUICK
@given(document=st.dictionaries(st.sampled_from(["playlist", "tracks", "name", "title", "track"]), _JSON, max_size=3))
def test_json_of_any_shape_is_read_or_refused(document: dict[str, object]) -> None:
    _read(json.dumps(document).encode())
    _read(json.dumps({"format": "reprise-playlist", "version": 1, **document}).encode())


def _line_of_text(limit: int = 40) -> st.SearchStrategy[str]:
    """Text as it is after cleaning: what may be written to a file and must come back the same."""
    characters = st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"])
    return st.text(characters, max_size=limit).map(lambda text: clean(text, ""))


_TRACKS = st.lists(
    st.builds(
        SourceTrack,
        title=_line_of_text().filter(bool),
        artist=_line_of_text().filter(bool),
        artists=st.lists(_line_of_text().filter(bool), max_size=3).map(tuple),
        album=_line_of_text(),
        duration_ms=st.none() | st.integers(1, 86_400_000),
        isrc=st.none() | st.from_regex(r"\A[A-Z]{2}[A-Z0-9]{3}[0-9]{7}\Z"),
        recording_mbid=st.none() | st.uuids().map(str),
        uri=st.none() | st.from_regex(r"\Aspotify:track:[A-Za-z0-9]{22}\Z"),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("write", [playlist_files.own_json, playlist_files.jspf])
@_QUICK
@given(name=_line_of_text(), tracks=_TRACKS)
def test_what_is_written_is_read_back(
    write: Callable[[str, Sequence[SourceTrack]], bytes], name: str, tracks: list[SourceTrack]
) -> None:
    playlist = _read(write(name, tracks))

    assert playlist is not None
    assert (playlist.name, playlist.tracks) == (name, tuple(tracks))


@pytest.mark.parametrize("path", _GOLDEN, ids=lambda path: path.name)
@pytest.mark.parametrize("write", [playlist_files.own_json, playlist_files.jspf])
def test_equal_content_has_one_version_whatever_file_it_came_in(
    write: Callable[[str, Sequence[SourceTrack]], bytes], path: Path
) -> None:
    first = _read(path.read_bytes(), path.name)
    assert first is not None

    assert _read(write(first.name, first.tracks)) == first


@_QUICK
@given(name=_line_of_text(), tracks=_TRACKS)
def test_text_survives_the_poorer_formats_too(name: str, tracks: list[SourceTrack]) -> None:
    """XSPF and the CSV exporters keep titles and albums as they are; only their ways with artists differ."""
    said = [(track.title, track.album) for track in tracks]
    for data in (
        playlist_files.xspf(name, tracks),
        playlist_files.exportify(tracks),
        playlist_files.exportify_net(tracks),
        playlist_files.tunemymusic(name, tracks),
        playlist_files.soundiiz(tracks),
        playlist_files.soundiiz(tracks, delimiter=","),
    ):
        playlist = _read(data)
        assert playlist is not None
        assert [(track.title, track.album) for track in playlist.tracks] == said


@_QUICK
@given(first=_TRACKS, second=_TRACKS)
def test_different_tracks_have_different_versions(first: list[SourceTrack], second: list[SourceTrack]) -> None:
    one, other = _read(playlist_files.own_json("x", first)), _read(playlist_files.own_json("x", second))

    assert one is not None
    assert other is not None
    assert (one.version == other.version) == (first == second)


_SLOW_FILES: dict[str, Callable[[int], bytes]] = {
    "blank rows": lambda size: b"Title\n" + b"\n" * size,
    "separators": lambda size: b"Title,Artist\n" + b"," * (size // 35) + b"\n",
    "quotes": lambda size: b"Title\n" + b'"' * (size // 35),
    "one long line": lambda size: b"#EXTM3U\n" + b"#EXTINF:1," + b" - " * (size // 4),
    "many directives": lambda size: b"#EXTM3U\n" + b"#X\n" * (size // 4),
    "nested objects": lambda size: b'{"playlist":' * (size // 14),
    "open string": lambda size: b'{"playlist": "' + b'\\"' * (size // 2),
    "empty tracks": lambda size: b'{"playlist": {"track": [' + b"{}," * (size // 4) + b"{}]}}",
    "spaces in a title": lambda size: b'{"playlist": {"track": [{"title": "' + b" " * size + b'"}]}}',
    "long attribute": lambda size: b'<playlist a="' + b"x" * size + b'"/>',
    "many elements": lambda size: b"<playlist>" + b"<a/>" * (size // 5) + b"</playlist>",
    "no line end": lambda size: b"x" * size,
    "unclosed attributes": lambda size: b"#EXTM3U\n#EXTINF:1 " + b'a="b" ' * (size // 3_200) + b"\nx.mp3\n",
}
_TOO_SHORT_TO_TELL_S = 1.0


@pytest.mark.parametrize("name", _SLOW_FILES)
def test_files_made_to_be_slow_are_not(name: str) -> None:
    """One as large as may be uploaded takes four times as long as a quarter of it, not sixteen times."""
    size = MAX_BYTES - 100
    whole, quarter = _seconds(_SLOW_FILES[name](size)), _seconds(_SLOW_FILES[name](size // 4))
    assert whole < 10 * quarter + _TOO_SHORT_TO_TELL_S


def _seconds(data: bytes) -> float:
    """Processor time of this process."""
    begun = time.process_time()
    _read(data)
    return time.process_time() - begun
