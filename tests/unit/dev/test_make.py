"""What `make` would do, where it touches somebody's AWS account, and where it translates what it is told."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def commands(*words: str) -> str:
    done = subprocess.run(["make", "-n", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(("word", "action"), [("deploy", " deploy "), ("build", " build "), ("template", " validate ")])
def test_only_what_touches_no_account_falls_back_on_a_region(word: str, action: str) -> None:
    """The region of somebody's AWS profile counts less than the variable: a fallback would deploy to another one."""
    (line,) = [line for line in commands(word).splitlines() if "/bin/sam" in line and action in line]
    assert ("AWS_DEFAULT_REGION" in line) is (word != "deploy")


@pytest.mark.parametrize(
    ("room", "patterns"),
    [
        ("domain/jobs.py", "'reprise.domain.jobs.*'"),
        ("usecases/sync/ matching", "'reprise.usecases.sync.*' 'reprise.matching.*'"),
        ("", "'reprise.domain.*' 'reprise.matching.*' 'reprise.usecases.*'"),
    ],
)
def test_rooms_and_files_to_mutate_are_told_by_their_modules(room: str, patterns: str) -> None:
    words = ["mutate", f"ROOM={room}"] if room else ["mutate"]
    assert f'--max-children "1" {patterns};' in commands(*words)
