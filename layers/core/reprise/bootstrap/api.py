"""The api function, put together.

Each part is built when a request first needs it, and then kept for the life of the process: a cold start pays for the
one route it serves, and a list of playlists imports neither httpx nor Jinja2 nor the mail library.
"""

from __future__ import annotations

import logging
import secrets
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypedDict

from reprise.bootstrap.api_ports import ApiPorts
from reprise.bootstrap.policy import match_policy
from reprise.bootstrap.runtime import dynamodb_endpoint, new_id, region, utc_now
from reprise.config import ApiSettings, Env
from reprise.domain.refusals import InvalidInput
from reprise.usecases.connections.open_account import AccountPorts
from reprise.usecases.connections.renew_connection import SignInPorts

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

    from reprise.matching.index import LibraryIndex
    from reprise.ports.channels import EmailChannel
    from reprise.ports.connections import ConnectionStore, HealthStore
    from reprise.ports.contents import LibraryIndexStore, PersonalFiles, PreviewStore, ReportStore, SourceContentStore
    from reprise.ports.credentials import Cipher
    from reprise.ports.events import EventStore
    from reprise.ports.notifications import TrialEmails
    from reprise.ports.people import AttemptStore, LaneStore, SessionStore, UserStore
    from reprise.ports.playlists import OverrideStore, PlaylistStore
    from reprise.ports.queues import JobQueue, OutcomeQueue
    from reprise.ports.sources import PlaylistFileReader, PlaylistFinder
    from reprise.ports.targets import MusicServer
    from reprise.rendering.missing import MissingFile
    from reprise.rendering.web import WebPage as WebPage
    from reprise.rendering.web import WebPages
    from reprise.usecases.playlists.list_missing import Missing
    from reprise.usecases.playlists.ports import DecodeIndex

log = logging.getLogger(__name__)

TARGET_KIND = "subsonic"
SIGN_IN_BUDGET_S = 20.0
"""For asking the music server while a person waits; API Gateway gives up after 30 s."""


class _Where(TypedDict):
    region: str
    endpoint: str | None


