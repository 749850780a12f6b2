"""What Reprise costs a month: measured calls, times how often they are made, times what AWS asks for them.

results.jsonl ─▶ measured ─┐
Setup ─▶ how often ────────┼─▶ amounts ─▶ prices ─▶ tables of docs/operations.md
assumptions ───────────────┘
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reprise.domain.jobs import PLAYLISTS_PER_JOB
from reprise_dev.building.alarms import alarms
from reprise_dev.measuring.figures import CALLS, Figure
from reprise_dev.measuring.prices import AS_OF, PRICES, REGION, Service

MARK = "costs"
HOURS = 730
DAYS = HOURS / 24
GB = 1e9

# Not measured: what a bill depends on beside Reprise itself.
POLLERS, POLL_S, QUEUES = 5, 20, 2
AWS_CALL_S, SERVER_CALL_S, START_S = 0.01, 0.3, 0.3
SYNC_GB, SMALL_GB, API_GB = 1769 / 1024, 0.5, 1.0
SYNCED_AT_ONCE = 5
FULL_LOOK_DAYS = 7
API_REQUESTS, API_S, API_READS = 1_000, 0.1, 3
LOG_BYTES, METRICS, TABLES = 3_000, 10, 10
ALARMS = len(tuple(alarms()))
KEPT_DAYS = 90
# An entry of the index of what is due, and what DynamoDB adds to every item it bills the storage of.
KEY_BYTES, ITEM_OVERHEAD = 140, 100
# For an outcome without news; a test of the notifier counts them.
NOTIFIER_READS, NOTIFIER_WRITES = 1, 2

ASSUMED = (
    f"Each person asks the API {API_REQUESTS:,} times a month; a request takes {API_S:g} s and {API_READS} read units.",
    f"A call to AWS takes {AWS_CALL_S * 1000:g} ms, one to the music server {SERVER_CALL_S * 1000:g} ms, and the start "
    f"of a function {START_S * 1000:g} ms beside its imports. At each tick every function starts anew, at most "
    f"{SYNCED_AT_ONCE} of a kind.",
    "Once a week every playlist is looked at in full, which is taken to cost what a changed one costs; at all other "
    "ticks it is unchanged. Half of the playlists are followed at an address.",
    f"Lambda asks each of the {QUEUES} queues with {POLLERS} long polls of {POLL_S} s at a time, day and night.",
    f"An invocation logs {LOG_BYTES / 1000:g} kB and is traced; {METRICS} of our metrics are counted in a month. "
    f"At each tick DynamoDB asks KMS for the key of each of {TABLES} tables.",
    "Events and deliveries fill the tables as after 90 days. The credentials' key was never rotated: each of its "
    "first two rotations adds a dollar a month.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """`playlists` are those of each person; `alarms` how many there are, none without an AlarmTopicArn."""

    people: int
    playlists: int
    interval_minutes: int = 60
    alarms: int = ALARMS

    @property
    def name(self) -> str:
        who = "1 person" if self.people == 1 else f"{self.people} people"
        return f"{who} × {self.playlists}"

    @property
    def everyone(self) -> int:
        return self.people * self.playlists

    @property
    def ticks(self) -> float:
        return HOURS * 60 / self.interval_minutes

    @property
    def jobs(self) -> float:
        return self.ticks * self.people * math.ceil(self.playlists / PLAYLISTS_PER_JOB)

    @property
    def starts(self) -> float:
        """How often an instance of sync is started, and of the notifier."""
        return self.ticks * min(self.jobs / self.ticks, SYNCED_AT_ONCE)

    @property
    def full(self) -> float:
        """Runs that look at a playlist in full; the others are `looks`."""
        return min(self.ticks, DAYS / FULL_LOOK_DAYS) * self.everyone

    @property
    def looks(self) -> float:
        return self.ticks * self.everyone - self.full

    @property
    def requests(self) -> float:
        return API_REQUESTS * self.people


SETUPS = (Setup(people=1, playlists=10), Setup(people=5, playlists=50), Setup(people=20, playlists=200))


class Measured:
    """What was measured, as parts of a bill. Raises `KeyError` when a figure is missing."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        values = {figure.name: figure.value for figure in figures}

        def calls(whose: str, *places: str) -> float:
            return sum(values[f"{CALLS}{whose} playlist: {place}"] for place in places)

        aws = ("dynamodb", "s3", "kms", "sqs")
        uploaded, fetched = (
            values[f"AWS calls for each unchanged playlist, {kind}"] for kind in ("uploaded", "fetched")
        )
        self.calls_of_look = (uploaded + fetched) / 2
        self.calls_of_job = calls("an unchanged", *aws) - fetched
        self.calls_of_full = calls("a changed", *aws) - self.calls_of_job
        self.server_calls_of_full = calls("a changed", "server") - 1
        self.transactions = calls("a changed", "transactions")
        self.writes_of_job = calls("an unchanged", "single writes")
        self.writes_of_full = calls("a changed", "single writes") - self.writes_of_job
        # All but the playlists themselves, which are read in one call and cost one unit each.
        self.reads_of_job = calls("an unchanged", "dynamodb") - self.writes_of_job - 1
        self.gets_of_look = (fetched - uploaded) / 2
        self.gets_of_job = calls("an unchanged", "s3") - (fetched - uploaded)
        self.puts_of_full = calls("a changed", "s3 writes")
        self.gets_of_full = calls("a changed", "s3") - self.puts_of_full - self.gets_of_job
        self.kms, self.sqs = calls("an unchanged", "kms"), calls("an unchanged", "sqs")
        self.cpu_s_of_look = values["200 unchanged playlists in one tick, CPU"] / 200
        self.cpu_s_of_full = values["200 new playlists in one tick, CPU"] / 200
        self.import_s = {name: values[f"import of {name}"] / 1000 for name in ("dispatcher", "sync", "notifier")}
        self.playlist_units = math.ceil(values["a playlist, stored"] / 1024)
        self.event_units = math.ceil(values["an event, stored"] / 1024)
        self.event_bytes = values["an event, stored"]

    @property
    def units_of_transaction(self) -> float:
        """A playlist and an event, twice because together; then the entry in each of the two tables' indexes, where
        the playlist's is taken out and put in elsewhere.
        """
        return 2 * (self.playlist_units + self.event_units) + 2 + self.event_units


