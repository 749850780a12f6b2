"""The alarms of template.yaml, made from the table in `watched.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reprise_dev.building.watched import FAILED_REQUESTS, FAILED_REQUESTS_MEAN, FUNCTIONS, QUEUES


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Fires when the `statistic` of one metric in five minutes is above `threshold`, or reaches it if `at_least`."""

    name: str
    description: str
    metric: tuple[str, str]
    of: tuple[str, str]
    statistic: str
    threshold: int
    at_least: bool = False

    @property
    def text(self) -> str:
        namespace, metric = self.metric
        dimension, value = self.of
        comparison = "GreaterThanOrEqualToThreshold" if self.at_least else "GreaterThanThreshold"
        return (
            f"  {self.name}Alarm: {{Type: AWS::CloudWatch::Alarm, Condition: AlarmsHaveATopic, Properties: {{\n"
            f'    AlarmDescription: "{self.description}",\n'
            f"    Namespace: {namespace}, MetricName: {metric}, Dimensions: [{{Name: {dimension}, Value: {value}}}],\n"
            f"    Statistic: {self.statistic}, ComparisonOperator: {comparison}, Threshold: {self.threshold}, "
            "Period: 300, EvaluationPeriods: 1, TreatMissingData: notBreaching, AlarmActions: [!Ref AlarmTopicArn]}}"
        )


def alarms() -> Iterator[Alarm]:
    """Every alarm, in the template's order."""
    yield from _queue_alarms()
    yield from _function_alarms()
    yield Alarm(
        name="HttpApiFailures",
        description=FAILED_REQUESTS_MEAN,
        metric=("AWS/ApiGateway", "5xx"),
        of=("ApiId", "!Ref HttpApi"),
        statistic="Sum",
        threshold=FAILED_REQUESTS,
        at_least=True,
    )


def _queue_alarms() -> Iterator[Alarm]:
    for queue in QUEUES:
        yield Alarm(
            name=f"{queue.prefix}DeadLetters",
            description=queue.set_aside,
            metric=("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
            of=("QueueName", f"!GetAtt {queue.prefix}DeadLetters.QueueName"),
            statistic="Maximum",
            threshold=0,
        )
    for queue in QUEUES:
        if queue.old_after_s is not None:
            yield Alarm(
                name=f"{queue.prefix}Age",
                description=queue.old,
                metric=("AWS/SQS", "ApproximateAgeOfOldestMessage"),
                of=("QueueName", f"!GetAtt {queue.prefix}Queue.QueueName"),
                statistic="Maximum",
                threshold=queue.old_after_s,
            )


def _function_alarms() -> Iterator[Alarm]:
    for each in FUNCTIONS:
        crowded = f"Lambda had no room to run the {each.name} function. See the account's concurrency."
        too_long_ms = round(each.timeout_s * 1000 * each.slow_at)
        for metric, statistic, description, threshold in (
            ("Errors", "Sum", each.failed, 0),
            ("Throttles", "Sum", crowded, 0),
            ("Duration", "Maximum", each.slow, too_long_ms),
        ):
            yield Alarm(
                name=f"{each.prefix}{metric}",
                description=description,
                metric=("AWS/Lambda", metric),
                of=("FunctionName", f"!Ref {each.resource}"),
                statistic=statistic,
                threshold=threshold,
            )
