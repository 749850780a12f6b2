"""The pieces of the local run: wishes, what a person sees, the read-back, children, the proxy."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.error import HTTPError
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

import pytest

from reprise_dev.local import processes
from reprise_dev.local.options import Unwishable, Wishes
from reprise_dev.local.processes import StartFailure, child, free_port, is_free, private_folder, wait_for_child
from reprise_dev.local.proxy import running_proxy
from reprise_dev.local.readback import ReadBackFailure, ServerSong, SubsonicReader, differences
from reprise_dev.local.story import Findings, Row, show_table
from reprise_dev.local.terminal import Terminal, clipped, padded, width


def test_the_demo_is_what_one_gets_without_wishes() -> None:
    wishes = Wishes.read({})

    assert (wishes.own, wishes.once, wishes.summary, wishes.port) == (None, False, None, 8765)


def test_an_own_server_with_its_password_taken_out_of_the_environment() -> None:
    env = {"SERVER": "https://music.example.org/", "USERNAME": "alice", "REPRISE_PASSWORD": "sesame", "ONCE": "1"}

    wishes = Wishes.read(env)

    assert wishes.own is not None
    assert (wishes.own.server_url, wishes.own.username, wishes.own.password, wishes.own.ours) == (
        "https://music.example.org",
        "alice",
        "sesame",
        False,
    )
    assert wishes.once
    assert "REPRISE_PASSWORD" not in env


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"SERVER": "music.example.org"}, "must begin with http"),
        ({"SERVER": "https://music.example.org"}, "needs USERNAME"),
        ({"PORT": "many"}, "PORT must be a number"),
        ({"PORT": "70000"}, "PORT must be a number"),
    ],
)
def test_wishes_that_cannot_be_met(env: dict[str, str], sentence: str) -> None:
    with pytest.raises(Unwishable, match=sentence):
        Wishes.read(env)


def test_without_a_terminal_nobody_is_asked_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(Unwishable, match="REPRISE_PASSWORD"):
        Wishes.read({"SERVER": "https://music.example.org", "USERNAME": "alice"})


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("深海", 4), ("é", 1), ("e\N{COMBINING ACUTE ACCENT}", 1)])
def test_width_counts_columns_and_not_characters(text: str, columns: int) -> None:
    assert width(text) == columns


def test_clipped_text_fits() -> None:
    assert clipped("深海の歌", 8) == "深海の歌"
    assert clipped("深海の歌", 6) == "深海…"
    assert padded("深海", 6) == "深海  "


def test_the_table_has_only_tiers_that_found_something() -> None:
    out = io.StringIO()
    row = Row(
        playlist_id="p",
        remote_id="r",
        name="Mix",
        source="JSPF",
        tracks=10,
        matched={"isrc": 3, "fuzzy": 4},
        unmatched=3,
        state="warning",
        seconds=1.25,
    )

    show_table([row], Terminal(out))

    head, line = out.getvalue().splitlines()
    assert head.split() == ["playlist", "source", "tracks", "isrc", "fuzzy", "unmatched", "state", "seconds"]
    assert line.split() == ["Mix", "JSPF", "10", "3", "4", "3", "warning", "1.2"]


def test_a_finding_that_was_not_seen_is_kept_and_explained() -> None:
    out = io.StringIO()
    findings = Findings(Terminal(out))

    findings.check("one email was sent", seen=False, but="2 arrived")
    findings.check("the queues are empty", seen=True, but="never shown")

    assert findings.unseen == ["one email was sent"]
    assert out.getvalue() == "  ✗ one email was sent: 2 arrived\n  ✓ the queues are empty\n"


def _songs(*ids: str) -> list[ServerSong]:
    return [ServerSong(song_id=each, title="", artist="") for each in ids]


@pytest.mark.parametrize(
    ("reported", "there", "count"),
    [
        (["a", "b", "a"], _songs("a", "b", "a"), 0),
        (["a", "b"], _songs("b", "a"), 2),
        (["a", "b"], _songs("a"), 1),
        (["a"], _songs("a", "a"), 1),
        ([], [], 0),
    ],
)
def test_differences_are_found_position_by_position(reported: list[str], there: list[ServerSong], count: int) -> None:
    assert len(differences(reported, there)) == count


class _Subsonic(BaseHTTPRequestHandler):
    """Knows no tokens; its one list has one song, given as an object and not as a list."""

    seen: ClassVar[list[dict[str, list[str]]]] = []

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.seen.append({**form, "path": [self.path]})
        if "p" not in form:
            body = '{"subsonic-response": {"status": "failed", "error": {"code": 10, "message": "missing"}}}'
        elif form["p"] != ["enc:" + b"sesame".hex()]:
            body = '{"subsonic-response": {"status": "failed", "error": {"code": 40, "message": "Wrong password"}}}'
        else:
            body = '{"subsonic-response": {"status": "ok", "playlist": {"entry": {"id": "s1", "title": "T"}}}}'
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def subsonic() -> Iterator[str]:
    _Subsonic.seen = []
    with HTTPServer(("127.0.0.1", 0), _Subsonic) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_the_read_back_falls_back_where_a_server_knows_no_tokens(subsonic: str) -> None:
    reader = SubsonicReader(subsonic + "/rest", "alice", "sesame")

    assert reader.songs("7") == [ServerSong(song_id="s1", title="T", artist="")]
    reader.songs("7")
    assert ["t" in each for each in _Subsonic.seen] == [True, False, False]
    assert _Subsonic.seen[0]["path"] == ["/rest/getPlaylist.view"]


def test_a_refusal_names_the_call_and_not_the_password(subsonic: str) -> None:
    with pytest.raises(ReadBackFailure, match="getPlaylists: Wrong password") as refused:
        SubsonicReader(subsonic, "alice", "another").playlists()

    assert "another" not in str(refused.value)


def test_a_server_that_is_not_there(subsonic: str) -> None:
    with pytest.raises(ReadBackFailure, match="getPlaylists: URLError"):
        SubsonicReader(f"http://127.0.0.1:{free_port()}", "alice", "sesame").playlists()


def test_a_child_and_its_own_children_are_gone_afterwards(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = (
        "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); "
        "open(sys.argv[1], 'w').write(str(p.pid)); p.wait()"
    )
    command = [sys.executable, "-c", program, str(note)]

    with child(command, env={}, log=tmp_path / "log", cwd=tmp_path) as process:
        processes.wait_until(lambda: note.is_file() and note.read_text() != "", seconds=10, what="the grandchild")
        grandchild = int(note.read_text())

    assert process.poll() is not None
    processes.wait_until(lambda: not _runs(grandchild), seconds=5, what="its end")


def _runs(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
    return subprocess.run(["kill", "-0", str(pid)], check=False, capture_output=True).returncode == 0


def test_a_child_that_dies_at_the_start_has_the_last_word(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", "import sys; sys.exit('no such port')"]

    with (
        child(command, env={}, log=log, cwd=tmp_path) as process,
        pytest.raises(StartFailure, match=r"(?s)the thing ended with code 1.*no such port"),
    ):
        wait_for_child(process, lambda: False, seconds=20, what="the thing", log=log)


def test_what_never_becomes_ready_is_not_waited_for_forever(tmp_path: Path) -> None:
    log = tmp_path / "log"
    began = time.monotonic()

    with (
        child(["sleep", "60"], env={"PATH": os.environ["PATH"]}, log=log, cwd=tmp_path) as process,
        pytest.raises(StartFailure, match="the thing: not within 0 s"),
    ):
        wait_for_child(process, lambda: False, seconds=0.2, what="the thing", log=log)

    assert time.monotonic() - began < 10


def test_a_private_folder_goes_and_takes_what_killed_runs_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOCAL", tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / "tmp" / f"run-{ended.pid}-abc"
    living = tmp_path / "tmp" / f"run-{os.getpid()}-abc"
    left.mkdir(parents=True)
    living.mkdir()

    with private_folder() as folder:
        (folder / "file").write_text("")

    assert not folder.exists()
    assert not left.exists()
    assert living.exists()


def test_a_port_in_use_is_not_free() -> None:
    port = free_port()
    assert is_free(port)

    with HTTPServer(("127.0.0.1", port), _Subsonic):
        assert not is_free(port)


class _Backend(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(418)
        self.send_header("X-Path", self.path)
        self.send_header("X-Host", self.headers["Host"])
        self.send_header("X-Token", self.headers["Authorization"])
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        self.wfile.write(body[::-1])

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_the_proxy_passes_on_what_it_gets() -> None:
    with HTTPServer(("127.0.0.1", 0), _Backend) as backend:
        thread = threading.Thread(target=backend.handle_request)
        thread.start()
        with running_proxy(0, backend_port=backend.server_address[1], backend_path="/_aws/$default") as address:
            request = Request(f"{address}/api/v1/x?y=%2F", data=b"\x00abc", headers={"Authorization": "Bearer t"})  # noqa: S310 - loopback
            with pytest.raises(HTTPError) as answer:
                urlopen(request, timeout=10)  # noqa: S310 - loopback
        thread.join()

    with answer.value as error:
        assert error.code == 418
        assert error.headers["X-Path"] == "/_aws/$default/api/v1/x?y=%2F"
        assert f"http://{error.headers['X-Host']}" == address
        assert error.headers["X-Token"] == "Bearer t"
        assert error.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
        assert error.read() == b"cba\x00"


def test_a_backend_that_is_gone_is_a_bad_gateway() -> None:
    with running_proxy(0, backend_port=free_port(), backend_path="") as address, pytest.raises(HTTPError) as answer:
        urlopen(f"{address}/api/v1/health", timeout=10)  # noqa: S310 - loopback

    with answer.value as error:
        assert error.code == 502
        assert b"does not answer" in error.read()
