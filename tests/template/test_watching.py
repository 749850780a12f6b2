"""What the operator hears and sees: alarms on all that can stand still, and a dashboard of what is really there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from notifier.app import TAKEN, _metric_of
from reprise.domain.deliveries import DeliveryResult
from reprise.domain.playlists import SyncState
from reprise.domain.retries import retry_after
from reprise.usecases.sync.sync_job import TIME_FOR_ONE_PLAYLIST_S
from reprise_dev.building import dashboard
from reprise_dev.building.alarms import alarms as made_alarms
from reprise_dev.building.template_reading import Json, Template, named
from reprise_dev.building.watched import FUNCTIONS as WATCHED
from reprise_dev.building.watching import MARK, TEMPLATE, section
from reprise_dev.measuring.marked_text import YAML, between
from sync.app import _METRIC_OF_STATE

FUNCTIONS = Path(__file__).parents[2] / "functions"
OWN = "Reprise/${AWS::StackName}"
TICKS_MISSING = "TicksMissingAlarm"
# Metrics that AWS counts by itself for each of these, as its documentation names them.
OF_AWS = {
    "AWS/Lambda": ("FunctionName", {"Errors", "Throttles", "Duration", "Invocations", "RecursiveInvocationsDropped"}),
    "AWS/SQS": ("QueueName", {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"}),
    "AWS/ApiGateway": ("ApiId", {"Count", "4xx", "5xx", "Latency"}),
    "AWS/DynamoDB": ("TableName", {"WriteThrottleEvents"}),
}


@pytest.fixture(scope="module")
def alarms(translated: Template) -> dict[str, Json]:
    return translated.of_type("AWS::CloudWatch::Alarm")


@pytest.fixture(scope="module")
def functions(translated: Template) -> dict[str, Json]:
    return translated.of_type("AWS::Lambda::Function")


@pytest.fixture(scope="module")
def widgets(translated: Template) -> list[Json]:
    (only,) = translated.of_type("AWS::CloudWatch::Dashboard").values()
    found: list[Json] = json.loads(only["DashboardBody"]["Fn::Sub"])["widgets"]
    return found


def test_the_template_holds_what_the_table_says() -> None:
    assert between(TEMPLATE.read_text(encoding="utf-8"), MARK, YAML) == section(), "run make watching"


def test_the_table_knows_the_functions_and_their_timeouts(functions: dict[str, Json]) -> None:
    assert {each.resource: each.timeout_s for each in WATCHED} == {
        name: each["Timeout"] for name, each in functions.items()
    }


def test_no_alarm_stands_outside_that_part(alarms: dict[str, Json]) -> None:
    assert {f"{each.name}Alarm" for each in made_alarms()} == set(alarms)


def watching(alarms: dict[str, Json], metric: str) -> dict[str, Json]:
    """Alarms on one metric, by the resource they watch, or the index of it."""
    found = [each for each in alarms.values() if each["MetricName"] == metric]
    return {
        "/".join(named(dimension["Value"]).removesuffix(".QueueName") for dimension in each["Dimensions"]): each
        for each in found
    }


def test_every_alarm_tells_the_topic_and_is_not_made_without_one(translated: Template, alarms: dict[str, Json]) -> None:
    for name, alarm in alarms.items():
        assert translated.resources[name]["Condition"] == "AlarmsHaveATopic"
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopicArn"}]
        assert alarm["TreatMissingData"] == ("missing" if name == TICKS_MISSING else "notBreaching")
        assert alarm["AlarmDescription"].endswith(".")
        if alarm["Namespace"] != {"Fn::Sub": OWN}:
            dimension, metrics = OF_AWS[alarm["Namespace"]]
            assert alarm["Dimensions"][0]["Name"] == dimension
            assert alarm["MetricName"] in metrics


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_one_failure_of_any_function_is_heard(alarms: dict[str, Json], functions: dict[str, Json], metric: str) -> None:
    found = watching(alarms, metric)

    assert set(found) == set(functions)
    assert all(map(_fires_above_zero, found.values()))
    assert {each["Statistic"] for each in found.values()} == {"Sum"}


def _fires_above_zero(alarm: Json) -> bool:
    return bool(alarm["ComparisonOperator"] == "GreaterThanThreshold" and alarm["Threshold"] == 0)


def test_a_duration_is_heard_before_it_reaches_the_timeout(alarms: dict[str, Json], functions: dict[str, Json]) -> None:
    found = watching(alarms, "Duration")

    assert set(found) == set(functions)
    for name, alarm in found.items():
        timeout_ms = functions[name]["Timeout"] * 1000
        assert alarm["Threshold"] == timeout_ms * (0.95 if name == "SyncFunction" else 0.9)
        assert (alarm["Statistic"], alarm["ComparisonOperator"]) == ("Maximum", "GreaterThanThreshold")
    hands_on_ms = (functions["SyncFunction"]["Timeout"] - TIME_FOR_ONE_PLAYLIST_S) * 1000
    assert found["SyncFunction"]["Threshold"] > hands_on_ms, "what is meant to happen is no alarm"


def test_every_queue_is_heard_when_something_lies_in_it(translated: Template, alarms: dict[str, Json]) -> None:
    queues = translated.of_type("AWS::SQS::Queue")
    at_rest = {name for name in queues if name.endswith("DeadLetters")}
    depths, ages = (
        watching(alarms, metric) for metric in ("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage")
    )

    assert set(depths) == at_rest
    assert all(map(_fires_above_zero, depths.values()))
    assert set(ages) == set(queues) - at_rest


def test_an_age_is_heard_after_a_full_run_and_while_sqs_still_counts_it(
    translated: Template, alarms: dict[str, Json], functions: dict[str, Json]
) -> None:
    """SQS leaves a message out of that metric once it was received three times."""
    queues = translated.of_type("AWS::SQS::Queue")
    found = watching(alarms, "ApproximateAgeOfOldestMessage")
    for source in translated.of_type("AWS::Lambda::EventSourceMapping").values():
        queue, consumer = source["EventSourceArn"]["Fn::GetAtt"][0], source["FunctionName"]["Ref"]
        threshold_s = found[queue]["Threshold"]
        assert threshold_s >= 2 * functions[consumer]["Timeout"]
        assert threshold_s < 2 * queues[queue]["VisibilityTimeout"]


@pytest.mark.parametrize(
    ("metric", "service", "queue"),
    [("OutcomesNotHandled", "notifier", "OutcomesQueue"), ("JobsNotDone", "sync", "SyncJobsQueue")],
)
def test_what_fails_on_is_heard_long_before_it_is_set_aside_and_one_failure_is_not(
    translated: Template, alarms: dict[str, Json], metric: str, service: str, queue: str
) -> None:
    (alarm,) = [each for each in alarms.values() if each["MetricName"] == metric]
    tries = translated.of_type("AWS::SQS::Queue")[queue]["RedrivePolicy"]["maxReceiveCount"]
    waits_s = [retry_after(receives).total_seconds() for receives in range(1, tries)]

    assert alarm["Namespace"] == {"Fn::Sub": OWN}
    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]
    assert _fires_above_zero(alarm)
    assert (alarm["Statistic"], alarm["EvaluationPeriods"]) == ("Sum", 2)
    assert max(waits_s) <= alarm["Period"], "no hour without a try"
    assert sum(waits_s) > 3 * alarm["Period"], "set aside only after the alarm rang"


def test_an_api_that_fails_is_heard(alarms: dict[str, Json]) -> None:
    (alarm,) = watching(alarms, "5xx").values()

    assert alarm["Dimensions"] == [{"Name": "ApiId", "Value": {"Ref": "HttpApi"}}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 5)


MINUTES_A_DAY = 24 * 60


# What people choose who want their lists in step within the hour.
OFTEN = {1, 2, 5, 10, 15, 20, 30, 60}


def test_a_missing_tick_is_heard_and_one_that_is_on_time_never_is(
    translated: Template, alarms: dict[str, Json]
) -> None:
    """The schedule is right to a minute, at any phase of the hour; the alarm looks at whole periods."""
    alarm = alarms[TICKS_MISSING]
    period = alarm["Period"] // 60
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Sum", "LessThanThreshold", 1)
    for interval in range(1, MINUTES_A_DAY + 1):
        periods = int(translated.text(alarm["EvaluationPeriods"], {"SyncIntervalMinutes": str(interval)}))
        empty_between_two_ticks = (interval + 1) // period
        assert empty_between_two_ticks < periods, f"every {interval} minutes: no tick was missed, and it rang"
        heard_after = (periods + 1) * period
        assert heard_after <= (3 * 60 if interval in OFTEN else MINUTES_A_DAY + 3 * 60)


def test_no_tick_is_missing_before_the_first(alarms: dict[str, Json]) -> None:
    """CloudWatch makes an alarm without data, and tells of a change only: from a first tick on, to none."""
    alarm = alarms[TICKS_MISSING]

    assert alarm["InsufficientDataActions"] == [{"Ref": "AlarmTopicArn"}]
    assert {name for name, each in alarms.items() if "InsufficientDataActions" in each} == {TICKS_MISSING}
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "DispatcherFunction"}}]


def of_ours(alarms: dict[str, Json]) -> dict[str, Json]:
    """Alarms on what is counted here, by the metric."""
    return {each["MetricName"]: each for each in alarms.values() if each["Namespace"] == {"Fn::Sub": OWN}}


def test_what_we_count_for_an_alarm_is_this(alarms: dict[str, Json]) -> None:
    assert set(of_ours(alarms)) == {TAKEN, "MusicServerFailed", "OutcomesNotHandled", "JobsNotDone"}


def test_a_music_server_that_fails_most_people_is_heard_and_one_bad_hour_is_not(
    translated: Template, alarms: dict[str, Json]
) -> None:
    """1 for a job that it failed and 0 for one that it did not: the average is the share of those it failed."""
    alarm = of_ours(alarms)["MusicServerFailed"]

    assert alarm["Dimensions"] == [{"Name": "service", "Value": "sync"}]
    assert (alarm["Statistic"], alarm["ComparisonOperator"]) == ("Average", "GreaterThanThreshold")
    assert (alarm["Threshold"], alarm["Period"]) == (0.5, 3600)
    for interval in range(1, MINUTES_A_DAY + 1):
        hours = int(translated.text(alarm["EvaluationPeriods"], {"SyncIntervalMinutes": str(interval)}))
        assert hours == (3 if interval in OFTEN else 1), "two ticks far apart are never in hours that follow each other"


def test_mail_that_nobody_gets_is_heard_and_one_address_that_is_refused_is_not(alarms: dict[str, Json]) -> None:
    """1 for an email that was taken and 0 for one that was refused: on such a day the greatest is 0."""
    alarm = of_ours(alarms)[TAKEN]

    assert alarm["Dimensions"] == [{"Name": "service", "Value": "notifier"}]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Maximum", "LessThanThreshold", 1)
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (24 * 3600, 1)


def test_a_chain_of_jobs_that_lambda_broke_is_heard(alarms: dict[str, Json]) -> None:
    """Only a function that writes to the queue it reads from can be in one."""
    (alarm,) = watching(alarms, "RecursiveInvocationsDropped").values()

    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "SyncFunction"}}]
    assert alarm["Statistic"] == "Sum"
    assert _fires_above_zero(alarm)


def test_throttles_that_last_are_heard_of_whatever_is_written_at_every_sync(
    translated: Template, alarms: dict[str, Json]
) -> None:
    """A short one is DynamoDB making room, and mended by trying again."""
    found = watching(alarms, "WriteThrottleEvents")
    tables = translated.of_type("AWS::DynamoDB::Table")
    indexes = {
        f"{name}/{each['IndexName']}"
        for name in ("PlaylistsTable", "EventsTable")
        for each in tables[name]["GlobalSecondaryIndexes"]
    }

    assert set(found) == {"PlaylistsTable", "EventsTable"} | indexes
    for name, alarm in found.items():
        of = ["TableName", "GlobalSecondaryIndexName"][: name.count("/") + 1]
        assert [each["Name"] for each in alarm["Dimensions"]] == of
        assert (alarm["Statistic"], alarm["Period"], alarm["EvaluationPeriods"]) == ("Sum", 300, 3)
        assert _fires_above_zero(alarm)


def counted_by(service: str) -> set[str]:
    """Names of the metrics that a function's code writes."""
    code = (FUNCTIONS / service / "app.py").read_text(encoding="utf-8")
    written = set(re.findall(r'(?:add_metric\(name|failed_metric)="(\w+)"', code))
    computed = {
        "sync": set(_METRIC_OF_STATE.values()),
        "notifier": {_metric_of(result) for result in DeliveryResult},
    }
    return written | computed.get(service, set())