def amounts(setup: Setup, measured: Measured) -> dict[str, float]:
    """How much of each thing that has a price, by its name in `PRICES`."""
    invocations = setup.ticks + 2 * setup.jobs + setup.requests
    return {
        "compute": _compute_gb_s(setup, measured),
        "invocations": invocations,
        **_dynamodb(setup, measured),
        "s3 writes": setup.full * measured.puts_of_full,
        "s3 reads": setup.jobs * measured.gets_of_job
        + setup.looks * measured.gets_of_look
        + setup.full * measured.gets_of_full,
        # Of a job: sent, received, deleted; and its outcomes, sent together, received, deleted.
        "sqs": QUEUES * POLLERS * HOURS * 3600 / POLL_S + setup.jobs * (3 + measured.sqs + 2),
        "key": 1,
        "kms": setup.jobs * measured.kms + setup.ticks * TABLES,
        "alarms": setup.alarms,
        "metrics": METRICS,
        "dashboards": 1,
        "logs": invocations * LOG_BYTES / GB,
        "traces": invocations,
        "api": setup.requests,
        "ticks": setup.ticks,
    }


def _compute_gb_s(setup: Setup, measured: Measured) -> float:
    """Sync has one whole processor; with less memory comes less of it, and imports take longer."""
    slower = SYNC_GB / SMALL_GB
    waits_s = (
        setup.jobs * (measured.calls_of_job * AWS_CALL_S + SERVER_CALL_S)
        + setup.looks * measured.calls_of_look * AWS_CALL_S
        + setup.full * (measured.calls_of_full * AWS_CALL_S + measured.server_calls_of_full * SERVER_CALL_S)
    )
    works_s = setup.looks * measured.cpu_s_of_look + setup.full * measured.cpu_s_of_full
    sync_s = waits_s + works_s + setup.starts * (START_S + measured.import_s["sync"])
    dispatcher_s = setup.ticks * (START_S + measured.import_s["dispatcher"] * slower + 2 * AWS_CALL_S)
    notifier_s = setup.starts * (START_S + measured.import_s["notifier"] * slower)
    notifier_s += setup.jobs * (NOTIFIER_READS + NOTIFIER_WRITES) * AWS_CALL_S
    return sync_s * SYNC_GB + (dispatcher_s + notifier_s) * SMALL_GB + setup.requests * API_S * API_GB


