"""Tell a person of a failure, once; and note what became of every outcome.

    failed     mail set up? ─▶ address? ─▶ claim ─▶ send ─▶ confirm ─▶ sent
                    │             │          │        ├ rejected: release ─▶ rejected
                    │             │          │        └ unavailable: park, raise ─▶ the same message again
                    ▼             ▼          ▼
       channel_unconfigured   no_address   cooling | stale
    succeeded, reconnected   clear ─▶ cleared | nothing_to_clear
    degraded                 ─▶ retriable

Claim before send and confirm after it, never check-then-send: two workers cannot both send, and a send that
failed does not start the window. The channel itself knows nothing of windows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from reprise.domain.cooldowns import CooldownPolicy, Verdict, incident_id, thread_id
from reprise.domain.deliveries import DeliveryResult, delivery_of
from reprise.domain.outcomes import Outcome, OutcomeType
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailChannel
from reprise.ports.clock import Clock, NewId
from reprise.ports.notifications import ClaimAnswer, CooldownStore, DeliveryStore, FailureEmails, FailureNotice
from reprise.ports.people import UserStore

log = logging.getLogger(__name__)


class StillInFlight(Exception):
    """Another delivery of the same message is sending right now; this one has to come again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierPorts:
    """Everything the notifier may touch. `new_id` names each attempt; `policy` holds window and lease."""

    users: UserStore
    cooldowns: CooldownStore
    deliveries: DeliveryStore
    email: EmailChannel
    emails: FailureEmails
    clock: Clock
    new_id: NewId
    policy: CooldownPolicy


def notify_outcome(outcome: Outcome, ports: NotifierPorts) -> DeliveryResult:
    """Handle one message and say what became of it; exactly one history row holds the same.

    Raises `ChannelUnavailable` or `StillInFlight` when the message must come again, and whatever a store raises.
    """
    return _HANDLERS[outcome.outcome_type](outcome, ports)


def _failed(outcome: Outcome, ports: NotifierPorts) -> DeliveryResult:
    if outcome.failure_kind is None:
        raise ValueError("a failed outcome names no failure")
    if not ports.email.configured:
        log.debug("sync failure: this instance has no mail, skipping notification", extra=_ids(outcome))
        return _record(outcome, DeliveryResult.CHANNEL_UNCONFIGURED, ports)
    user = ports.users.get(outcome.user_id)
    if user is None:
        log.warning("sync failure: no such user, skipping notification", extra=_ids(outcome))
        return _record(outcome, DeliveryResult.UNKNOWN_USER, ports)
    if not user.email:
        log.warning("sync failure: no email configured for user, skipping notification", extra=_ids(outcome))
        return _record(outcome, DeliveryResult.NO_ADDRESS, ports)
    answer = ports.cooldowns.claim(outcome, attempt=ports.new_id(), now=ports.clock(), policy=ports.policy)
    if answer.verdict is Verdict.GRANTED:
        return _send(outcome, user.email, answer, ports)
    return _not_granted(outcome, answer, ports)


def _not_granted(outcome: Outcome, answer: ClaimAnswer, ports: NotifierPorts) -> DeliveryResult:
    if answer.verdict is Verdict.IN_FLIGHT:
        raise StillInFlight
    if answer.verdict is Verdict.ALREADY_SENT and answer.window.claim is not None:
        # The same run may have been published twice: its row is that of the message which was sent.
        outcome = replace(outcome, occurred_at=answer.window.claim.failed_at)
    return _record(outcome, _RESULT_OF_VERDICT[answer.verdict], ports)


def _send(outcome: Outcome, address: str, claimed: ClaimAnswer, ports: NotifierPorts) -> DeliveryResult:
    begun = ports.deliveries.record(delivery_of(outcome, DeliveryResult.SENDING, now=ports.clock()))
    if begun.result.final:
        # An old message once more, after its window: it was dealt with, and its claim was only taken to find out.
        ports.cooldowns.release(claimed, now=ports.clock())
        return begun.result
    try:
        ports.email.send(ports.emails.failure_email(_notice(outcome, claimed), to=address))
    except ChannelRejected as rejected:
        log.error("sync failure: the email was rejected", extra=_ids(outcome) | {"reason": str(rejected)})
        ports.cooldowns.release(claimed, now=ports.clock())
        return _record(outcome, DeliveryResult.REJECTED, ports, detail=str(rejected))
    except ChannelUnavailable as unavailable:
        log.error("sync failure: the email could not be sent now", extra=_ids(outcome) | {"reason": str(unavailable)})
        ports.cooldowns.park(claimed, now=ports.clock())
        _record(outcome, DeliveryResult.UNAVAILABLE, ports, detail=str(unavailable))
        raise
    if ports.cooldowns.confirm(claimed, now=ports.clock(), policy=ports.policy):
        return _record(outcome, DeliveryResult.SENT, ports)
    log.warning("sync failure: the email was sent, but its claim was lost meanwhile", extra=_ids(outcome))
    return _record(outcome, DeliveryResult.SENT_UNCONFIRMED, ports)


def _notice(outcome: Outcome, claimed: ClaimAnswer) -> FailureNotice:
    incident = claimed.window.incident
    if incident is None:
        raise ValueError("a granted claim has an incident")
    return FailureNotice(
        failure=outcome,
        first_failure_at=incident.first_failure_at,
        message_key=incident_id(claimed.window),
        thread_key=thread_id(claimed.window),
    )


def _recovered(outcome: Outcome, ports: NotifierPorts) -> DeliveryResult:
    ended = ports.cooldowns.clear(outcome, now=ports.clock())
    return _record(outcome, DeliveryResult.CLEARED if ended else DeliveryResult.NOTHING_TO_CLEAR, ports)


def _degraded(outcome: Outcome, ports: NotifierPorts) -> DeliveryResult:
    return _record(outcome, DeliveryResult.RETRIABLE, ports)


def _record(outcome: Outcome, result: DeliveryResult, ports: NotifierPorts, detail: str = "") -> DeliveryResult:
    """Note the result, unless the message came before and was dealt with then: that result stands."""
    return ports.deliveries.record(delivery_of(outcome, result, now=ports.clock(), detail=detail)).result


def _ids(outcome: Outcome) -> dict[str, str]:
    return {
        "outcome_id": outcome.outcome_id,
        "user_id": outcome.user_id,
        "provider": outcome.provider,
        "failure_kind": outcome.failure_kind.value if outcome.failure_kind else "",
    }


_RESULT_OF_VERDICT = {
    Verdict.COOLING: DeliveryResult.COOLING,
    Verdict.STALE: DeliveryResult.STALE,
    Verdict.ALREADY_SENT: DeliveryResult.SENT,
}
_HANDLERS: dict[OutcomeType, Callable[[Outcome, NotifierPorts], DeliveryResult]] = {
    OutcomeType.FAILED: _failed,
    OutcomeType.SUCCEEDED: _recovered,
    OutcomeType.RECONNECTED: _recovered,
    OutcomeType.DEGRADED: _degraded,
}
