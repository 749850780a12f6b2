"""Small files as the exporters write them, and what is read from each. The expectations stand beside the files."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from reprise.sources.files.reader import FileReader

_GOLDEN = Path(__file__).parent / "golden"
_FILES = sorted(path.name for path in _GOLDEN.iterdir() if path.suffix != ".expected")


@pytest.mark.parametrize("name", _FILES)
def test_a_file_reads_as_expected(name: str) -> None:
    playlist, label = FileReader().parse((_GOLDEN / name).read_bytes(), filename=name, content_type="")

    said = [{key: value for key, value in asdict(track).items() if value} for track in playlist.tracks]
    expected = json.loads((_GOLDEN / f"{name}.expected").read_text())
    assert json.loads(json.dumps({"label": label, "name": playlist.name, "tracks": said})) == expected


@pytest.mark.parametrize("name", _FILES)
def test_name_and_content_type_are_only_hints(name: str) -> None:
    """Plain M3U and CSV, which content does not name, are told by what their lines look like."""
    data = (_GOLDEN / name).read_bytes()
    hinted = FileReader().parse(data, filename=name, content_type="")

    assert FileReader().parse(data, filename="", content_type="application/octet-stream") == hinted
    assert FileReader().parse(data, filename="upload.bin", content_type="text/plain") == hinted


@pytest.mark.parametrize("name", [name for name in _FILES if name != "plain.m3u"])
def test_a_wrong_file_name_does_not_mislead(name: str) -> None:
    """Except that .m3u8 is taken at its word about being UTF-8, which the Latin-1 file is not."""
    data = (_GOLDEN / name).read_bytes()
    right = FileReader().parse(data, filename=name, content_type="")

    for wrong in ("x.m3u", "x.csv", "x.jspf", "x.xspf", "x.json"):
        assert FileReader().parse(data, filename=wrong, content_type="") == right


def test_every_exporter_has_its_label() -> None:
    labels = {json.loads((_GOLDEN / f"{name}.expected").read_text())["label"] for name in _FILES}

    assert labels == {
        "JSPF",
        "XSPF",
        "M3U",
        "CSV",
        "CSV (Exportify)",
        "CSV (TuneMyMusic)",
        "CSV (Soundiiz)",
        "Reprise JSON",
    }


def test_an_address_with_a_login_leaves_no_trace_of_it() -> None:
    playlist, _ = FileReader().parse((_GOLDEN / "extended.m3u8").read_bytes(), filename="", content_type="")

    assert "26719a1196d2a940705a59634eb18eab" not in repr(playlist)
    assert "u=ann" not in repr(playlist)
