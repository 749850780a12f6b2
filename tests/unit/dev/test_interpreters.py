"""Where the Python that compiles for Lambda comes from: this machine, or uv; and what is said where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reprise_dev.building import interpreters
from reprise_dev.building.interpreters import interpreter

# As much of uv as is used: a Python that it installed is found by the next question.
UV_SETTINGS = {"UV_PYTHON_DOWNLOADS": "never"}
UV = """#!/bin/sh
echo "$@ | downloads $UV_PYTHON_DOWNLOADS" >> "{log}"
case "$2" in
find) test -x "{python}" && echo "{python}" && exit 0; exit 2;;
install) {install};;
esac
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(interpreters, "uv_program", lambda: tmp_path / "uv")
    monkeypatch.setattr(
        interpreters,
        "pip_aware_environment",
        lambda uv, env: {**env, **UV_SETTINGS, "UV_PYTHON_INSTALL_DIR": str(tmp_path / "fetched")},
    )
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv("UV_PYTHON_DOWNLOADS", raising=False)
    return tmp_path / "log"


def a_python(path: Path, version: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def a_uv(folder: Path, *, install: str) -> Path:
    python = folder / "fetched" / "python3.99"
    text = UV.format(log=folder / "log", python=python, install=install.format(python=python))
    (folder / "uv").write_text(text, encoding="utf-8")
    (folder / "uv").chmod(0o755)
    return python


FETCHING = 'mkdir -p "$(dirname {python})" && printf "#!/bin/sh\\necho 3.99\\n" > "{python}" && chmod +x "{python}"'


def test_this_python_compiles_for_its_own_version(log: Path) -> None:
    found = interpreter(sys.version_info[1])

    assert (found.path, found.origin) == (sys.executable, "which runs this build")
    assert not log.exists()


def test_a_python_that_pyenv_keeps_is_found_although_it_is_not_chosen(log: Path) -> None:
    a_uv(log.parent, install="exit 1")
    a_python(log.parent / "pyenv" / "versions" / "3.9.9" / "bin" / "python3.9", "3.9")
    broken = a_python(log.parent / "pyenv" / "versions" / "3.99.0" / "bin" / "python3.99", "3.98")
    kept = a_python(log.parent / "pyenv" / "versions" / "3.99.1" / "bin" / "python3.99", "3.99")

    assert interpreter(99).path == str(kept) != str(broken)
    assert "install" not in log.read_text(encoding="utf-8")


def test_one_that_is_not_here_is_fetched_by_uv(log: Path) -> None:
    python = a_uv(log.parent, install=FETCHING)

    found = interpreter(99)

    assert (found.path, found.origin) == (str(python), "fetched by uv")
    asked = log.read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in asked] == ["find", "install", "find"]
    assert asked[1].endswith("| downloads manual")


def test_describing_fetches_nothing(log: Path) -> None:
    a_uv(log.parent, install=FETCHING)

    assert interpreter(99, fetch=False).path is None
    assert "install" not in log.read_text(encoding="utf-8")


def test_where_uv_cannot_fetch_the_reason_is_told(log: Path) -> None:
    a_uv(log.parent, install='echo "error: no such host" >&2; exit 1')

    found = interpreter(99)

    assert (found.path, found.origin) == (None, "there is none here, and uv could not fetch one: error: no such host")


def test_who_forbids_downloads_is_obeyed(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_uv(log.parent, install=FETCHING)
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")

    assert interpreter(99).path is None
    assert "install" not in log.read_text(encoding="utf-8")
