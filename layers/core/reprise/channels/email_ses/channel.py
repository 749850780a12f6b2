"""SES, API v2, with the message as we wrote it (`Content.Raw`).

One attempt per send: after a lost reply SES may have accepted, so that a blind retry would send twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from reprise.channels.mime import envelope_address, mime_of
from reprise.channels.registry import ChannelDependencies
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailChannel, EmailMessage
from reprise.ports.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_REFUSED = {
    "MessageRejected": "SES rejected the email.",
    "BadRequestException": "SES could not read the email.",
    "NotFoundException": "SES does not know the identity the email is sent from.",
    "AccountSuspendedException": "SES has suspended this account's sending.",
    "SendingPausedException": "Sending is paused for this account at SES.",
    "MailFromDomainNotVerifiedException": "SES has not verified the sender's domain.",
    "AccessDeniedException": "This function may not send through SES.",
}


def open_channel(dependencies: ChannelDependencies) -> EmailChannel:
    client = boto3.client(
        "sesv2",
        region_name=dependencies.region,
        config=Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 1, "mode": "standard"}),
    )
    return SesEmail(client, sender=dependencies.sender, clock=dependencies.clock)


class SesEmail:
    """Sends From `sender`, an identity verified at SES."""

    def __init__(self, client: SESV2Client, *, sender: str, clock: Clock) -> None:
        self._client = client
        self._sender = sender
        self._clock = clock

    @property
    def configured(self) -> bool:
        return True

    def send(self, message: EmailMessage) -> None:
        mime = mime_of(message, sender=self._sender, date=self._clock())
        try:
            self._client.send_email(
                FromEmailAddress=str(mime["From"]),
                Destination={"ToAddresses": [envelope_address(message.to)]},
                Content={"Raw": {"Data": mime.as_bytes()}},
            )
        except ClientError as error:
            raise _translated(error) from None
        except BotoCoreError:
            raise ChannelUnavailable("SES could not be reached.") from None


def _translated(error: ClientError) -> ChannelRejected | ChannelUnavailable:
    """By SES's code alone; its message quotes addresses."""
    code = error.response["Error"].get("Code", "")
    refused = _REFUSED.get(code)
    if refused is not None:
        return ChannelRejected(refused)
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    return ChannelUnavailable(f"SES cannot take the email now. It answered {status}.")
