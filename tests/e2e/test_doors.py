"""The deployed stack from outside and from within: the API's doors, the schedule, and what a role may not do."""

from __future__ import annotations

import json
import urllib.request
from urllib.parse import urlencode

import pytest

from reprise_dev.local.api_client import ApiClient, ApiFailure
from reprise_dev.local.walkthrough import Told
from reprise_dev.local.world import World


def test_without_a_token_nothing_is_told(world: World) -> None:
    with pytest.raises(ApiFailure) as refused:
        world.api().playlists()

    assert refused.value.status == 401


def test_a_wrong_password_opens_nothing(world: World, told: Told) -> None:
    with pytest.raises(ApiFailure) as refused:
        world.api().sign_in(told.account.username, "not the password")

    assert refused.value.status == 401


def test_an_id_of_nobody_is_not_found(api: ApiClient) -> None:
    with pytest.raises(ApiFailure) as refused:
        api.sync_status("p-01ARZ3NDEKTSV4RRFFQ69G5FAV")

    assert refused.value.status == 404


def test_the_api_describes_itself(world: World) -> None:
    with urllib.request.urlopen(f"{world.address}/api/v1/openapi.json", timeout=30) as answer:  # noqa: S310 - loopback
        document = json.load(answer)

    assert document["openapi"].startswith("3.")
    assert any(path.endswith("/playlists") for path in document["paths"])


def test_the_emails_link_leads_to_a_page_that_asks_for_the_password(world: World) -> None:
    with urllib.request.urlopen(f"{world.address}/reconnect/navidrome", timeout=30) as answer:  # noqa: S310 - loopback
        page = answer.read().decode()
        kind = answer.headers["Content-Type"]

    assert kind.startswith("text/html")
    assert 'type="password"' in page


def test_signing_in_again_on_that_page_is_within_the_rights_of_its_function(world: World, told: Told) -> None:
    form = urlencode({"username": told.account.username, "password": told.account.password}).encode()
    with urllib.request.urlopen(f"{world.address}/reconnect/navidrome", data=form, timeout=30) as answer:  # noqa: S310 - loopback
        page = answer.read().decode()

    assert "You are signed in again" in page


def test_the_last_line_of_every_email_leads_to_a_page_that_says_what_this_is(world: World) -> None:
    with urllib.request.urlopen(f"{world.address}/", timeout=30) as answer:  # noqa: S310 - loopback
        page = answer.read().decode()
        kind = answer.headers["Content-Type"]

    assert kind.startswith("text/html")
    assert 'href="api/v1/docs"' in page


def test_the_schedule_is_there_with_what_it_will_send(world: World) -> None:
    scheduler = world.stack.emulator.client("scheduler")
    found = scheduler.get_schedule(Name=world.stack["Schedule"])

    assert found["State"] == "ENABLED"
    assert found["ScheduleExpression"] == "rate(60 minutes)"
    assert json.loads(found["Target"]["Input"]) == {"scheduled_time": "<aws.scheduler.scheduled-time>"}


def test_the_emulator_really_refuses_what_a_role_does_not_allow(world: World) -> None:
    """Otherwise the whole story would prove nothing about the template's permissions."""
    iam = world.stack.emulator.client("iam")
    dynamodb, function = world.stack.emulator.client("dynamodb"), world.stack["DispatcherFunction"]
    policy = iam.get_role_policy(RoleName=world.stack["DispatcherRole"], PolicyName="dispatcher")
    assert dynamodb.describe_table(TableName=world.stack["PlaylistsTable"])["Table"]["TableStatus"] == "ACTIVE"
    iam.delete_role_policy(RoleName=world.stack["DispatcherRole"], PolicyName="dispatcher")
    try:
        answer = world.stack.emulator.client("lambda").invoke(FunctionName=function, Payload=b"{}")
    finally:
        iam.put_role_policy(
            RoleName=world.stack["DispatcherRole"],
            PolicyName="dispatcher",
            PolicyDocument=json.dumps(policy["PolicyDocument"]),
        )

    assert answer.get("FunctionError") == "Unhandled"
    assert "not authorized" in answer["Payload"].read().decode()
