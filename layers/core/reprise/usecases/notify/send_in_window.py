"""Send a failure email if its window is free: claim ─▶ send ─▶ confirm.

    claim ─▶ send ─▶ confirm ─▶ sent
      │        ├ rejected: release ─▶ rejected
      │        └ unavailable: park, raise ─▶ the same message again
      └ cooling | stale

Claim before send and confirm after it, never check-then-send: two workers cannot both send, and a send that
failed does not start the window. The channel itself knows nothing of windows.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from reprise.domain.cooldowns import Verdict, incident_id, thread_id
from reprise.domain.deliveries import DeliveryResult, delivery_of
from reprise.domain.notices import Notice
from reprise.ports.channels import ChannelRejected, ChannelUnavailable
from reprise.ports.notifications import Claimed, FailureNotice
from reprise.usecases.notify.ports import NotifierPorts
from reprise.usecases.notify.record import ids, record

log = logging.getLogger(__name__)


class StillInFlight(Exception):
    """Another delivery of the same message is sending right now; this one has to come again later."""


def send_in_window(notice: Notice, address: str, ports: NotifierPorts) -> DeliveryResult:
    """Send the email of `notice` to `address`, or record why not. Raises `ChannelUnavailable` and `StillInFlight`."""
    claimed = ports.cooldowns.claim(notice, attempt=ports.new_id(), now=ports.clock(), policy=ports.policy)
    if claimed.verdict is Verdict.GRANTED:
        return _send(notice, address, claimed, ports)
    return _not_granted(notice, claimed, ports)


def _not_granted(notice: Notice, claimed: Claimed, ports: NotifierPorts) -> DeliveryResult:
    if claimed.verdict is Verdict.IN_FLIGHT:
        raise StillInFlight
    if claimed.verdict is Verdict.ALREADY_SENT and claimed.window.claim is not None:
        # The same run may have been published twice: its row is that of the message which was sent.
        notice = replace(notice, occurred_at=claimed.window.claim.failed_at)
    return record(notice, _RESULT_OF_VERDICT[claimed.verdict], ports)


def _send(notice: Notice, address: str, claimed: Claimed, ports: NotifierPorts) -> DeliveryResult:
    began_at = ports.clock()
    begun = ports.deliveries.record(delivery_of(notice, DeliveryResult.SENDING, now=began_at, began_at=began_at))
    if begun.result.final:
        # An old message once more, after its window: it was dealt with, and its claim was only taken to find out.
        ports.cooldowns.release(claimed, now=ports.clock())
        return begun.result
    try:
        ports.email.send(ports.emails.failure_email(_email(notice, claimed), to=address))
    except ChannelRejected as rejected:
        log.error("sync failure: the email was rejected", extra=ids(notice) | {"reason": str(rejected)})
        ports.cooldowns.release(claimed, now=ports.clock())
        return record(notice, DeliveryResult.REJECTED, ports, detail=str(rejected), began_at=began_at, known=begun)
    except ChannelUnavailable as unavailable:
        log.error("sync failure: the email could not be sent now", extra=ids(notice) | {"reason": str(unavailable)})
        ports.cooldowns.park(claimed, now=ports.clock())
        record(notice, DeliveryResult.UNAVAILABLE, ports, detail=str(unavailable), began_at=began_at, known=begun)
        raise
    if ports.cooldowns.confirm(claimed, now=ports.clock(), policy=ports.policy):
        return record(notice, DeliveryResult.SENT, ports, began_at=began_at, known=begun)
    log.warning("sync failure: the email was sent, but its claim was lost meanwhile", extra=ids(notice))
    return record(notice, DeliveryResult.SENT_UNCONFIRMED, ports, began_at=began_at, known=begun)


def _email(notice: Notice, claimed: Claimed) -> FailureNotice:
    incident = claimed.window.incident
    if incident is None:
        raise ValueError("a granted claim has an incident")
    return FailureNotice(
        notice=notice,
        first_failure_at=incident.first_failure_at,
        message_key=incident_id(claimed.window),
        thread_key=thread_id(claimed.window),
    )


_RESULT_OF_VERDICT = {
    Verdict.COOLING: DeliveryResult.COOLING,
    Verdict.STALE: DeliveryResult.STALE,
    Verdict.ALREADY_SENT: DeliveryResult.SENT,
}
