"""Emails from templates: `templates/email/<name>/{subject.txt,body.txt,body.html}`.

A failure email says only our own words, the failure's kind and an HTTP status (`S0x-22`, `S0x-26`), and names of
playlists, which are somebody else's text: on one line, escaped in HTML, shortened.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from reprise.domain.failures import FailureKind, action_for, in_sentence, is_fatal, summary_of
from reprise.domain.outcomes import CONNECTION_CAUSE, Outcome
from reprise.ports.channels import EmailMessage
from reprise.ports.notifications import FailureNotice
from reprise.rendering.plain import one_line

APP = "Reprise"
PLAYLISTS_SHOWN = 10
PROVIDER_SHOWN = 60
DETAIL_SHOWN = 600


class JinjaFailureEmails:
    """Words `sync.failed`. `public_url` is where people reach this instance, `quiet_for` the cooldown window."""

    def __init__(self, *, public_url: str, sender: str, quiet_for: timedelta) -> None:
        self._public_url = public_url.rstrip("/")
        self._domain = _domain_of(sender)
        self._quiet_days = quiet_for.days
        self._templates = _Templates()

    def failure_email(self, notice: FailureNotice, *, to: str) -> EmailMessage:
        """Raises ValueError for an outcome in which nothing failed."""
        failure = notice.failure
        if failure.failure_kind is None:
            raise ValueError("nothing failed: there is no failure email to write")
        provider = one_line(failure.provider_name, limit=PROVIDER_SHOWN)
        names = _affected(failure)
        of_connection = failure.cause == CONNECTION_CAUSE
        return self._templates.email(
            "sync_failed",
            to=to,
            message_id=f"{notice.message_key}@{self._domain}",
            headers={"References": f"<{notice.thread_key}@{self._domain}>"},
            values={
                "provider": provider,
                "provider_in_text": in_sentence(provider),
                "headline": _headline(failure, provider),
                "summary": _summary(failure, provider),
                "action": "" if _told_whole(failure) else action_for(failure.failure_kind, provider),
                "reason": failure.failure_kind.value,
                "status": failure.status if failure.status is not None and failure.status >= 400 else None,
                "of_connection": of_connection,
                "gives_up": is_fatal(failure.failure_kind),
                "link_label": _link_label(failure.failure_kind, provider),
                "link": f"{self._public_url}/reconnect/{quote(failure.provider, safe='')}",
                "instance": self._public_url,
                "playlists": names[:PLAYLISTS_SHOWN],
                "further_playlists": max(0, len(names) - PLAYLISTS_SHOWN),
                "first_failure": _readable(notice.first_failure_at),
                "quiet_days": self._quiet_days,
            },
        )


class JinjaTrialEmails:
    """Words `notification.test`."""

    def __init__(self, *, sender: str) -> None:
        self._domain = _domain_of(sender)
        self._templates = _Templates()

    def trial_email(self, *, to: str, message_key: str) -> EmailMessage:
        return self._templates.email(
            "notification_test", to=to, message_id=f"{message_key}@{self._domain}", headers={}, values={}
        )


class _Templates:
    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("reprise.rendering"),
            autoescape=select_autoescape(enabled_extensions=("html",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def email(
        self, name: str, *, to: str, message_id: str, headers: dict[str, str], values: dict[str, object]
    ) -> EmailMessage:
        def part(file: str) -> str:
            return self._environment.get_template(f"email/{name}/{file}").render(app=APP, **values)

        return EmailMessage(
            to=to,
            subject=one_line(part("subject.txt"), limit=200),
            text=part("body.txt"),
            html=part("body.html"),
            message_id=message_id,
            headers=headers,
        )


def _affected(failure: Outcome) -> list[str]:
    """Names of the playlists that stand still: those the outcome lists, or the one whose own fault it is."""
    at_fault = failure.cause.removeprefix("playlist:")
    ends = failure.playlists
    if failure.cause != CONNECTION_CAUSE:
        ends = tuple(end for end in ends if end.playlist_id == at_fault)
    return [one_line(end.name) for end in ends]


def _summary(failure: Outcome, provider: str) -> str:
    """What happened. One playlist's own fault may be its source's: then only the run knew how to say it, and to whom
    to turn.
    """
    if _told_whole(failure):
        return one_line(failure.detail, limit=DETAIL_SHOWN)
    return summary_of(failure.failure_kind or FailureKind.INTERNAL, provider)


def _told_whole(failure: Outcome) -> bool:
    return failure.cause != CONNECTION_CAUSE and bool(failure.detail)


def _link_label(kind: FailureKind, provider: str) -> str:
    name = in_sentence(provider)
    return f"Reconnect {name}" if kind is FailureKind.AUTH_INVALID else f"Check the connection to {name}"


def _readable(moment: datetime) -> str:
    """ "20 November 2026 at 14:05 UTC"."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y} at {utc:%H:%M} UTC"


def _headline(failure: Outcome, provider: str) -> str:
    if failure.cause == CONNECTION_CAUSE:
        return f"Your playlists on {in_sentence(provider)} have stopped updating"
    return f"One of your playlists on {in_sentence(provider)} has stopped updating"


def _domain_of(sender: str) -> str:
    """The part of `sender` that ids of messages end in."""
    return sender.rpartition("@")[2].strip("> ") or "localhost"
