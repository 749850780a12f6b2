"""Starting DynamoDB Local where it cannot be started: what is missing is said, and nothing is left half done."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reprise_dev.doubles import dynamodb_local


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dynamodb_local, "_HOME", tmp_path / "dynamodb-local")
    return tmp_path / "dynamodb-local"


@pytest.mark.parametrize("arguments", [[], ["--"]])
def test_without_a_command_it_says_how_it_is_used(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dynamodb_local.main(arguments) == 2
    assert "-- pytest tests/contract/stores" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["java", "mvn"])
def test_a_missing_tool_is_named(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda tool: None if tool == missing else f"/somewhere/{tool}")
    assert dynamodb_local.main(["--", "true"]) == 1
    assert f"{missing} is not installed" in capsys.readouterr().err


def test_a_failed_download_leaves_nothing_that_looks_complete(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def half_way(command: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        (home / f"{dynamodb_local.VERSION}.partial").mkdir()
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr("shutil.which", lambda tool: f"/somewhere/{tool}")
    monkeypatch.setattr("subprocess.run", half_way)
    assert dynamodb_local.main(["--", "true"]) == 1
    assert "Maven could not fetch" in capsys.readouterr().err
    assert not (home / dynamodb_local.VERSION).exists()
    assert "<repository>" not in (home / "pom.xml").read_text(), "Maven's own settings say where artifacts come from"
