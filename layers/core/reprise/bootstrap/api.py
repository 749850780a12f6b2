"""The api function, put together.

Each part is built when a request first needs it, and then kept for the life of the process: a cold start pays for the
one route it serves, and a list of playlists imports neither httpx nor Jinja2 nor the mail library.
"""

from __future__ import annotations

import logging
import secrets
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from reprise.bootstrap.api_ports import ApiPorts
from reprise.bootstrap.policy import match_policy
from reprise.bootstrap.sign_in import SignInParts
from reprise.config import ApiSettings
from reprise.domain.refusals import InvalidInput
from reprise.environment import Env
from reprise.usecases.connections.open_account import AccountPorts

if TYPE_CHECKING:
    from reprise.matching.index import LibraryIndex
    from reprise.ports.channels import EmailChannel
    from reprise.ports.notifications import TrialEmails
    from reprise.ports.sources import PlaylistFileReader, PlaylistFinder
    from reprise.rendering.missing import MissingFile
    from reprise.rendering.web import WebPage as WebPage
    from reprise.usecases.playlists.list_missing import Missing
    from reprise.usecases.playlists.ports import DecodeIndex

log = logging.getLogger(__name__)


class ApiParts(SignInParts):
    """Everything the routes need. Raises `ConfigError` at once when a setting is missing."""

    def __init__(self, env: Env) -> None:
        self.settings = ApiSettings.read(env)
        super().__init__(env, self.settings)
        self.ports = ApiPorts(self)

    @property
    def instance_threshold(self) -> float:
        """What holds for whoever set no threshold."""
        return match_policy(self.settings.threshold).threshold

    def new_token(self) -> str:
        """256 random bits."""
        return secrets.token_urlsafe(32)

    @cached_property
    def decode_index(self) -> DecodeIndex:
        """Keeps the library it read last: people search several times in a row."""
        from reprise.matching.index import IndexFormatError, decode_index

        @lru_cache(maxsize=1)
        def decode(data: bytes) -> LibraryIndex | None:
            try:
                return decode_index(data)
            except IndexFormatError:
                log.warning("a stored library index cannot be read: the next sync replaces it")
                return None

        return decode

    @cached_property
    def reader(self) -> PlaylistFileReader:
        from reprise.bootstrap.sources import open_reader

        return open_reader()

    @cached_property
    def finder(self) -> PlaylistFinder:
        from reprise.bootstrap.sources import source_dependencies
        from reprise.sources.web.source import WebSource

        return WebSource(source_dependencies(self, clock=self.clock, reach=self.settings.reach))

    @cached_property
    def email(self) -> EmailChannel:
        from reprise.bootstrap.mail import open_mail

        return open_mail(self.settings.email, region=self.region)

    @cached_property
    def trial_emails(self) -> TrialEmails:
        from reprise.rendering.emails import JinjaTrialEmails

        return JinjaTrialEmails(sender=self.settings.email.sender)

    @cached_property
    def account(self) -> AccountPorts:
        return AccountPorts(
            connections=self.connections, health=self.health, cipher=self.cipher, open_server=self.open_server
        )

    def missing_file(self, file_format: str, missing: Missing) -> MissingFile:
        from reprise.rendering.missing import missing_file

        return missing_file(file_format, missing.name, missing.matches)

    def normalise_email(self, address: str) -> str:
        """The address in ASCII, its domain in lower case. Raises `InvalidInput`; asks no name server.

        Addresses that only a relay at home can reach are fine (`me@music.lan`): that is the operator's choice.
        """
        from email_validator import EmailNotValidError, validate_email

        try:
            checked = validate_email(
                address,
                check_deliverability=False,
                globally_deliverable=False,
                test_environment=True,  # no more than: `.test` is a domain like others
                allow_smtputf8=False,
                strict=True,
            )
        except EmailNotValidError:
            raise InvalidInput("email", _NOT_AN_ADDRESS) from None
        if "." not in checked.domain or checked.ascii_email is None:
            raise InvalidInput("email", _NOT_AN_ADDRESS)
        return checked.ascii_email


_NOT_AN_ADDRESS = "This is not an email address that mail can be sent to. It should look like name@example.org."
