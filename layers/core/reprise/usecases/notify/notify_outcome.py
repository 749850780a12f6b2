"""Tell a person what they have to know of an outcome, and note what became of each notice.

outcome ─▶ derive ─▶ notices ─▶ for each:
    failed     mail set up? ─▶ address? ─▶ window ─▶ deliver
                   │             │           └ cooling | stale
                   ▼             ▼
      channel_unconfigured   no_address
    succeeded, reconnected   end the window ─▶ cleared | nothing_to_clear
    degraded                 ─▶ retriable
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from reprise.domain.deliveries import DeliveryResult
from reprise.domain.notices import Notice, NoticeType
from reprise.domain.outcomes import Outcome
from reprise.usecases.notify.derive import derive
from reprise.usecases.notify.ports import NotifierPorts
from reprise.usecases.notify.record import ids, record
from reprise.usecases.notify.send_in_window import send_in_window

log = logging.getLogger(__name__)


def notify_outcome(outcome: Outcome, ports: NotifierPorts) -> tuple[DeliveryResult, ...]:
    """Handle one message and say what became of each of its notices; exactly one history row holds the same.

    A notice that cannot be dealt with now does not keep the others waiting. Raises what the first of those raised
    (`ChannelUnavailable`, `StillInFlight`, or whatever a store raises): then the message must come again.
    """
    results: list[DeliveryResult] = []
    errors: list[Exception] = []
    for notice in derive(outcome):
        try:
            results.append(notify(notice, ports))
        except Exception as error:  # it is raised below: nothing is swallowed
            errors.append(error)
    if errors:
        raise errors[0]
    return tuple(results)


def notify(notice: Notice, ports: NotifierPorts) -> DeliveryResult:
    """Handle one notice and say what became of it.

    Raises `ChannelUnavailable` or `StillInFlight` if it must come again, and whatever a store raises.
    """
    return _HANDLERS[notice.notice_type](notice, ports)


def _failed(notice: Notice, ports: NotifierPorts) -> DeliveryResult:
    if notice.fault is None:
        raise ValueError("a notice of a failure names no failure")
    if not ports.email.configured:
        log.debug("sync failure: this instance has no mail, skipping notification", extra=ids(notice))
        return record(notice, DeliveryResult.CHANNEL_UNCONFIGURED, ports)
    user = ports.users.get(notice.user_id)
    if user is None:
        log.warning("sync failure: no such user, skipping notification", extra=ids(notice))
        return record(notice, DeliveryResult.UNKNOWN_USER, ports)
    if not user.email:
        log.warning("sync failure: no email configured for user, skipping notification", extra=ids(notice))
        return record(notice, DeliveryResult.NO_ADDRESS, ports)
    return send_in_window(notice, user.email, ports)


def _recovered(notice: Notice, ports: NotifierPorts) -> DeliveryResult:
    ended = ports.cooldowns.clear(notice, now=ports.clock())
    return record(notice, DeliveryResult.CLEARED if ended else DeliveryResult.NOTHING_TO_CLEAR, ports)


def _degraded(notice: Notice, ports: NotifierPorts) -> DeliveryResult:
    return record(notice, DeliveryResult.RETRIABLE, ports)


_HANDLERS: dict[NoticeType, Callable[[Notice, NotifierPorts], DeliveryResult]] = {
    NoticeType.FAILED: _failed,
    NoticeType.SUCCEEDED: _recovered,
    NoticeType.RECONNECTED: _recovered,
    NoticeType.DEGRADED: _degraded,
}
