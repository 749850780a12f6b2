"""Alarms and dashboard as deployed: every name in them is that of something that runs."""

from __future__ import annotations

import json

from reprise_dev.local.deployment import STACK, read_template
from reprise_dev.local.stage import ALARM_TOPIC
from reprise_dev.local.world import World


def test_every_alarm_was_made_and_watches_what_was_deployed(world: World) -> None:
    alarms = world.stack.emulator.client("cloudwatch").describe_alarms()["MetricAlarms"]
    resources = read_template(world.stack.built / "template.yaml").written["Resources"]
    names = {each["AlarmName"] for each in alarms}
    watched = {each["Dimensions"][0]["Value"] for each in alarms if each["Namespace"].startswith("AWS/")}
    ours = {
        (each["Namespace"], each["Dimensions"][0]["Value"])
        for each in alarms
        if not each["Namespace"].startswith("AWS/")
    }

    assert names == {world.stack[name] for name, each in resources.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert {tuple(each["AlarmActions"]) for each in alarms} == {(ALARM_TOPIC,)}
    physical = {*world.stack.resources.values()} | {name.rpartition("/")[2] for name in world.stack.resources.values()}
    assert watched <= physical
    assert ours == {(f"Reprise/{STACK}", "notifier"), (f"Reprise/{STACK}", "sync")}


def test_the_dashboard_shows_what_was_deployed(world: World) -> None:
    cloudwatch = world.stack.emulator.client("cloudwatch")
    body = json.loads(cloudwatch.get_dashboard(DashboardName=world.stack["Dashboard"])["DashboardBody"])
    text = json.dumps(body)

    assert "${" not in text
    for name in ("SyncFunction", "HttpApi", "PlaylistsTable", "ApiLogs"):
        assert world.stack[name] in text
