"""The whole story, from the import to the repaired connection, and what is left of it to show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from reprise_dev.doubles.smtp_sink import CapturedMail
from reprise_dev.local.failure import break_and_mend
from reprise_dev.local.stage import INTERVAL
from reprise_dev.local.story import (
    Findings,
    Row,
    Sample,
    compare_with_server,
    import_samples,
    rows_of,
    show_table,
    tick_and_watch,
)
from reprise_dev.local.world import EMAIL_ADDRESS, Account, Schedule, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`rows` are as after the first tick; `account` is as at the end, with another password."""

    user_id: str
    rows: Sequence[Row]
    mails: Sequence[CapturedMail]
    account: Account

    def summary(self) -> str:
        """What was seen, as JSON."""
        emails = [{"to": to, "subject": mail.subject} for mail in self.mails for to in mail.recipients]
        seen = {"playlists": [row.as_summary() for row in self.rows], "emails": emails}
        return json.dumps(seen, ensure_ascii=False, indent=2) + "\n"


def tell(world: World, findings: Findings, samples: Sequence[Sample]) -> Told:
    """Play it all, showing and checking. Raises `StoryFailure` where it cannot go on."""
    terminal = findings.terminal
    api = world.api()
    terminal.heading("Importing")
    user = api.sign_in(world.account.username, world.account.password)
    terminal.say(f"  signed in as {user['username']}, with the account on the music server")
    api.set_email(EMAIL_ADDRESS)
    ids = import_samples(api, samples, terminal)

    terminal.heading("Syncing")
    schedule = Schedule(world.stack, INTERVAL)
    tick_and_watch(world, schedule, api, ids, terminal)
    rows = rows_of(api, ids)
    terminal.say()
    show_table(rows, terminal)
    terminal.say()
    synced = all(row.state in {"success", "warning"} for row in rows)
    findings.check("every playlist ended, with all its tracks or with those the library has", synced)
    wrong = compare_with_server(api, rows, world.account.reader())
    findings.check(
        "read back: each playlist on the server is what its report says, song by song", not wrong, "; ".join(wrong[:5])
    )
    findings.check("no email, since nothing failed", not world.relay.mails)
    account = break_and_mend(world, user["user_id"], api, rows, schedule, findings)
    return Told(user_id=user["user_id"], rows=rows, mails=list(world.relay.mails), account=account)
