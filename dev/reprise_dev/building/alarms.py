"""The alarms of template.yaml, made from the table in `watched.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reprise_dev.building.watched import (
    BUSY_TABLES,
    EMAILS_TAKEN,
    FAILED_REQUESTS,
    FAILED_REQUESTS_MEAN,
    FAILING_ON,
    FUNCTIONS,
    LOOPING,
    NO_MAIL_MEANS,
    QUEUES,
    RECURSION_MEANS,
    SERVER_FAILED,
    SERVER_FAILED_MEANS,
    TICKED,
    TICKS_MISSING_MEAN,
)

FIVE_MINUTES, HOUR, DAY = 300, 3600, 24 * 3600
ABOVE, REACHED, BELOW = "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"
TOPIC = "[!Ref AlarmTopicArn]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Fires when the `statistic` of one metric stands to `threshold` as `comparison` says, in each of the last
    `periods` periods of `period_s` seconds. A period without data is no reason to fire, but where
    `rings_without_data`: that one fires when there was data, and then in none of these periods.
    """

    name: str
    description: str
    metric: tuple[str, str]
    of: tuple[tuple[str, str], ...]
    statistic: str
    threshold: float
    comparison: str = ABOVE
    period_s: int = FIVE_MINUTES
    periods: str = "1"
    rings_without_data: bool = False

    @property
    def text(self) -> str:
        namespace, metric = self.metric
        dimensions = ", ".join(f"{{Name: {name}, Value: {value}}}" for name, value in self.of)
        missing = f"missing, InsufficientDataActions: {TOPIC}" if self.rings_without_data else "notBreaching"
        return (
            f"  {self.name}Alarm: {{Type: AWS::CloudWatch::Alarm, Condition: AlarmsHaveATopic, Properties: {{\n"
            f'    AlarmDescription: "{self.description}",\n'
            f"    Namespace: {namespace}, MetricName: {metric}, Dimensions: [{dimensions}],\n"
            f"    Statistic: {self.statistic}, ComparisonOperator: {self.comparison}, Threshold: {self.threshold}, "
            f"Period: {self.period_s}, EvaluationPeriods: {self.periods}, TreatMissingData: {missing}, "
            f"AlarmActions: {TOPIC}}}}}"
        )


# The namespace of our own metrics.
OWN = '!Sub "Reprise/${AWS::StackName}"'


def alarms() -> Iterator[Alarm]:
    """Every alarm, in the template's order."""
    yield from _queue_alarms()
    yield from _function_alarms()
    yield Alarm(
        name="HttpApiFailures",
        description=FAILED_REQUESTS_MEAN,
        metric=("AWS/ApiGateway", "5xx"),
        of=(("ApiId", "!Ref HttpApi"),),
        statistic="Sum",
        comparison=REACHED,
        threshold=FAILED_REQUESTS,
    )
    yield from _silent_alarms()
    yield from _table_alarms()


def _queue_alarms() -> Iterator[Alarm]:
    for queue in QUEUES:
        yield Alarm(
            name=f"{queue.prefix}DeadLetters",
            description=queue.set_aside,
            metric=("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
            of=(("QueueName", f"!GetAtt {queue.prefix}DeadLetters.QueueName"),),
            statistic="Maximum",
            threshold=0,
        )
    for queue in QUEUES:
        if queue.old_after_s is not None:
            yield Alarm(
                name=f"{queue.prefix}Age",
                description=queue.old,
                metric=("AWS/SQS", "ApproximateAgeOfOldestMessage"),
                of=(("QueueName", f"!GetAtt {queue.prefix}Queue.QueueName"),),
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
                of=(("FunctionName", f"!Ref {each.resource}"),),
                statistic=statistic,
                threshold=threshold,
            )


def _silent_alarms() -> Iterator[Alarm]:
    """On what fails without an error of any function."""
    yield Alarm(
        name="TicksMissing",
        description=TICKS_MISSING_MEAN,
        metric=("AWS/Lambda", "Invocations"),
        of=(("FunctionName", f"!Ref {TICKED}"),),
        statistic="Sum",
        comparison=BELOW,
        threshold=1,
        period_s=HOUR,
        # Two full hours hold a tick if there is one an hour; for a tick a day it takes a day, and one hour for its
        # phase and another for its minute.
        periods="!If [TicksAreOften, 2, 26]",
        rings_without_data=True,
    )
    yield Alarm(
        name="NoEmailTaken",
        description=NO_MAIL_MEANS,
        metric=(OWN, EMAILS_TAKEN.name),
        of=(("service", EMAILS_TAKEN.service),),
        statistic="Maximum",
        comparison=BELOW,
        threshold=1,
        period_s=DAY,
    )
    for name, counted, description in FAILING_ON:
        yield Alarm(
            name=name,
            description=description,
            metric=(OWN, counted.name),
            of=(("service", counted.service),),
            statistic="Sum",
            threshold=0,
            period_s=HOUR,
            periods="2",
        )
    yield Alarm(
        name="MusicServerFailed",
        description=SERVER_FAILED_MEANS,
        metric=(OWN, SERVER_FAILED.name),
        of=(("service", SERVER_FAILED.service),),
        statistic="Average",
        threshold=0.5,
        period_s=HOUR,
        # People are told from the third failure in a row on. Ticks that are further apart than an hour never fail
        # three hours in a row: then the first one has to do.
        periods="!If [TicksAreOften, 3, 1]",
    )
    yield Alarm(
        name="SyncRecursion",
        description=RECURSION_MEANS,
        metric=("AWS/Lambda", "RecursiveInvocationsDropped"),
        of=(("FunctionName", f"!Ref {LOOPING}"),),
        statistic="Sum",
        threshold=0,
    )


def _table_alarms() -> Iterator[Alarm]:
    """One metric each: CloudWatch asks the same price for one alarm on the sum of them."""
    for table, index in BUSY_TABLES:
        of_table = ("TableName", f"!Ref {table}Table")
        of_index = ("GlobalSecondaryIndexName", index)
        inside = "".join(word.capitalize() for word in index.split("_"))
        for name, what, of in (
            (f"{table}Throttles", f"the table {table}", (of_table,)),
            (f"{table}{inside}Throttles", f"the index {index} of the table {table}", (of_table, of_index)),
        ):
            yield Alarm(
                name=name,
                description=f"For a quarter of an hour {what} has taken fewer writes than it was given. "
                "Syncs take longer, or fail and come again.",
                metric=("AWS/DynamoDB", "WriteThrottleEvents"),
                of=of,
                statistic="Sum",
                threshold=0,
                periods="3",
            )