def _dynamodb(setup: Setup, measured: Measured) -> dict[str, float]:
    events = measured.transactions * setup.full
    kept_gb = (events + setup.jobs) * KEPT_DAYS / DAYS * (measured.event_bytes + ITEM_OVERHEAD) / GB
    index_gb = events * KEPT_DAYS / DAYS * (measured.event_bytes + ITEM_OVERHEAD) / GB
    due_reads = setup.ticks * setup.everyone * KEY_BYTES / 4096 / 2
    return {
        "writes": setup.full * measured.transactions * measured.units_of_transaction
        + setup.full * measured.writes_of_full * measured.playlist_units
        + setup.jobs * (measured.writes_of_job + NOTIFIER_WRITES),
        "reads": setup.looks
        + setup.full
        + due_reads
        + setup.jobs * (measured.reads_of_job + NOTIFIER_READS)
        + setup.requests * API_READS,
        "table storage": kept_gb + index_gb,
        "backup": kept_gb,
    }


def bill(setup: Setup, measured: Measured, *, free_tier: bool = True) -> dict[Service, float]:
    """Dollars a month, by service."""
    dollars = dict.fromkeys(Service, 0.0)
    for name, amount in amounts(setup, measured).items():
        dollars[PRICES[name].service] += PRICES[name].of(amount, free_tier=free_tier)
    return dollars


def tables(figures: Sequence[Figure]) -> str:
    """Both tables and what they assume, as docs/operations.md shows them."""
    measured = Measured(figures)
    return "\n".join(
        [
            *_bill_table(measured),
            "",
            f"List prices of {REGION} as of {AS_OF}, before tax. What is not measured is assumed:",
            "",
            *(f"- {sentence}" for sentence in ASSUMED),
            "",
            *_amounts_table(measured),
        ]
    )


def _bill_table(measured: Measured) -> Iterator[str]:
    yield f"| US dollars a month, hourly ticks | {' | '.join(setup.name for setup in SETUPS)} |"
    yield f"|---|{'--:|' * len(SETUPS)}"
    bills = [bill(setup, measured) for setup in SETUPS]
    for service in Service:
        yield _row(service.value, [each[service] for each in bills])
    yield _row("**together**", [sum(each.values()) for each in bills])
    for name, changed, free_tier in (
        ("without alarms", {"alarms": 0}, True),
        ("a tick every six hours (`SyncIntervalMinutes=360`)", {"interval_minutes": 360}, True),
        ("where other things use up the free tier", {}, False),
    ):
        others = [bill(replace(setup, **changed), measured, free_tier=free_tier) for setup in SETUPS]
        yield _row(name, [sum(each.values()) for each in others])


def _row(name: str, dollars: Sequence[float]) -> str:
    return f"| {name} | {' | '.join(f'{each:,.2f}' for each in dollars)} |"


def _amounts_table(measured: Measured) -> Iterator[str]:
    """So that anybody can do the sum again with other prices."""
    yield f"| a month | price | free | {' | '.join(setup.name for setup in SETUPS)} |"
    yield f"|---|--:|--:|{'--:|' * len(SETUPS)}"
    counted = [amounts(setup, measured) for setup in SETUPS]
    for name, price in PRICES.items():
        unit = {1: "", 1_000_000: " a million"}[price.per]
        free = f"{price.free:,}" if price.free else ""
        shown = " | ".join(_amount(each[name]) for each in counted)
        yield f"| {price.what} | {price.dollars:g}{unit} | {free} | {shown} |"


def _amount(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.2g}"
