"""Who may do what: the whole list. What is not here must not be in the template, and the other way round."""

from __future__ import annotations

from collections import defaultdict

import pytest

from reprise_dev.building.template_reading import Template

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
CONSUMES = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"}
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}

ALLOWED: dict[str, dict[str, set[str]]] = {
    "ScheduleRole": {"DispatcherFunction": {"lambda:InvokeFunction"}, "TicksDeadLetters": {"sqs:SendMessage"}},
    "DispatcherRole": {
        "PlaylistsTable/index/due": {"dynamodb:Query"},
        "SyncJobsQueue": {"sqs:SendMessage"},
        "TicksDeadLetters": {"sqs:SendMessage"},
        "DispatcherLogs": LOGS,
        "*": TRACES,
    },
    "SyncRole": {
        "PlaylistsTable": {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
        "EventsTable": {"dynamodb:GetItem", "dynamodb:PutItem"},
        "HealthTable": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"},
        "ConnectionsTable": {"dynamodb:GetItem"},
        "OverridesTable": {"dynamodb:Query"},
        "DataBucket": {"s3:ListBucket"},
        "DataBucket/sources/*": {"s3:GetObject", "s3:PutObject"},
        "DataBucket/reports/*": {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
        "DataBucket/previews/*": {"s3:PutObject"},
        "DataBucket/library/*": {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
        "CredentialsKey": {"kms:Decrypt"},
        "SyncJobsQueue": {"sqs:SendMessage", *CONSUMES},
        "OutcomesQueue": {"sqs:SendMessage"},
        "SyncLogs": LOGS,
        "*": TRACES,
    },
    "NotifierRole": {
        "UsersTable": {"dynamodb:GetItem"},
        "CooldownsTable": {"dynamodb:GetItem", "dynamodb:PutItem"},
        "DeliveriesTable": {"dynamodb:GetItem", "dynamodb:PutItem"},
        "OutcomesQueue": CONSUMES,
        "NotifierLogs": LOGS,
        "*": TRACES,
    },
    "ApiRole": {
        "UsersTable": {"dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"},
        "SessionsTable": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"},
        "SessionsTable/index/by_user": {"dynamodb:Query"},
        "AttemptsTable": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "ConnectionsTable": {"dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"},
        "OverridesTable": {"dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"},
        "HealthTable": {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:DeleteItem"},
        "PlaylistsTable": {
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
        },
        "EventsTable": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"},
        "EventsTable/index/by_playlist": {"dynamodb:Query"},
        "DataBucket": {"s3:ListBucket"},
        "DataBucket/sources/*": {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
        "DataBucket/reports/*": {"s3:GetObject", "s3:DeleteObject"},
        "DataBucket/previews/*": {"s3:GetObject", "s3:DeleteObject"},
        "DataBucket/library/*": {"s3:GetObject", "s3:DeleteObject"},
        "DataBucket/departures/*": {"s3:PutObject"},
        "CredentialsKey": {"kms:Encrypt", "kms:Decrypt"},
        "SyncJobsQueue": {"sqs:SendMessage"},
        "OutcomesQueue": {"sqs:SendMessage"},
        "ApiLogs": LOGS,
        "*": TRACES,
    },
    "WebRole": {
        "UsersTable": {"dynamodb:UpdateItem"},
        "AttemptsTable": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "ConnectionsTable": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "HealthTable": {"dynamodb:DeleteItem"},
        "EventsTable": {"dynamodb:PutItem"},
        "CredentialsKey": {"kms:Encrypt", "kms:Decrypt"},
        "OutcomesQueue": {"sqs:SendMessage"},
        "WebLogs": LOGS,
        "*": TRACES,
    },
}


def test_there_are_no_other_roles(translated: Template) -> None:
    assert set(translated.of_type("AWS::IAM::Role")) == set(ALLOWED)


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_may_do_this_and_nothing_else(translated: Template, role: str) -> None:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for statement in translated.statements(role):
        found[statement.resource].add(statement.action)

    assert found == ALLOWED[role]
    assert "ManagedPolicyArns" not in translated.resources[role]["Properties"]


@pytest.mark.parametrize("role", ALLOWED)
def test_no_action_is_a_pattern(translated: Template, role: str) -> None:
    assert [each for each in translated.statements(role) if "*" in each.action] == []


@pytest.mark.parametrize(
    ("role", "action"),
    [
        ("SyncRole", "kms:Decrypt"),
        ("ApiRole", "kms:Encrypt"),
        ("ApiRole", "kms:Decrypt"),
        ("WebRole", "kms:Encrypt"),
        ("WebRole", "kms:Decrypt"),
    ],
)
def test_a_credential_is_bound_to_its_connection(translated: Template, role: str, action: str) -> None:
    (statement,) = [each for each in translated.statements(role) if each.action == action]

    assert "'kms:EncryptionContext:user_id': 'false'" in statement.condition
    assert "'kms:EncryptionContext:connection_id': 'false'" in statement.condition


def test_every_function_has_its_own_role(translated: Template) -> None:
    roles = {name: each["Role"]["Fn::GetAtt"][0] for name, each in translated.of_type("AWS::Lambda::Function").items()}

    assert roles == {
        "DispatcherFunction": "DispatcherRole",
        "SyncFunction": "SyncRole",
        "NotifierFunction": "NotifierRole",
        "ApiFunction": "ApiRole",
        "WebFunction": "WebRole",
    }


def test_only_lambda_and_the_schedule_take_these_roles(translated: Template) -> None:
    for name, role in translated.of_type("AWS::IAM::Role").items():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        service = "scheduler.amazonaws.com" if name == "ScheduleRole" else "lambda.amazonaws.com"
        assert statement["Principal"] == {"Service": service}


@pytest.mark.parametrize(
    ("policy", "condition", "actions", "resource"),
    [
        ("SendThroughSes", "UsesSes", {"ses:SendEmail", "ses:SendRawEmail"}, "identity/"),
        (
            "ReadSmtpPasswordFromSecretsManager",
            "SmtpPasswordInSecretsManager",
            {"secretsmanager:GetSecretValue"},
            "SmtpPasswordSecretArn",
        ),
        ("ReadSmtpPasswordFromSsm", "SmtpPasswordInSsm", {"ssm:GetParameter"}, "parameter${SmtpPasswordParameter}"),
    ],
)
def test_what_the_two_senders_may_do_besides(
    translated: Template, policy: str, condition: str, actions: set[str], resource: str
) -> None:
    statements = translated.managed_statements(policy)

    assert {each.action for each in statements} == actions
    assert any(resource in each.resource for each in statements)
    assert translated.resources[policy]["Condition"] == condition
    assert translated.resources[policy]["Properties"]["Roles"] == [{"Ref": "NotifierRole"}, {"Ref": "ApiRole"}]


def test_ses_sends_from_the_configured_address_only(translated: Template) -> None:
    for statement in translated.managed_statements("SendThroughSes"):
        assert statement.condition == str({"StringEquals": {"ses:FromAddress": {"Ref": "EmailFrom"}}})


def test_the_bucket_refuses_whatever_comes_without_tls(translated: Template) -> None:
    (statement,) = translated.of_type("AWS::S3::BucketPolicy")["DataBucketPolicy"]["PolicyDocument"]["Statement"]

    assert statement["Effect"] == "Deny"
    assert statement["Principal"] == "*"
    assert statement["Action"] == "s3:*"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [{"Fn::GetAtt": ["DataBucket", "Arn"]}, {"Fn::Sub": "${DataBucket.Arn}/*"}]
