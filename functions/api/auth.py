"""Who is asking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.parts import parts
from api.problems import Unauthorised
from reprise.observability import logger
from reprise.usecases.account.authenticate import authenticate

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

    from reprise.domain.accounts import Session

_BEARER = re.compile(r"bearer +(\S{1,256}) *", re.IGNORECASE)


def signed_in(router: APIGatewayHttpRouter) -> Session:
    """The session of the request's bearer token. Raises `Unauthorised`.

    Only the `Authorization` header counts: a token in an address would end up in logs and histories.
    """
    header: str = router.current_event.headers.get("authorization", "")
    bearer = _BEARER.fullmatch(header)
    session = authenticate(bearer[1], parts().ports.session) if bearer else None
    if session is None:
        raise Unauthorised(presented=bool(header))
    logger.append_keys(user_id=session.user_id)
    return session
