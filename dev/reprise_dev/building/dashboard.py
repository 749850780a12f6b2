"""The dashboard of template.yaml, made from the table in `watched.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reprise_dev.building.watched import (
    BUSY_TABLES,
    FUNCTIONS,
    JOBS_QUEUED,
    PEOPLE_TOLD,
    PLAYLISTS_ENDED,
    QUEUES,
    Counted,
)

# What the dashboard is wide, by CloudWatch's own measure.
COLUMNS = 24
HIGH = 6
# Narrower than a sixth of the dashboard a graph cannot be read.
IN_A_ROW = 6
FIVE_MINUTES, HOUR = 300, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """One graph: a line of JSON for each metric. `marks` are lines across it, by label."""

    title: str
    metrics: Sequence[str]
    settings: Mapping[str, object] = field(default_factory=dict)
    marks: Mapping[str, int] = field(default_factory=dict)

    def text(self, x: int, y: int, width: int) -> str:
        settings = {"title": self.title, "region": "${AWS::Region}", "period": FIVE_MINUTES, **self.settings}
        lines = ",\n".join(f"                {metric}" for metric in self.metrics)
        marks = [{"label": label, "value": value} for label, value in self.marks.items()]
        across = f',\n              "annotations": {{"horizontal": {json.dumps(marks)}}}' if marks else ""
        return (
            f"            {_place(x, y, width, HIGH)}, {_key('type', 'metric')}, "
            f'"properties": {{\n              {json.dumps(settings)[1:-1]},\n'
            f'              "metrics": [\n{lines}]{across}}}}}'
        )


def _place(x: int, y: int, width: int, height: int) -> str:
    return json.dumps({"x": x, "y": y, "width": width, "height": height})[:-1]


def _key(name: str, value: str) -> str:
    return json.dumps({name: value})[1:-1]


def _metric(namespace: str, name: str, *of: str, **options: str) -> str:
    return json.dumps([namespace, name, *of, {key: value for key, value in options.items() if value}])


def _counted(each: Counted) -> str:
    return _metric("Reprise/${AWS::StackName}", each.name, "service", each.service, label=each.label, color=each.color)


def _of_queue(name: str, metric: str, label: str) -> str:
    return _metric("AWS/SQS", metric, "QueueName", f"${{{name}.QueueName}}", label=label)


def _of_api(metric: str, label: str, stat: str = "") -> str:
    return _metric("AWS/ApiGateway", metric, "ApiId", "${HttpApi}", stat=stat, label=label)


def _graphs() -> Iterator[tuple[Graph, ...]]:
    """The dashboard's rows."""
    waiting = "ApproximateNumberOfMessagesVisible"
    queues = [queue for queue in QUEUES if queue.old_after_s is not None]
    sums, most = {"stat": "Sum"}, {"stat": "Maximum"}
    yield (
        Graph(
            title="Playlists, by how their sync ended",
            metrics=[_counted(each) for each in PLAYLISTS_ENDED],
            settings={**sums, "period": HOUR, "stacked": True},
        ),
        Graph(
            title="Telling people, and what was not done",
            metrics=[_counted(each) for each in PEOPLE_TOLD],
            settings={**sums, "period": HOUR},
        ),
        Graph(
            title="Dead letters",
            metrics=[_of_queue(f"{each.prefix}DeadLetters", waiting, each.many) for each in QUEUES],
            settings=most,
        ),
    )
    yield (
        Graph(
            title="Waiting",
            metrics=[
                *(_of_queue(f"{each.prefix}Queue", waiting, each.many) for each in queues),
                _counted(JOBS_QUEUED),
            ],
            settings=most,
        ),
        Graph(
            title="Age of the oldest, in seconds",
            metrics=[_of_queue(f"{each.prefix}Queue", "ApproximateAgeOfOldestMessage", each.one) for each in queues],
            settings=most,
            marks={f"alarm: {each.one}": each.old_after_s for each in queues if each.old_after_s is not None},
        ),
        Graph(title="Errors and throttles of functions", metrics=list(_failures()), settings=sums),
    )
    durations = tuple(_durations())
    for first in range(0, len(durations), IN_A_ROW):
        yield durations[first : first + IN_A_ROW]
    yield (
        Graph(
            title="Requests to the API",
            metrics=[_of_api("Count", "all"), _of_api("4xx", "4xx"), _of_api("5xx", "5xx")],
            settings=sums,
        ),
        Graph(
            title="Latency of the API in milliseconds",
            metrics=[_of_api("Latency", "99 of 100 are faster", "p99")],
        ),
        Graph(
            title="Throttled writes of the two busy tables and their indexes",
            metrics=list(_table_throttles()),
            settings=sums,
        ),
    )


def _of_function(resource: str, metric: str, label: str) -> str:
    return _metric("AWS/Lambda", metric, "FunctionName", f"${{{resource}}}", label=label)


def _failures() -> Iterator[str]:
    for metric, what in (("Errors", "failed"), ("Throttles", "throttled")):
        for each in FUNCTIONS:
            yield _of_function(each.resource, metric, f"{each.name} {what}")


def _durations() -> Iterator[Graph]:
    """The statistic is that of the alarm."""
    for each in FUNCTIONS:
        yield Graph(
            title=f"{each.name}: duration in milliseconds",
            metrics=[_of_function(each.resource, "Duration", "the longest")],
            settings={"stat": "Maximum"},
            marks={"timeout": each.timeout_s * 1000},
        )


def _table_throttles() -> Iterator[str]:
    for table, index in BUSY_TABLES:
        of_table = ("TableName", f"${{{table}Table}}")
        yield _metric("AWS/DynamoDB", "WriteThrottleEvents", *of_table, label=table)
        of_index = (*of_table, "GlobalSecondaryIndexName", index)
        yield _metric("AWS/DynamoDB", "WriteThrottleEvents", *of_index, label=f"index {index}")


def widgets() -> Iterator[str]:
    """One JSON object each, laid out in rows."""
    y = 0
    for row in _graphs():
        x = 0
        for graph, width in zip(row, _widths(len(row)), strict=True):
            yield graph.text(x, y, width)
            x += width
        y += HIGH
    sources = " | ".join(f"SOURCE '${{{each.logs}}}'" for each in FUNCTIONS)
    fields = "@timestamp, service, level, message, job_id, playlist_id, correlation_id"
    query = (
        f"{sources} | fields {fields} | filter level in ['WARNING', 'ERROR', 'CRITICAL'] "
        "| sort @timestamp desc | limit 50"
    )
    settings = {"title": "Latest warnings and errors", "region": "${AWS::Region}", "view": "table", "query": query}
    yield (
        f"            {_place(0, y, COLUMNS, 8)}, {_key('type', 'log')}, "
        f'"properties": {{\n              {json.dumps(settings)[1:-1]}}}}}'
    )


def _widths(number: int) -> Iterable[int]:
    """The dashboard's columns, shared out among so many graphs."""
    share, left = divmod(COLUMNS, number)
    return [share + 1] * left + [share] * (number - left)
