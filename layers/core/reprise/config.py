"""Settings, read from the environment handed in; never at import. The template sets every name (`template.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from reprise.domain.reach import Reach
from reprise.environment import ConfigError, Env, choice, flag, number, share, share_or, text


class Place(StrEnum):
    """Where this instance keeps or sends something. The values are the names in the environment."""

    USERS = "USERS_TABLE"
    SESSIONS = "SESSIONS_TABLE"
    ATTEMPTS = "ATTEMPTS_TABLE"
    CONNECTIONS = "CONNECTIONS_TABLE"
    HEALTH = "HEALTH_TABLE"
    PLAYLISTS = "PLAYLISTS_TABLE"
    OVERRIDES = "OVERRIDES_TABLE"
    EVENTS = "EVENTS_TABLE"
    COOLDOWNS = "COOLDOWNS_TABLE"
    DELIVERIES = "DELIVERIES_TABLE"
    DATA = "DATA_BUCKET"
    CREDENTIALS = "CREDENTIALS_KEY_ID"
    JOBS = "SYNC_JOBS_QUEUE_URL"
    OUTCOMES = "OUTCOMES_QUEUE_URL"


# The places that a function declares it uses, and where each is.
Places = Mapping[Place, str]


class EmailTransport(StrEnum):
    SES = "ses"
    SMTP = "smtp"
    NONE = "none"


class SmtpTls(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """How to reach the mail relay. `user` "" means no login; `password_source` names where the password is kept.

    That is an ARN in Secrets Manager, or `ssm:` and the name of a SecureString parameter; "" means none.
    """

    host: str
    port: int
    tls: SmtpTls
    user: str
    password_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """`smtp` is None unless the transport is SMTP and its host is set; `sender` is the From address."""

    transport: EmailTransport
    sender: str
    smtp: SmtpSettings | None

    @property
    def configured(self) -> bool:
        """False disables email; everything else goes on working (`S0-05`)."""
        if not self.sender:
            return False
        return self.transport is EmailTransport.SES or self.smtp is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatcherSettings:
    places: Places

    @classmethod
    def read(cls, env: Env) -> DispatcherSettings:
        return cls(places=_places(env, Place.PLAYLISTS, Place.JOBS))


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSettings:
    places: Places
    interval: timedelta
    music_server_url: str
    threshold: float | None
    max_shrink: float
    min_match_rate: float
    circuit_threshold: int
    circuit_cooldown: timedelta
    lease: timedelta
    reach: Reach = Reach.PUBLIC

    @classmethod
    def read(cls, env: Env) -> SyncSettings:
        return cls(
            places=_places(
                env,
                Place.PLAYLISTS,
                Place.EVENTS,
                Place.HEALTH,
                Place.CONNECTIONS,
                Place.OVERRIDES,
                Place.DATA,
                Place.CREDENTIALS,
                Place.JOBS,
                Place.OUTCOMES,
            ),
            interval=_interval(env),
            music_server_url=_server_url(env),
            threshold=share(env, "MATCH_THRESHOLD"),
            max_shrink=share_or(env, "MAX_SHRINK", 0.5),
            min_match_rate=share_or(env, "MIN_MATCH_RATE", 0.0),
            circuit_threshold=number(env, "CIRCUIT_THRESHOLD", 1, 1000, default=5),
            circuit_cooldown=timedelta(minutes=number(env, "CIRCUIT_COOLDOWN_MINUTES", 1, 1440, default=30)),
            lease=timedelta(seconds=number(env, "LEASE_SECONDS", 1, 7200, default=960)),
            reach=_reach(env),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierSettings:
    places: Places
    cooldown: timedelta
    lease: timedelta
    public_url: str
    email: EmailSettings

    @classmethod
    def read(cls, env: Env) -> NotifierSettings:
        return cls(
            places=_places(env, Place.USERS, Place.COOLDOWNS, Place.DELIVERIES, Place.OUTCOMES),
            cooldown=timedelta(days=number(env, "COOLDOWN_DAYS", 1, 365, default=7)),
            lease=timedelta(seconds=number(env, "CLAIM_LEASE_SECONDS", 1, 7200, default=300)),
            public_url=text(env, "PUBLIC_URL").rstrip("/"),
            email=read_email(env),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    places: Places
    music_server_url: str
    threshold: float | None
    administrators: frozenset[str]
    email: EmailSettings
    reach: Reach = Reach.PUBLIC

    @classmethod
    def read(cls, env: Env) -> ApiSettings:
        return cls(
            places=_places(
                env,
                Place.PLAYLISTS,
                Place.EVENTS,
                Place.HEALTH,
                Place.CONNECTIONS,
                Place.USERS,
                Place.SESSIONS,
                Place.ATTEMPTS,
                Place.OVERRIDES,
                Place.DATA,
                Place.CREDENTIALS,
                Place.JOBS,
                Place.OUTCOMES,
            ),
            music_server_url=_server_url(env),
            threshold=share(env, "MATCH_THRESHOLD"),
            administrators=_administrators(env),
            email=read_email(env),
            reach=_reach(env),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    places: Places
    music_server_url: str
    administrators: frozenset[str]

    @classmethod
    def read(cls, env: Env) -> WebSettings:
        return cls(
            places=_places(
                env,
                Place.USERS,
                Place.CONNECTIONS,
                Place.HEALTH,
                Place.EVENTS,
                Place.ATTEMPTS,
                Place.CREDENTIALS,
                Place.OUTCOMES,
            ),
            music_server_url=_server_url(env),
            administrators=_administrators(env),
        )


def read_email(env: Env) -> EmailSettings:
    """Email settings; incomplete ones leave email unconfigured, wrong ones raise `ConfigError`."""
    transport = choice(env, "EMAIL_TRANSPORT", EmailTransport, EmailTransport.NONE)
    smtp = None
    if transport is EmailTransport.SMTP and env.get("SMTP_HOST"):
        smtp = SmtpSettings(
            host=env["SMTP_HOST"],
            port=number(env, "SMTP_PORT", 1, 65535, default=587),
            tls=choice(env, "SMTP_TLS", SmtpTls, SmtpTls.STARTTLS),
            user=env.get("SMTP_USER", ""),
            password_source=env.get("SMTP_PASSWORD_SOURCE", ""),
        )
    return EmailSettings(transport=transport, sender=env.get("EMAIL_FROM", "").strip(), smtp=smtp)


def _places(env: Env, *declared: Place) -> Places:
    """Raises `ConfigError` when one of the declared is not set."""
    return {place: text(env, place) for place in declared}


def _interval(env: Env) -> timedelta:
    return timedelta(minutes=number(env, "SYNC_INTERVAL_MINUTES", 1, 1440, default=60))


def _reach(env: Env) -> Reach:
    """How far the addresses of playlists may lead. On Lambda never to the machine itself: the runtime's own door, where
    the next invocation is fetched, is on it. (Lambda names that door in the variable looked for here.)
    """
    if not flag(env, "ALLOW_PRIVATE_ADDRESSES"):
        return Reach.PUBLIC
    return Reach.PRIVATE if env.get("AWS_LAMBDA_RUNTIME_API") else Reach.MACHINE


def _administrators(env: Env) -> frozenset[str]:
    """Names as the music server spells them."""
    return frozenset(name.strip() for name in env.get("ADMINISTRATORS", "").split(",") if name.strip())


def _server_url(env: Env) -> str:
    """Raises `ConfigError`, too, for http:// where the operator did not say so: all that is sent can be read on the
    way. There is none to the machine itself.
    """
    url = text(env, "MUSIC_SERVER_URL").rstrip("/").removesuffix("/rest")
    if not url.startswith(("http://", "https://")):
        raise ConfigError("MUSIC_SERVER_URL must begin with http:// or https://")
    allowed = flag(env, "ALLOW_PLAIN_HTTP")
    if url.startswith("http://") and not allowed and not _is_this_machine(urlsplit(url).hostname or ""):
        raise ConfigError("MUSIC_SERVER_URL must begin with https://, unless ALLOW_PLAIN_HTTP is true")
    return url


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
