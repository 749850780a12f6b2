"""Parameters, what they may be, and that every function is told exactly what it reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reprise.channels.mime import envelope_address
from reprise.channels.registry import OPENERS
from reprise.config import EmailTransport
from reprise.domain.health import PROBE_LEASE
from reprise.domain.jobs import Reason, SyncJob
from reprise_dev.building.artifacts import FIRST_MINOR_ON_LAMBDA, Target
from reprise_dev.building.function_settings import READERS
from reprise_dev.building.template_reading import Template
from reprise_dev.building.watched import FUNCTIONS, WatchedFunction

ROOT = Path(__file__).parents[2]
POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL", "POWERTOOLS_METRICS_NAMESPACE"}
# Lambda's own is too old a system for the wheels; a local run takes whatever Python there is.
ONLY_HERE = "python3.11"
SMTP = {"EmailTransport": "smtp", "EmailFrom": "reprise@example.org", "SmtpHost": "mail.example.org"}
# Ticks of every hour, which is the default.
OFTEN = {"TicksAreOften"}
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:relay-AbCdEf"


class Recording(Mapping[str, str]):
    """An environment that answers whatever is asked, and remembers it."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self._values = {
            "MUSIC_SERVER_URL": "https://music.example.org",
            "PUBLIC_URL": "https://reprise.example.org",
            "EMAIL_TRANSPORT": "smtp",
            "SMTP_TLS": "starttls",
            "MATCH_THRESHOLD": "0.9",
            "MAX_SHRINK": "0.5",
            "MIN_MATCH_RATE": "0",
            "ALLOW_PLAIN_HTTP": "false",
            "ALLOW_PRIVATE_ADDRESSES": "false",
        }

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values.get(name, "7")

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("settings are asked for by name")

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_a_function_is_told_what_its_settings_read_and_nothing_else(
    translated: Template, function: WatchedFunction
) -> None:
    recording = Recording()
    READERS[function.name](recording)
    told = translated.of_type("AWS::Lambda::Function")[function.resource]["Environment"]["Variables"]

    assert set(told) - POWERTOOLS == recording.asked
    assert set(told) >= POWERTOOLS


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_a_function_is_where_its_handler_says(
    translated: Template, written: Template, function: WatchedFunction
) -> None:
    folder = ROOT / str(written.of_type("AWS::Serverless::Function")[function.resource]["CodeUri"])
    handler = translated.of_type("AWS::Lambda::Function")[function.resource]["Handler"]

    assert handler == f"{function.name}.app.handler"
    assert folder.name == function.name
    assert (folder / "app.py").is_file()


def test_leases_outlast_timeouts(translated: Template) -> None:
    functions = translated.of_type("AWS::Lambda::Function")
    variables = {name: functions[name]["Environment"]["Variables"] for name in functions}

    assert int(variables["SyncFunction"]["LEASE_SECONDS"]) > functions["SyncFunction"]["Timeout"]
    assert PROBE_LEASE.total_seconds() > functions["SyncFunction"]["Timeout"]
    assert int(variables["NotifierFunction"]["CLAIM_LEASE_SECONDS"]) > functions["NotifierFunction"]["Timeout"]
    an_http_api_waits_s = 30
    paths = json.dumps(translated.of_type("AWS::ApiGatewayV2::Api")["HttpApi"]["Body"]["paths"])
    waited_for = set(re.findall(r"\$\{(\w+)\.Arn\}", paths))
    assert waited_for >= {"ApiFunction", "WebFunction"}
    assert all(functions[name]["Timeout"] < an_http_api_waits_s for name in waited_for)


def test_a_job_outwaits_whatever_can_be_in_its_way(translated: Template) -> None:
    """A worker that died leaves the person's lane taken for a lease, and the playlist for another."""
    function = translated.of_type("AWS::Lambda::Function")["SyncFunction"]
    lease_s = int(function["Environment"]["Variables"]["LEASE_SECONDS"])
    job = SyncJob(job_id="j", user_id="u", playlist_ids=("p",), reason=Reason.MANUAL, asked_at=datetime.now(UTC))
    waited_s = 0.0
    while not job.ends_chain:
        waited_s += job.wait.total_seconds()
        job = job.put_off(("p",))
    assert waited_s >= 3 * lease_s
    sqs_delays_by_s = 900
    assert job.wait.total_seconds() <= sqs_delays_by_s


def test_lambda_does_not_end_a_chain_of_jobs(translated: Template) -> None:
    functions = translated.of_type("AWS::Lambda::Function")
    said = {name: each["RecursiveLoop"] for name, each in functions.items() if "RecursiveLoop" in each}
    assert said == {"SyncFunction": "Allow"}, "the others never lead back to themselves"


def test_production_runs_on_python_3_13_on_arm(translated: Template) -> None:
    for function in translated.of_type("AWS::Lambda::Function").values():
        assert function["Runtime"] == {"Ref": "Runtime"}
        assert function["Architectures"] == [{"Ref": "Architecture"}]
    assert translated.value("Runtime", {}) == "python3.13"
    assert translated.value("Architecture", {}) == "arm64"