def metrics_of(widgets: list[Json]) -> list[list[str]]:
    """Every metric shown: namespace, name, then names and values of dimensions."""
    shown = [metric for widget in widgets for metric in widget["properties"].get("metrics", [])]
    return [[part for part in metric if isinstance(part, str)] for metric in shown]


def test_what_the_dashboard_shows_of_ours_is_what_the_code_counts(widgets: list[Json]) -> None:
    ours = [metric for metric in metrics_of(widgets) if not metric[0].startswith("AWS/")]
    shown: dict[str, set[str]] = {}
    for namespace, name, dimension, service in ours:
        assert (namespace, dimension) == (OWN, "service")
        shown.setdefault(service, set()).add(name)

    assert set(_METRIC_OF_STATE) < {state.value for state in SyncState}
    assert shown["sync"] == counted_by("sync"), "all that becomes of a playlist"
    for service, names in shown.items():
        assert names <= counted_by(service)


def test_our_namespace_and_services_are_those_that_the_functions_are_told(functions: dict[str, Json]) -> None:
    for name, function in functions.items():
        told = function["Environment"]["Variables"]
        assert told["POWERTOOLS_METRICS_NAMESPACE"] == {"Fn::Sub": OWN}
        assert told["POWERTOOLS_SERVICE_NAME"] == name.removesuffix("Function").lower()


