"""docs/operations.md speaks of what is deployed: an operator pastes from it, mostly when something is wrong already."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import grimp
import pytest

from reprise.matching.codec import FORMAT
from reprise.stores.s3.personal_files import FOLDERS
from reprise_dev.building.template_reading import Template
from reprise_dev.building.watched import FUNCTIONS
from reprise_dev.doubles.tables import TABLES as KNOWN_TABLES
from reprise_dev.measuring.costs import (
    ALARMS,
    API_GB,
    MARK,
    METRICS,
    QUEUES,
    SETUPS,
    SMALL_GB,
    SYNC_GB,
    SYNCED_AT_ONCE,
    TABLES,
    Measured,
    tables,
)
from reprise_dev.measuring.figures import read_figures
from reprise_dev.measuring.marked_text import between
from reprise_dev.measuring.prices import PRICES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"^ *```sh\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE))
CORE = ROOT / "layers" / "core" / "reprise"
SUBSONIC = CORE / "targets" / "subsonic"
SERIALIZATION = CORE / "serialization"


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_resource_and_output_it_asks_for_is_there(translated: Template) -> None:
    asked = set(re.findall(r"`res (\w+)`|\$\(res (\w+)\)", PAGE))
    resources = {name for pair in asked for name in pair if name}
    looped = set(re.findall(r"for \w in ((?:\w+ ?)+);", SHELL))
    resources |= {name for names in looped for name in names.split() if name[0].isupper()}
    read = re.findall(r"\$\(out (\w+)\)|`out (\w+)`|(?:peek|redrive) (\w+Url)", PAGE)
    outputs = {name for names in read for name in names if name}

    assert resources <= set(translated.resources), "SAM names what it makes of an event after function and event"
    assert {"SyncFunctionJobs", "NotifierFunctionOutcomes", "DispatcherFunction", "ApiFunction"} <= resources
    assert {"ApiUrl", "DashboardUrl", "SyncJobsDeadLettersUrl"} <= outputs
    assert outputs <= set(translated.document["Outputs"])


def test_every_alarm_is_explained(translated: Template) -> None:
    lines = [line for line in section("Alarms, and what to do").splitlines() if line.startswith("| `")]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row[0])]

    assert all(len(row) == 4 and row[3].strip() for row in rows), "an alarm that no day rings is none"
    assert sorted(told) == sorted(name.removesuffix("Alarm") for name in translated.of_type("AWS::CloudWatch::Alarm"))


def test_the_log_of_every_function_is_named_and_searched() -> None:
    logs = [each.logs for each in FUNCTIONS]
    page = section("Reading the logs")
    named, searched = re.findall(r"`res (\w+)`", page), re.findall(r'"\$\(res (\w+)\)"', page)

    assert named[: len(logs)] == searched == logs


def test_every_function_that_can_call_the_music_server_gets_its_way_into_a_vpc(translated: Template) -> None:
    functions = translated.of_type("AWS::Lambda::Function")
    doors = {name: each["Handler"].rpartition(".")[0] for name, each in functions.items()}
    imports = grimp.build_graph("reprise", *(door.partition(".")[0] for door in doors.values()), cache_dir=None)
    callers = {
        name for name, door in doors.items() if imports.chain_exists(importer=door, imported="reprise.targets.registry")
    }

    assert set(re.findall(r"`(\w+Function)`", PAGE.split("\n### A VPC\n")[1].split("\n## ")[0])) == callers


def test_the_versions_it_tells_are_those_of_the_messages_and_documents() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SERIALIZATION.glob("*.py"))
    versions = dict(re.findall(r'^_KIND, _VERSION = "([\w-]+)", (\d+)$', source, re.MULTILINE))
    versions["library index"] = str(FORMAT)

    assert len(versions) == 8
    assert {kind: version for kind, version in versions.items() if version != "1"} == {"outcome": "2"}
    assert "Outcomes are at version 2, all else is at version 1." in PAGE


def test_every_parameter_it_names_is_one(translated: Template) -> None:
    pasted = " ".join(re.findall(r'PARAMETERS="([^"]*)"', SHELL))
    named = set(re.findall(r"\b(\w+)=", pasted)) | set(re.findall(r"`([A-Z]\w+)=\w+`", PAGE))

    assert {"MusicServerUrl", "AlarmTopicArn", "SyncConcurrency", "EmailTransport"} <= named
    assert named <= set(translated.document["Parameters"])


def test_what_is_deleted_of_a_person_is_in_every_table_that_knows_people() -> None:
    erased = dict(re.findall(r"^erase (\w+)Table (\w+ \w+)", SHELL, re.MULTILINE))

    assert erased == {
        name: " ".join(table.key.names) for name, table in KNOWN_TABLES.items() if len(table.key.names) == 2
    }
    assert set(KNOWN_TABLES) - set(erased) == {"Users", "Sessions", "Attempts"}, (
        "by other ways; counters end by themselves"
    )
    assert f"for folder in {' '.join(FOLDERS)};" in SHELL


def test_every_table_is_in_the_plan_for_restoring() -> None:
    plan = section("Backup and restore").split("The lists themselves")[0]
    expiring = section("Backup and restore").rsplit("(The last for", maxsplit=1)[1]

    assert set(re.findall(r"`(\w+)Table`", plan)) == set(KNOWN_TABLES)
    assert set(re.findall(r"`(\w+)Table`", expiring)) == {name for name, each in KNOWN_TABLES.items() if each.ttl}
    assert {each.ttl for each in KNOWN_TABLES.values()} - {None} == {"expires_at"}
    assert {folder.rstrip("/") for folder in re.findall(r"`(\w+/)`", plan)} == {*FOLDERS, "departures"}


def test_what_it_says_that_reprise_asks_of_the_music_server_is_all_of_it() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SUBSONIC.glob("*.py"))
    called = set(re.findall(r'(?:\.call|\._optional)\(\s*"(\w+)"', code))

    assert (
        set(re.findall(r"`((?:get|search|create|update|delete)\w+)`", section("The way to the music server"))) == called
    )


def test_its_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}

    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        assert not file or (ROOT / "docs" / file).is_file()
        assert file or anchor in anchors


def test_the_costs_are_those_of_the_figures_measured_last() -> None:
    measured = read_figures(ROOT / "benchmarks" / "results.jsonl")

    assert between(PAGE, MARK) == tables(measured), "run benchmarks/costs.py --write"
    parts = Measured(measured)
    assert f"{parts.transactions * parts.units_of_transaction:g} write units" in PAGE


def test_the_costs_are_those_of_this_template(translated: Template) -> None:
    functions = translated.of_type("AWS::Lambda::Function")
    memory_gb = {name: each["MemorySize"] / 1024 for name, each in functions.items()}

    assert len(translated.of_type("AWS::CloudWatch::Alarm")) == ALARMS == SETUPS[0].alarms
    assert len(translated.of_type("AWS::DynamoDB::Table")) == TABLES
    assert len(translated.of_type("AWS::Lambda::EventSourceMapping")) == QUEUES
    assert int(translated.value("SyncConcurrency", {})) == SYNCED_AT_ONCE
    assert memory_gb == {
        "SyncFunction": SYNC_GB,
        "DispatcherFunction": SMALL_GB,
        "NotifierFunction": SMALL_GB,
        "ApiFunction": API_GB,
        "WebFunction": API_GB,
    }
    assert METRICS <= PRICES["metrics"].free == 10, "more would have their price"


@pytest.mark.parametrize("command", ["aws ", "make ", "curl "])
def test_commands_are_for_pasting(command: str) -> None:
    assert command in SHELL
    assert not re.search(r"^\$ ", SHELL, re.MULTILINE)


@pytest.mark.parametrize("command", ["batch-write-item", "delete-objects"])
def test_what_is_sent_by_the_hundred_does_not_go_over_the_command_line(tmp_path: Path, command: str) -> None:
    """Linux takes 128 kB as one argument; 25 items may come to 10 MB. `aws` is one that notes what it was given."""
    loops = re.findall(rf"while IFS= read -r \w+; do aws [^\n]*{command}[^\n]*done", SHELL)
    assert len(loops) == SHELL.count(command) > 0
    document = json.dumps({"sent": "x" * 1_000_000})
    stand_in = tmp_path / "aws"
    stand_in.write_text('#!/bin/bash\ncase "$*" in *file:///dev/stdin*) cat >> "$SENT";; esac\n', encoding="utf-8")
    stand_in.chmod(0o755)
    sent = tmp_path / "sent"
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SENT": str(sent)}
    for loop in loops:
        shell = ["bash", "-c", f"set -e -o pipefail; cat | {loop}"]
        subprocess.run(shell, input=f"{document}\n" * 2, env=env, text=True, check=True)

    assert sent.read_text(encoding="utf-8").splitlines() == [document] * 2 * len(loops)


def test_whoever_is_deleted_by_hand_is_remembered_as_one_who_left_by_themselves(tmp_path: Path) -> None:
    """First of all, and under the same name: who, and the milliseconds."""
    by_hand = section("Deleting a person")
    (key,) = re.findall(r'put-object [^\n]*--key "([^"]+)"', by_hand)
    shell = ["bash", "-c", f'WHO=u-1; echo -n "{key}"']
    name = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert re.fullmatch(r"departures/u-1/\d{13}", name)
    assert by_hand.index("put-object") < by_hand.index("\nerase ")


def test_the_days_it_tells_are_those_of_the_bucket(translated: Template) -> None:
    rules = translated.of_type("AWS::S3::Bucket")["DataBucket"]["LifecycleConfiguration"]["Rules"]
    days = {rule["Id"]: rule for rule in rules}
    versions = days["forget-replaced-versions"]["NoncurrentVersionExpiration"]["NoncurrentDays"]
    departed = days["forget-departures"]["ExpirationInDays"] + versions

    assert f"| versions: {versions} days after replacement or deletion |" in PAGE
    assert f"| {departed} days; {versions} from a deletion by mistake |" in PAGE
    assert re.search(
        rf"in the bucket after {versions} days, backups after 35, the\s+record that they left after {departed},", PAGE
    )