class ApiParts:
    """Everything the routes need. Raises `ConfigError` at once when a setting is missing."""

    def __init__(self, env: Env) -> None:
        self.settings = ApiSettings.read(env)
        self._where = _Where(region=region(env), endpoint=dynamodb_endpoint(env))
        self.ports = ApiPorts(self)

    def clock(self) -> datetime:
        """Now, to the millisecond: stores keep no more, and an answer must not change by being stored."""
        now = utc_now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def new_id(self) -> str:
        return new_id()

    @property
    def instance_threshold(self) -> float:
        """What holds for whoever set no threshold."""
        return match_policy(self.settings.threshold).threshold

    def new_token(self) -> str:
        """256 random bits."""
        return secrets.token_urlsafe(32)

    @cached_property
    def sessions(self) -> SessionStore:
        from reprise.stores.dynamodb.sessions import DynamoSessions

        return DynamoSessions(table_name=self.settings.sessions_table, **self._where)

    @cached_property
    def users(self) -> UserStore:
        from reprise.stores.dynamodb.users import DynamoUsers

        return DynamoUsers(table_name=self.settings.users_table, **self._where)

    @cached_property
    def attempts(self) -> AttemptStore:
        from reprise.stores.dynamodb.attempts import DynamoAttempts

        return DynamoAttempts(table_name=self.settings.attempts_table, **self._where)

    @cached_property
    def connections(self) -> ConnectionStore:
        from reprise.stores.dynamodb.connections import DynamoConnections

        return DynamoConnections(table_name=self.settings.connections_table, **self._where)

    @cached_property
    def health(self) -> HealthStore:
        from reprise.stores.dynamodb.health import DynamoHealth

        return DynamoHealth(table_name=self.settings.health_table, **self._where)

    @cached_property
    def playlists(self) -> PlaylistStore:
        from reprise.stores.dynamodb.playlists import DynamoPlaylists

        return DynamoPlaylists(
            table_name=self.settings.playlists_table, events_table=self.settings.events_table, **self._where
        )

    @cached_property
    def events(self) -> EventStore:
        from reprise.stores.dynamodb.events import DynamoEvents

        return DynamoEvents(table_name=self.settings.events_table, **self._where)

    @cached_property
    def reports(self) -> ReportStore:
        from reprise.stores.s3.reports import S3Reports

        return S3Reports(client=self._s3, bucket=self.settings.data_bucket)

    @cached_property
    def contents(self) -> SourceContentStore:
        from reprise.stores.s3.source_contents import S3SourceContents

        return S3SourceContents(client=self._s3, bucket=self.settings.data_bucket)

    @cached_property
    def overrides(self) -> OverrideStore:
        from reprise.stores.dynamodb.overrides import DynamoOverrides

        return DynamoOverrides(table_name=self.settings.overrides_table, **self._where)

    @cached_property
    def indexes(self) -> LibraryIndexStore:
        from reprise.stores.s3.library_indexes import S3LibraryIndexes

        return S3LibraryIndexes(client=self._s3, bucket=self.settings.data_bucket)

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
    def previews(self) -> PreviewStore:
        from reprise.stores.s3.previews import S3Previews

        return S3Previews(client=self._s3, bucket=self.settings.data_bucket)

    @cached_property
    def jobs(self) -> JobQueue:
        from reprise.queues.sqs import SqsJobQueue

        return SqsJobQueue(client=self._sqs, queue_url=self.settings.jobs_queue_url)

    @cached_property
    def outcomes(self) -> OutcomeQueue:
        from reprise.queues.sqs import SqsOutcomeQueue

        return SqsOutcomeQueue(client=self._sqs, queue_url=self.settings.outcomes_queue_url)

    @cached_property
    def cipher(self) -> Cipher:
        from reprise.credentials.kms import KmsCipher

        return KmsCipher(client=self._kms, key_id=self.settings.credentials_key)

    @cached_property
    def reader(self) -> PlaylistFileReader:
        from reprise.sources.files.reader import FileReader

        return FileReader()

    @cached_property
    def finder(self) -> PlaylistFinder:
        from reprise.sources.registry import SourceDependencies
        from reprise.sources.web.source import WebSource
        from reprise.stores.s3.source_caches import S3SourceCaches

        return WebSource(
            SourceDependencies(
                contents=self.contents,
                caches=S3SourceCaches(client=self._s3, bucket=self.settings.data_bucket),
                open_reader=lambda: self.reader,
                clock=self.clock,
                reach=self.settings.reach,
            )
        )

    @cached_property
    def email(self) -> EmailChannel:
        from reprise.bootstrap.mail import open_mail

        return open_mail(self.settings.email, region=self._where["region"])

    @cached_property
    def trial_emails(self) -> TrialEmails:
        from reprise.rendering.emails import JinjaTrialEmails

        return JinjaTrialEmails(sender=self.settings.email.sender)

    @cached_property
    def pages(self) -> WebPages:
        from reprise.rendering.web import WebPages

        return WebPages()

    @cached_property
    def sign_in(self) -> SignInPorts:
        return SignInPorts(
            users=self.users,
            connections=self.connections,
            health=self.health,
            attempts=self.attempts,
            outcomes=self.outcomes,
            cipher=self.cipher,
            open_server=self.open_server,
            clock=self.clock,
            new_id=self.new_id,
            server_url=self.settings.music_server_url,
            administrators=self.settings.administrators,
        )

    @cached_property
    def account(self) -> AccountPorts:
        return AccountPorts(
            connections=self.connections, health=self.health, cipher=self.cipher, open_server=self.open_server
        )

    @cached_property
    def lanes(self) -> LaneStore:
        from reprise.stores.dynamodb.lanes import DynamoLanes

        return DynamoLanes(table_name=self.settings.health_table, **self._where)

    @cached_property
    def files(self) -> PersonalFiles:
        from reprise.stores.s3.personal_files import S3PersonalFiles

        return S3PersonalFiles(client=self._s3, bucket=self.settings.data_bucket)

    def missing_file(self, file_format: str, missing: Missing) -> MissingFile:
        from reprise.rendering.missing import missing_file

        return missing_file(file_format, missing.name, missing.matches)

    def open_server(self, username: str, password: str) -> MusicServer:
        from reprise.targets.registry import open_server

        return open_server(
            TARGET_KIND,
            base_url=self.settings.music_server_url,
            username=username,
            password=password,
            time_budget_s=SIGN_IN_BUDGET_S,
        )

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

    @cached_property
    def _s3(self) -> S3Client:
        import boto3

        return boto3.client("s3", region_name=self._where["region"])

    @cached_property
    def _sqs(self) -> SQSClient:
        import boto3

        return boto3.client("sqs", region_name=self._where["region"])

    @cached_property
    def _kms(self) -> KMSClient:
        import boto3

        return boto3.client("kms", region_name=self._where["region"])


_NOT_AN_ADDRESS = "This is not an email address that mail can be sent to. It should look like name@example.org."