def test_what_the_dashboard_shows_of_aws_is_there(translated: Template, widgets: list[Json]) -> None:
    theirs = [metric for metric in metrics_of(widgets) if metric[0].startswith("AWS/")]
    indexes = {
        (table, index["IndexName"])
        for table, each in translated.of_type("AWS::DynamoDB::Table").items()
        for index in each.get("GlobalSecondaryIndexes", [])
    }
    for namespace, name, dimension, value, *of_index in theirs:
        assert dimension == OF_AWS[namespace][0]
        assert name in OF_AWS[namespace][1]
        resource = value.removeprefix("${").removesuffix("}").removesuffix(".QueueName")
        assert resource in translated.resources
        if of_index:
            assert of_index[0] == "GlobalSecondaryIndexName"
            assert (resource, of_index[1]) in indexes


@pytest.mark.parametrize("kind", ["AWS::Lambda::Function", "AWS::SQS::Queue"])
def test_no_function_and_no_queue_is_missing_from_the_dashboard(
    translated: Template, widgets: list[Json], kind: str
) -> None:
    shown = {metric[3] for metric in metrics_of(widgets)}
    suffix = ".QueueName" if kind == "AWS::SQS::Queue" else ""

    assert {f"${{{name}{suffix}}}" for name in translated.of_type(kind)} <= shown


