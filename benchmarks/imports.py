"""What importing each function costs a cold start, out of what `sam build` makes for this machine and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from reprise_dev.building.environments import LOCAL
from reprise_dev.building.watched import FUNCTIONS
from reprise_dev.local.deployment import sam_build
from reprise_dev.measuring.figures import Figure

BUILT = LOCAL / "bench" / "build"
FOLDERS = {each.name: each.resource for each in FUNCTIONS}
ROUNDS = 11
BASELINE = "import boto3; boto3.client('dynamodb', region_name='eu-west-1')"
_MEASURED = """\
import resource, sys
sys.path[:0] = {path!r}
def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
before = used()
{statement}
print(used() - before)
"""


def import_figures() -> Iterator[Figure]:
    """Raises `DeployFailure` when the build fails, `ImportError` for what cannot be imported."""
    sam_build(BUILT)
    statements = {name: f"import {name}.app" for name in FOLDERS}
    best = _best({"boto3": BASELINE, **statements})
    for name in FOLDERS:
        yield Figure(
            name=f"import of {name}",
            value=round(best[name] * 1e3),
            unit="ms",
            baseline=round(best["boto3"] * 1e3),
            how=f"CPU, least of {ROUNDS} runs in turn; against boto3 and one client out of the same layer",
        )


def _best(statements: dict[str, str]) -> dict[str, float]:
    """Seconds for each: the least of several runs, which take turns so that a busy machine is unfair to none."""
    best = dict.fromkeys(statements, float("inf"))
    for _ in range(ROUNDS):
        for name, statement in statements.items():
            best[name] = min(best[name], _run(name, statement))
    return best


def _run(name: str, statement: str) -> float:
    function = BUILT / FOLDERS.get(name, "SyncFunction")
    path = [function, BUILT / "DepsLayer" / "python", BUILT / "CoreLayer" / "python"]
    code = _MEASURED.format(path=[str(folder) for folder in path], statement=statement)
    # -I and -S: nothing but the artifact and the standard library; -B: its bytecode is used as it was shipped.
    command = [sys.executable, "-I", "-S", "-B", "-c", code]
    environment = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    done = subprocess.run(  # noqa: S603 - our own words
        command, env=environment, cwd=Path("/"), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ImportError(f"{statement} failed in the artifact:\n{done.stderr.strip()}")
    return float(done.stdout)
