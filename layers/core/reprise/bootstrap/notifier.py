"""The notifier, put together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from reprise.bootstrap.aws import Aws
from reprise.bootstrap.mail import open_mail
from reprise.bootstrap.runtime import load, new_id, utc_now
from reprise.config import NotifierSettings, Place
from reprise.domain.cooldowns import CooldownPolicy
from reprise.domain.deliveries import DeliveryResult
from reprise.domain.outcomes import Outcome
from reprise.environment import Env
from reprise.ports.channels import EmailMessage
from reprise.ports.notifications import FailureNotice
from reprise.ports.queues import Redelivery
from reprise.usecases.notify.notify_outcome import notify_outcome
from reprise.usecases.notify.ports import NotifierPorts

load(
    "reprise.stores.dynamodb.cooldowns",
    "reprise.stores.dynamodb.deliveries",
    "reprise.stores.dynamodb.users",
)


def build_notifier(env: Env) -> Callable[[Outcome], tuple[DeliveryResult, ...]]:
    """A function from an outcome to what became of it."""
    settings = NotifierSettings.read(env)
    aws = Aws(env, settings.places)
    ports = NotifierPorts(
        users=aws.users,
        cooldowns=aws.cooldowns,
        deliveries=aws.deliveries,
        email=open_mail(settings.email, region=aws.region),
        emails=_EmailsOnFirstUse(settings),
        clock=utc_now,
        new_id=new_id,
        policy=CooldownPolicy(length=settings.cooldown, lease=settings.lease),
    )
    return partial(notify_outcome, ports=ports)


def build_redelivery(env: Env) -> Redelivery:
    """When an outcome that failed comes again. Asks for no other setting, for one of them may be why it failed."""
    return Aws(env, {Place.OUTCOMES: env[Place.OUTCOMES]}).redelivery(Place.OUTCOMES)


class _EmailsOnFirstUse:
    """Jinja2 is imported when an email is written, which is once a week at most, and not at every cold start."""

    def __init__(self, settings: NotifierSettings) -> None:
        self._settings = settings

    def failure_email(self, notice: FailureNotice, *, to: str) -> EmailMessage:
        from reprise.rendering.emails import JinjaFailureEmails

        emails = JinjaFailureEmails(
            public_url=self._settings.public_url,
            sender=self._settings.email.sender,
            quiet_for=self._settings.cooldown,
        )
        return emails.failure_email(notice, to=to)