def test_lines_across_the_graphs_are_where_the_limits_are(
    widgets: list[Json], alarms: dict[str, Json], functions: dict[str, Json]
) -> None:
    lines = {
        widget["properties"]["title"]: [each["value"] for each in widget["properties"]["annotations"]["horizontal"]]
        for widget in widgets
        if "annotations" in widget["properties"]
    }
    ages = watching(alarms, "ApproximateAgeOfOldestMessage")
    expected = {
        f"{name.removesuffix('Function').lower()}: duration in milliseconds": [each["Timeout"] * 1000]
        for name, each in functions.items()
    } | {"Age of the oldest, in seconds": [ages[queue]["Threshold"] for queue in ("SyncJobsQueue", "OutcomesQueue")]}

    assert lines == expected


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> list[Json]:
    """The widgets of an instance with three more functions."""
    more = tuple(replace(WATCHED[0], name=f"another{number}") for number in range(3))
    monkeypatch.setattr(dashboard, "FUNCTIONS", (*WATCHED, *more))
    return [json.loads(each) for each in dashboard.widgets()]


def test_the_dashboard_costs_nothing_and_there_is_room_for_three_more_functions(crowded: list[Json]) -> None:
    """Three dashboards of an account are free, with 50 metrics each at most."""
    assert len([metric for metric in metrics_of(crowded) if metric[3].startswith("${Another")]) == 9
    assert len(metrics_of(crowded)) <= 50


def test_a_duration_is_shown_as_the_alarm_measures_it(widgets: list[Json], alarms: dict[str, Json]) -> None:
    shown = {widget["properties"]["stat"] for widget in widgets if "duration" in widget["properties"]["title"]}

    assert shown == {each["Statistic"] for each in watching(alarms, "Duration").values()}


def test_no_widget_covers_another(widgets: list[Json]) -> None:
    _stand_apart(widgets)


def test_no_widget_covers_another_where_there_are_more_functions(crowded: list[Json]) -> None:
    _stand_apart(crowded)


def _stand_apart(widgets: list[Json]) -> None:
    places = [
        {
            (x, y)
            for x in range(each["x"], each["x"] + each["width"])
            for y in range(each["y"], each["y"] + each["height"])
        }
        for each in widgets
    ]

    assert max(x for place in places for x, _ in place) == 23
    assert min(each["width"] for each in widgets) >= 4
    assert not any(one & other for one, other in combinations(places, 2))


def test_the_latest_warnings_are_read_from_the_log_of_every_function(translated: Template, widgets: list[Json]) -> None:
    (log,) = [widget["properties"]["query"] for widget in widgets if widget["type"] == "log"]
    sources = set(re.findall(r"SOURCE '\$\{(\w+)\}'", log))

    assert sources == {
        each["LoggingConfig"]["LogGroup"]["Ref"] for each in translated.of_type("AWS::Lambda::Function").values()
    }


def test_the_way_to_the_dashboard_is_an_output(translated: Template) -> None:
    url = translated.document["Outputs"]["DashboardUrl"]["Value"]["Fn::Sub"]

    assert url.startswith(
        "https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}#dashboards"
    )
    assert url.endswith("/${Dashboard}")
