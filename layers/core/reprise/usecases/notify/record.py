"""Keep what became of a notice, and say in the log which one it was."""

from __future__ import annotations

from datetime import datetime

from reprise.domain.deliveries import Delivery, DeliveryResult, delivery_of
from reprise.domain.notices import Notice
from reprise.usecases.notify.ports import NotifierPorts


def record(
    notice: Notice,
    result: DeliveryResult,
    ports: NotifierPorts,
    *,
    detail: str = "",
    began_at: datetime | None = None,
    known: Delivery | None = None,
) -> DeliveryResult:
    """Note the result, unless the message came before and was dealt with then: returns the result that stands.

    `began_at` is when the attempt to send began that ended so, `known` the row that was written then; None where there
    was none.
    """
    row = delivery_of(notice, result, now=ports.clock(), detail=detail, began_at=began_at)
    return ports.deliveries.record(row, known=known).result


def ids(notice: Notice) -> dict[str, str]:
    """What a log line says of a notice: ids and kinds, nothing that somebody else wrote."""
    return {
        "notice_id": notice.notice_id,
        "user_id": notice.user_id,
        "connection": notice.party.connection_id,
        "failure_kind": notice.fault.kind.value if notice.fault else "",
    }
