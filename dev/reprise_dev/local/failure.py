"""The other half of the promise: what happens when the music server stops letting Reprise in."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence

from reprise_dev.doubles.smtp_sink import CapturedMail
from reprise_dev.local.api_client import ApiClient, ApiFailure
from reprise_dev.local.story import Findings, Row, compare_with_server, rows_of, tick_and_watch
from reprise_dev.local.terminal import Terminal
from reprise_dev.local.world import (
    EMAIL_ADDRESS,
    Account,
    Schedule,
    World,
    dead_letters,
    deliveries,
    spoil_stored_password,
)

OUTCOME_WITHIN_S = 60.0
# Long enough for a second email to arrive if one was wrongly sent.
SILENCE_S = 2.0
CONNECTION = "navidrome"


def break_and_mend(
    world: World, user_id: str, api: ApiClient, rows: Sequence[Row], schedule: Schedule, findings: Findings
) -> Account:
    """Lock Reprise out, let two ticks pass, sign in again, let a third pass. Returns the account as it is now."""
    terminal = findings.terminal
    ids = [row.playlist_id for row in rows]
    account = _lock_out(world, user_id, terminal)
    schedule.tick()
    mails = _after(world, "sent")
    refused, sentence = _refusal(api)
    findings.check("the session from before opens nothing any more", refused == 401, sentence)
    findings.check("one email was sent", len(mails) == 1, f"{len(mails)} arrived")
    for mail in mails:
        show(mail, terminal)
    findings.check("it went to the address that was entered", [mail.recipients for mail in mails] == [(EMAIL_ADDRESS,)])
    findings.check("its subject says what to do", all(_is_failure_subject(mail.subject) for mail in mails))

    terminal.heading("The next tick: it still fails, and nobody is written to again")
    schedule.tick()
    mails = _after(world, "cooling")
    findings.check("no second email", len(mails) == 1, f"{len(mails)} arrived")
    findings.check("the suppression is on record (Deliveries table: cooling)", _results(world).count("cooling") == 1)

    terminal.heading("Signing in again, and one more tick")
    api.sign_in(account.username, account.password)
    findings.check("every playlist says that it failed", {row.state for row in rows_of(api, ids)} == {"error"})
    tick_and_watch(world, schedule, api, ids, terminal)
    mended = rows_of(api, ids)
    findings.check("every playlist is as it was", [row.state for row in mended] == [row.state for row in rows])
    wrong = compare_with_server(api, mended, account.reader())
    findings.check("and still equals its report, song by song", not wrong, "; ".join(wrong[:5]))
    findings.check("one email in all", len(world.relay.mails) == 1, f"{len(world.relay.mails)} arrived")
    findings.check("the dead-letter queues are empty", not any(dead_letters(world.stack).values()))
    return account


def _lock_out(world: World, user_id: str, terminal: Terminal) -> Account:
    """Returns the account with which one can sign in again."""
    if not world.account.ours:
        terminal.heading("A failure: Reprise's stored copy of your password is made wrong")
        terminal.say("  (your account on the server is not touched; Reprise will try the wrong one once)")
        spoil_stored_password(world.stack, user_id, CONNECTION)
        return world.account
    terminal.heading("A failure: the password is changed on the music server, behind Reprise's back")
    new = secrets.token_urlsafe(12)
    world.account.reader().change_password(new)
    return world.account.with_password(new)


def _refusal(api: ApiClient) -> tuple[int, str]:
    """The status and the sentence with which the API refuses; (0, "") where it does not."""
    try:
        api.playlists()
    except ApiFailure as failure:
        return failure.status, str(failure)
    return 0, ""


def _after(world: World, result: str) -> list[CapturedMail]:
    """The emails once the Deliveries table holds a row with this result, and a moment later."""
    _wait(lambda: result in _results(world))
    time.sleep(SILENCE_S)
    return list(world.relay.mails)


def _wait(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + OUTCOME_WITHIN_S
    while not seen() and time.monotonic() < deadline:
        time.sleep(0.2)


def _results(world: World) -> list[str]:
    return [row["result"] for row in deliveries(world.stack)]


def _is_failure_subject(subject: str) -> bool:
    return subject.startswith("[Reprise] ") and subject.endswith(" sync error — action required")


def show(mail: CapturedMail, terminal: Terminal) -> None:
    """The email as a person would read it."""
    lines = [f"From:    {mail.message['From']}", f"To:      {mail.message['To']}", f"Subject: {mail.subject}", ""]
    terminal.say()
    for line in [*lines, *mail.text.rstrip().splitlines()]:
        terminal.say(f"    │ {line}".rstrip())
    terminal.say()
