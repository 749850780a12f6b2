"""The person signed in, and where mail to them goes (`S0-02`)."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api.auth import signed_in
from api.parts import parts
from api.presenters import thresholds_of
from api.problems import Unauthorised
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.account import EmailRequest, EmailResponse, EmailTestResponse, ForgetRequest, MeResponse, delivery
from reprise.domain.jobs import Lane
from reprise.usecases.account.forget_user import forget_user
from reprise.usecases.account.set_email import clear_email, set_email
from reprise.usecases.notify.request_test_email import request_test_email

router = new_router()


@router.get(
    "/me",
    summary="Who is signed in",
    responses=documented(200, MeResponse, 401),
    security=TOKEN,
    tags=["me"],
    operation_id="readMe",
)
def read() -> MeResponse:
    user = parts().users.get(signed_in(router).user_id)
    if user is None:  # forgotten, while the token had time to run
        raise Unauthorised(presented=True)
    looked_at = parts().lanes.looked_at(user.user_id, Lane.SCHEDULE)
    return MeResponse.about(user, thresholds_of(user.user_id), looked_at, configured=parts().settings.email.configured)


@router.put(
    "/me/email",
    summary="Set the address that failure mails go to",
    description="`delivery` is “unconfigured” while this instance has no mail set up: then nothing is sent.",
    responses=documented(200, EmailResponse, 400, 401, 413, 415),
    security=TOKEN,
    tags=["me"],
    operation_id="setEmail",
)
def write_email(wanted: EmailRequest) -> EmailResponse:
    email = set_email(signed_in(router).user_id, wanted.email, parts().ports.email)
    return EmailResponse(email=email, delivery=delivery(configured=parts().settings.email.configured))


@router.delete(
    "/me/email",
    summary="Get no more mail",
    status_code=204,
    responses=documented(204, None, 401),
    security=TOKEN,
    tags=["me"],
    operation_id="clearEmail",
)
def delete_email() -> Response[None]:
    clear_email(signed_in(router).user_id, parts().users)
    return Response(status_code=204)


@router.post(
    "/me/email/test",
    summary="Send a test mail to that address",
    description="It goes out at once, through the same relay as failure mails. At most five an hour.",
    responses=documented(200, EmailTestResponse, 401, 409, 429, 502, 503),
    security=TOKEN,
    tags=["me"],
    operation_id="testEmail",
)
def send_test() -> EmailTestResponse:
    sent_to = request_test_email(signed_in(router).user_id, parts().ports.trial)
    return EmailTestResponse(sent_to=sent_to)


@router.delete(
    "/me",
    summary="Delete everything that is kept of you",
    description=(
        "Playlists, matches, reports, your library's index, the stored password, all sessions and tokens. The lists "
        "on the music server stay. What happened is kept for 90 days and then goes by itself. "
        "Needs a token from signing in, and the password, which is tried on the music server."
    ),
    status_code=204,
    responses=documented(204, None, 400, 401, 403, 413, 415, 429, 502, 503),
    security=TOKEN,
    tags=["me"],
    operation_id="deleteMe",
)
def delete(wanted: ForgetRequest) -> Response[None]:
    forget_user(
        signed_in(router),
        username=wanted.username,
        password=wanted.password,
        source_address=router.current_event.request_context.http.source_ip,
        ports=parts().ports.forget,
    )
    return Response(status_code=204)
