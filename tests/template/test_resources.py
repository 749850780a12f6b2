"""What is deployed: queues, tables, bucket, key, schedule, API, logs."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from reprise.domain.retries import retry_after
from reprise_dev.building.template_reading import Template
from reprise_dev.building.watched import FUNCTIONS, WatchedFunction
from reprise_dev.doubles.tables import TABLES

# How far DynamoDB's point-in-time recovery reaches.
BACKUP_DAYS = 35
QUEUES = {"SyncJobs": "SyncFunction", "Outcomes": "NotifierFunction"}


def test_each_queue_sets_aside_what_fails_again_and_again(translated: Template) -> None:
    queues = translated.of_type("AWS::SQS::Queue")

    named = {f"{name}{kind}" for name in QUEUES for kind in ("Queue", "DeadLetters")}
    assert set(queues) == {*named, "TicksDeadLetters"}
    for name in QUEUES:
        redrive = queues[f"{name}Queue"]["RedrivePolicy"]
        assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [f"{name}DeadLetters", "Arn"]}
        # Fewer than five and a throttled function would lose messages that nothing is wrong with.
        assert redrive["maxReceiveCount"] >= 5
    two_weeks_s = 14 * 24 * 3600
    kept = {name: each["MessageRetentionPeriod"] for name, each in queues.items() if name.endswith("DeadLetters")}
    assert set(kept.values()) == {two_weeks_s}


@pytest.mark.parametrize(("queue", "hours"), [("SyncJobs", 5), ("Outcomes", 12)])
def test_the_tries_of_a_message_outlast_an_outage_of_hours(translated: Template, queue: str, hours: int) -> None:
    properties = translated.of_type("AWS::SQS::Queue")[f"{queue}Queue"]
    tries = properties["RedrivePolicy"]["maxReceiveCount"]
    between = sum((retry_after(number) for number in range(1, tries)), timedelta())
    assert timedelta(hours=hours) <= between < timedelta(seconds=properties["MessageRetentionPeriod"])


def test_a_tick_that_is_lost_leaves_a_letter_wherever_it_was_lost(translated: Template) -> None:
    letters = {"Fn::GetAtt": ["TicksDeadLetters", "Arn"]}
    configured = translated.of_type("AWS::Lambda::EventInvokeConfig").values()
    (invoked,) = [each for each in configured if each["FunctionName"] == {"Ref": "DispatcherFunction"}]

    assert translated.of_type("AWS::Scheduler::Schedule")["Schedule"]["Target"]["DeadLetterConfig"] == {"Arn": letters}
    assert invoked["DestinationConfig"] == {"OnFailure": {"Destination": letters}}


def test_every_queue_is_encrypted(translated: Template) -> None:
    assert all(queue["SqsManagedSseEnabled"] is True for queue in translated.of_type("AWS::SQS::Queue").values())


@pytest.mark.parametrize(("queue", "consumer"), QUEUES.items())
def test_a_message_stays_hidden_for_six_timeouts_of_its_consumer(
    translated: Template, queue: str, consumer: str
) -> None:
    timeout_s = translated.of_type("AWS::Lambda::Function")[consumer]["Timeout"]

    assert translated.of_type("AWS::SQS::Queue")[f"{queue}Queue"]["VisibilityTimeout"] >= 6 * timeout_s


def test_consumers_fail_message_by_message(translated: Template) -> None:
    sources = translated.of_type("AWS::Lambda::EventSourceMapping").values()
    wired = {each["EventSourceArn"]["Fn::GetAtt"][0]: each["FunctionName"]["Ref"] for each in sources}

    assert wired == {f"{queue}Queue": consumer for queue, consumer in QUEUES.items()}
    assert all(each["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for each in sources)
    assert all("MaximumConcurrency" in each["ScalingConfig"] for each in sources)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_each_function_has_logs_and_tracing(translated: Template, function: WatchedFunction) -> None:
    properties = translated.of_type("AWS::Lambda::Function")[function.resource]
    logs = translated.of_type("AWS::Logs::LogGroup")[function.logs]

    assert properties["LoggingConfig"] == {"LogGroup": {"Ref": function.logs}}
    assert properties["TracingConfig"] == {"Mode": "Active"}
    assert logs["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_the_tables_are_those_that_the_stores_know(translated: Template) -> None:
    assert set(translated.of_type("AWS::DynamoDB::Table")) == {f"{name}Table" for name in TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_keys_its_store_uses(translated: Template, name: str) -> None:
    table, known = translated.of_type("AWS::DynamoDB::Table")[f"{name}Table"], TABLES[name]

    assert table["KeySchema"] == known.key.schema
    assert {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]} == (
        known.attribute_types
    )
    assert {each["IndexName"]: each for each in table.get("GlobalSecondaryIndexes", [])} == {
        index_name: {
            "IndexName": index_name,
            "KeySchema": index.key.schema,
            "Projection": {"ProjectionType": index.projection},
        }
        for index_name, index in known.indexes.items()
    }


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_protected(translated: Template, name: str) -> None:
    table = translated.of_type("AWS::DynamoDB::Table")[f"{name}Table"]
    expiry: Any = None
    if TABLES[name].ttl:
        expiry = {"AttributeName": TABLES[name].ttl, "Enabled": True}

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table.get("TimeToLiveSpecification") == expiry


def test_what_people_gave_us_outlives_the_stack_but_not_a_first_deployment_that_failed(translated: Template) -> None:
    """Before a stack was ever whole, nobody can have given it anything: a second try shall find nothing in its way."""
    lasting = {
        name
        for name, each in translated.resources.items()
        if each["Type"] in {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"}
    }

    assert len(lasting) == len(TABLES) + 2
    for name in lasting:
        assert translated.resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert translated.resources[name]["UpdateReplacePolicy"] == "Retain"


def test_the_bucket_is_closed_encrypted_and_forgets(translated: Template) -> None:
    bucket = translated.of_type("AWS::S3::Bucket")["DataBucket"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    everything, departures = bucket["LifecycleConfiguration"]["Rules"]
    assert everything["Status"] == departures["Status"] == "Enabled"
    versions = everything["NoncurrentVersionExpiration"]["NoncurrentDays"]
    assert "Prefix" not in everything
    assert versions > BACKUP_DAYS, "or a table could lead to what is gone"
    assert versions + departures["ExpirationInDays"] == 40, "a departure is found in either state"
    assert departures["Prefix"] == "departures/"


def test_the_key_rotates(translated: Template) -> None:
    assert translated.of_type("AWS::KMS::Key")["CredentialsKey"]["EnableKeyRotation"] is True


def test_the_schedule_sends_the_planned_time_to_the_dispatcher(translated: Template) -> None:
    schedule = translated.of_type("AWS::Scheduler::Schedule")["Schedule"]

    assert schedule["Target"]["Arn"] == {"Fn::GetAtt": ["DispatcherFunction", "Arn"]}
    assert schedule["Target"]["RoleArn"] == {"Fn::GetAtt": ["ScheduleRole", "Arn"]}
    assert schedule["Target"]["Input"] == '{"scheduled_time": "<aws.scheduler.scheduled-time>"}'
    assert schedule["ScheduleExpression"]["Fn::If"] == [
        "EveryMinute",
        "rate(1 minute)",
        {"Fn::Sub": "rate(${SyncIntervalMinutes} minutes)"},
    ]


def test_the_api_is_throttled_and_each_address_leads_to_its_function(translated: Template) -> None:
    (stage,) = translated.of_type("AWS::ApiGatewayV2::Stage").values()
    paths = translated.of_type("AWS::ApiGatewayV2::Api")["HttpApi"]["Body"]["paths"]

    assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 50, "ThrottlingRateLimit": 25}
    assert set(paths) == {"/api/{proxy+}", "/", "/reconnect/{proxy+}"}
    for path, each in paths.items():
        assert ("ApiFunction" if path.startswith("/api/") else "WebFunction") in str(each)


@pytest.mark.parametrize("leaky", ["queryString", "header", "authorizer", "context.path", "cookie"])
def test_the_access_log_holds_nothing_that_could_be_a_secret(translated: Template, leaky: str) -> None:
    (stage,) = translated.of_type("AWS::ApiGatewayV2::Stage").values()

    assert leaky not in stage["AccessLogSettings"]["Format"]


@pytest.mark.parametrize("error", [None, "Too Many Requests"])
def test_a_line_of_the_access_log_is_json(translated: Template, error: str | None) -> None:
    """As API Gateway fills in the variables: `-` for what there is not, and `messageString` with its own quotes."""
    (stage,) = translated.of_type("AWS::ApiGatewayV2::Stage").values()
    values = {"status": "429"} | ({"error.message": error, "error.messageString": f'"{error}"'} if error else {})
    form = stage["AccessLogSettings"]["Format"]
    line = json.loads(re.sub(r"\$context\.([\w.]+)", lambda found: values.get(found[1], "-"), form))

    assert (line["status"], line["error"], line["integration_error"]) == ("429", error or "-", "-")