def test_there_is_something_to_build_every_target_with(written: Template) -> None:
    parameters = written.document["Parameters"]
    wanted = {
        f"{runtime}-{processor}"
        for runtime in (*parameters["Runtime"]["AllowedValues"], ONLY_HERE)
        for processor in parameters["Architecture"]["AllowedValues"]
    }
    targets = {path.parent.name for path in (ROOT / "layers" / "targets").glob("*/Makefile")}
    recipes = (ROOT / "layers" / "targets" / "build.mk").read_text(encoding="utf-8")
    built = [*written.of_type("AWS::Serverless::LayerVersion"), *written.of_type("AWS::Serverless::Function")]

    assert targets == wanted
    for name in built:
        metadata = written.resources[name]["Metadata"]
        assert metadata["ContextPath"] == {"Fn::Sub": "layers/targets/${Runtime}-${Architecture}"}
        assert f"\nbuild-{name}:\n" in recipes


def test_every_runtime_that_is_offered_is_one_that_the_wheels_run_on(written: Template) -> None:
    runtime = written.document["Parameters"]["Runtime"]
    offered = [Target.read(f"{name}-arm64").minor for name in runtime["AllowedValues"]]

    assert min(offered) == FIRST_MINOR_ON_LAMBDA
    assert ONLY_HERE not in runtime["AllowedValues"]
    assert all(name in runtime["ConstraintDescription"] for name in runtime["AllowedValues"])


def test_the_defaults_are_those_that_were_asked_for(written: Template) -> None:
    assert written.value("CooldownDays", {}) == "7"
    assert written.value("SyncIntervalMinutes", {}) == "60"
    assert written.value("EmailTransport", {}) == "none"


def test_every_way_to_send_email_can_be_chosen_and_read_and_opened(written: Template) -> None:
    offered = set(written.document["Parameters"]["EmailTransport"]["AllowedValues"])

    assert offered == {each.value for each in EmailTransport} == {*OPENERS, EmailTransport.NONE.value}


def test_no_parameter_is_a_password(written: Template) -> None:
    named_so = {name for name in written.document["Parameters"] if "Password" in name}

    assert named_so == {"SmtpPasswordSecretArn", "SmtpPasswordParameter"}


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"EmailTransport": "ses", "EmailFrom": "reprise@example.org"},
        SMTP,
        {**SMTP, "SmtpTls": "none"},
        {**SMTP, "SmtpTls": "tls", "SmtpPort": "465"},
        {**SMTP, "SmtpUser": "reprise", "SmtpPasswordSecretArn": SECRET},
        {**SMTP, "SmtpUser": "reprise", "SmtpPasswordParameter": "/reprise/relay"},
    ],
)
def test_good_combinations_are_taken(written: Template, chosen: dict[str, str]) -> None:
    assert written.refused(chosen) == []


@pytest.mark.parametrize(
    ("chosen", "because"),
    [
        ({"EmailTransport": "ses"}, "needs EmailFrom"),
        ({"EmailTransport": "smtp", "EmailFrom": "reprise@example.org"}, "needs SmtpHost"),
        ({**SMTP, "SmtpPort": "25"}, "587, 465, or any other"),
        ({**SMTP, "SmtpUser": "reprise"}, "SmtpUser needs"),
        ({**SMTP, "SmtpPasswordParameter": "/reprise/relay"}, "needs SmtpUser"),
        (
            {**SMTP, "SmtpUser": "me", "SmtpPasswordParameter": "/a", "SmtpPasswordSecretArn": SECRET},
            "not both",
        ),
        ({**SMTP, "SmtpUser": "me", "SmtpPasswordParameter": "/a", "SmtpTls": "none"}, "encrypted connection"),
    ],
)
def test_combinations_that_cannot_work_are_refused_before_anything_is_made(
    written: Template, chosen: dict[str, str], because: str
) -> None:
    (refusal,) = written.refused(chosen)

    assert because in refusal


@pytest.mark.parametrize(
    ("chosen", "holding"),
    [
        ({"EmailTransport": "ses"}, OFTEN | {"UsesSes"}),
        (
            {"EmailTransport": "smtp", "SmtpPasswordSecretArn": SECRET},
            OFTEN | {"UsesSmtp", "SmtpPasswordInSecretsManager"},
        ),
        ({"EmailTransport": "smtp", "SmtpPasswordParameter": "/a"}, OFTEN | {"UsesSmtp", "SmtpPasswordInSsm"}),
        ({"EmailTransport": "none", "SmtpPasswordParameter": "/a"}, OFTEN),
        ({"SyncIntervalMinutes": "1"}, OFTEN | {"EveryMinute"}),
        ({"SyncIntervalMinutes": "61"}, set()),
        ({"PublicUrl": "https://reprise.example.org"}, OFTEN | {"OwnPublicUrl"}),
    ],
)
def test_conditions_hold_where_they_should(written: Template, chosen: dict[str, str], holding: set[str]) -> None:
    found = {name for name, each in written.document["Conditions"].items() if written.holds(each, chosen)}

    assert found == holding


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("", True),
        ("reprise@example.org", True),
        ("re.prise+music@Mail.Example.org", True),
        ("reprise@xn--bcher-kva.example", True),
        ("reprise@bücher.example", False),
        ("bücher@example.org", False),
        ("reprise@example。org", False),
        ("Reprise <reprise@example.org>", False),
        ("one@example.org,two@example.org", False),
    ],
)
def test_a_sender_is_written_as_it_is_sent_so_that_its_policy_allows_it(
    written: Template, address: str, taken: bool
) -> None:
    """SES compares `ses:FromAddress` with what was sent, which is the ASCII form of a domain."""
    sender = written.document["Parameters"]["EmailFrom"]

    assert bool(re.fullmatch(sender["AllowedPattern"], address)) is taken
    assert "xn--" in sender["ConstraintDescription"]
    assert not (taken and address) or envelope_address(address) == address
