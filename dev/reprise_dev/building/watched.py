"""What is watched: the table from which `make watching` writes the alarms and the dashboard of template.yaml.

A new function is one row of `FUNCTIONS`, a new queue one row of `QUEUES`. Whatever else goes through the functions
one by one (tests, the local run, benchmarks) takes them from `FUNCTIONS`, too; a test compares it with the template.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFunction:
    """A Lambda function, which alarms when it fails, is throttled, or takes nearly as long as it may.

    `name` is its POWERTOOLS_SERVICE_NAME; `timeout_s` is its Timeout in template.yaml (a test compares the two);
    `failed` and `slow` are the descriptions of its alarms; `slow_at` is the share of the timeout that is too slow.
    """

    name: str
    timeout_s: int
    failed: str
    slow: str
    slow_at: float = 0.9

    @property
    def prefix(self) -> str:
        """What the names of its resources begin with."""
        return self.name.capitalize()

    @property
    def resource(self) -> str:
        return f"{self.prefix}Function"

    @property
    def logs(self) -> str:
        """Its log group."""
        return f"{self.prefix}Logs"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedQueue:
    """A dead-letter queue, which alarms when it holds a message, and the queue before it, if it has one of SQS.

    `old_after_s` is the age of the oldest message in the queue that alarms, None where there is only the dead-letter
    queue. `set_aside` and `old` are the descriptions of the alarms.
    """

    prefix: str
    one: str
    many: str
    set_aside: str
    old: str = ""
    old_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric of our own: the function that counts it, its name, and what the dashboard calls it."""

    service: str
    name: str
    label: str
    color: str = ""


FUNCTIONS = (
    WatchedFunction(
        name="dispatcher",
        timeout_s=60,
        failed="The dispatcher failed, so playlists that are due may not be synced.",
        slow="The dispatcher took nearly as long as it may.",
    ),
    # At 90 % of its timeout sync hands on the rest of a job by itself, which is no alarm.
    WatchedFunction(
        name="sync",
        timeout_s=900,
        failed="The sync function failed as a whole. Its job comes back after the visibility timeout.",
        slow="One playlist took nearly as long as a sync may take.",
        slow_at=0.95,
    ),
    WatchedFunction(
        name="notifier",
        timeout_s=120,
        failed="The notifier failed as a whole. Its outcomes come back after the visibility timeout.",
        slow="The notifier took nearly as long as it may. The mail relay may be slow.",
    ),
    WatchedFunction(
        name="api",
        timeout_s=29,
        failed="A request to the API ended in a crash or a timeout.",
        slow="A request took nearly as long as the API waits. The music server may be slow.",
    ),
    WatchedFunction(
        name="web",
        timeout_s=29,
        failed="A request for a page ended in a crash or a timeout.",
        slow="A request for a page took nearly as long as it may. The music server may be slow.",
    ),
)

QUEUES = (
    WatchedQueue(
        prefix="Ticks",
        one="tick",
        many="ticks",
        set_aside="A tick could not reach the dispatcher, or failed there three times. "
        "The next one takes up what is due.",
    ),
    # Old after twice the timeout of sync.
    WatchedQueue(
        prefix="SyncJobs",
        one="sync job",
        many="sync jobs",
        set_aside="A sync job failed again and again and was set aside.",
        old="A sync job has been waiting for half an hour. There are more than SyncConcurrency allows for.",
        old_after_s=1800,
    ),
    # Old past one repetition, but not more than two: after three tries SQS no longer counts a message's age.
    WatchedQueue(
        prefix="Outcomes",
        one="outcome",
        many="outcomes",
        set_aside="An outcome could not be handled, so somebody may not have been told of a failure.",
        old="An outcome has been waiting for 20 minutes. There are more than the notifier gets through.",
        old_after_s=1200,
    ),
)

# One failed request alone is a person who signs in while the music server is away.
FAILED_REQUESTS = 5
FAILED_REQUESTS_MEAN = (
    "Five requests in as many minutes were answered 5xx. "
    "Reprise is broken, or people sign in while the music server is away."
)

OUTCOMES_NOT_HANDLED = Counted("notifier", "OutcomesNotHandled", "outcomes that come again")
JOBS_NOT_DONE = Counted("sync", "JobsNotDone", "jobs that come again")
# A message that fails comes again within the hour: what fails for two hours running does not pass by itself.
FAILING_ON = (
    (
        "OutcomesComeAgain",
        OUTCOMES_NOT_HANDLED,
        "For two hours outcomes have failed and come again. The mail relay may be down: nobody is told of a failure.",
    ),
    ("JobsComeAgain", JOBS_NOT_DONE, "For two hours sync jobs have failed and come again."),
)

PLAYLISTS_ENDED = (
    Counted("sync", "PlaylistsInStep", "in step", "#2ca02c"),
    Counted("sync", "PlaylistsPartial", "partial, or held back", "#ff7f0e"),
    Counted("sync", "PlaylistsFailed", "failed", "#d62728"),
)
SERVER_FAILED = Counted("sync", "MusicServerFailed", "jobs that the music server failed")
SERVER_FAILED_MEANS = (
    "The music server, or something in front of it, has failed most jobs. It is tried again at every tick, "
    "and nobody has to sign in again."
)

PEOPLE_TOLD = (
    Counted("notifier", "NotificationSent", "emails sent"),
    Counted("notifier", "NotificationCooling", "told before, kept quiet"),
    Counted("notifier", "NotificationNoAddress", "no address"),
    Counted("notifier", "NotificationRejected", "the relay refused"),
    OUTCOMES_NOT_HANDLED,
    JOBS_NOT_DONE,
    SERVER_FAILED,
)
JOBS_QUEUED = Counted("dispatcher", "JobsQueued", "jobs queued by a tick")

# Only this one writes to the queue that it reads from.
LOOPING = "SyncFunction"
RECURSION_MEANS = (
    "Lambda took a chain of sync jobs for an endless loop and set it aside. See RecursiveLoop of the sync function."
)

TICKED = "DispatcherFunction"
TICKS_MISSING_MEAN = "The schedule has not called the dispatcher when it should have. No playlist is kept in step."

EMAILS_TAKEN = Counted("notifier", "EmailsTaken", "emails taken")
NO_MAIL_MEANS = "For a day every email has been refused for good. Nobody is told of a failure."

# The two busy tables, each with the index that its writes fill, too.
BUSY_TABLES = (("Playlists", "due"), ("Events", "by_playlist"))
