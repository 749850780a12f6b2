"""Emails from templates: `templates/email/<name>/{subject.txt,body.txt,body.html}`.

A failure email says only our own words, the failure's kind and an HTTP status (`S0x-22`, `S0x-26`), and names of
playlists, which are somebody else's text: on one line, escaped in HTML, shortened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from reprise.domain.connections import Party, has_account
from reprise.domain.failures import FailureKind, action_for, in_sentence, latches, summary_of, told
from reprise.domain.notices import CONNECTION_CAUSE, Notice, cause_of
from reprise.domain.outcomes import Fault
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
        """Raises ValueError for a notice that nothing failed."""
        failed = notice.notice
        fault = failed.fault
        if fault is None:
            raise ValueError("nothing failed: there is no failure email to write")
        party = replace(failed.party, name=one_line(failed.party.name, limit=PROVIDER_SHOWN))
        names = _affected(failed)
        of_connection = failed.cause == CONNECTION_CAUSE
        return self._templates.email(
            "sync_failed",
            to=to,
            message_id=f"{notice.message_key}@{self._domain}",
            headers={"References": f"<{notice.thread_key}@{self._domain}>"},
            values={
                "provider": party.name,
                "provider_in_text": in_sentence(party.name),
                "headline": _headline(failed, party.name),
                "summary": _summary(fault, party, of_connection=of_connection),
                "action": action_for(fault.kind, party.name, party.side) if of_connection else "",
                "reason": fault.kind.value,
                "status": fault.status if fault.status is not None and fault.status >= 400 else None,
                "of_connection": of_connection,
                "gives_up": latches(fault.kind),
                "link_label": _link_label(fault.kind, party.name),
                "link": self._link(party) if of_connection else None,
                "instance": self._public_url,
                "playlists": names[:PLAYLISTS_SHOWN],
                "further_playlists": max(0, len(names) - PLAYLISTS_SHOWN),
                "first_failure": _readable(notice.first_failure_at),
                "quiet_days": self._quiet_days,
            },
        )

    def _link(self, party: Party) -> str | None:
        """Where the person mends it; None where there is no account to connect again."""
        if not has_account(party.connection_id):
            return None
        return f"{self._public_url}/reconnect/{quote(party.connection_id, safe='')}"


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


def _affected(failed: Notice) -> list[str]:
    """Names of the playlists that stand still: those the notice lists, or the one whose own fault it is."""
    at_fault = [end for end in failed.ends if failed.cause in (CONNECTION_CAUSE, cause_of(end.playlist_id))]
    return [one_line(end.name) for end in at_fault]


def _summary(fault: Fault, party: Party, *, of_connection: bool) -> str:
    """What happened. One playlist's own fault is told whole, with what to do; a connection's has that under its own
    heading.
    """
    if of_connection:
        return summary_of(fault.kind, party.name, party.side)
    return one_line(told(fault.kind, fault.detail, party), limit=DETAIL_SHOWN)


def _link_label(kind: FailureKind, provider: str) -> str:
    name = in_sentence(provider)
    return f"Reconnect {name}" if kind is FailureKind.AUTH_INVALID else f"Check the connection to {name}"


def _readable(moment: datetime) -> str:
    """ "20 November 2026 at 14:05 UTC"."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y} at {utc:%H:%M} UTC"


def _headline(failed: Notice, provider: str) -> str:
    if failed.cause == CONNECTION_CAUSE:
        return f"Your playlists on {in_sentence(provider)} have stopped updating"
    return f"One of your playlists on {in_sentence(provider)} has stopped updating"


def _domain_of(sender: str) -> str:
    """The part of `sender` that ids of messages end in."""
    return sender.rpartition("@")[2].strip("> ") or "localhost"
