"""Settings come from the environment handed in, and wrong ones are named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.config import (
    ApiSettings,
    DispatcherSettings,
    EmailTransport,
    SmtpTls,
    SyncSettings,
    WebSettings,
    read_email,
)
from reprise.domain.reach import Reach
from reprise.environment import ConfigError

DISPATCHER = {"PLAYLISTS_TABLE": "p", "SYNC_JOBS_QUEUE_URL": "q"}


def test_defaults_are_those_of_the_readme() -> None:
    assert SyncSettings.read(api_env("https://music.example")).interval == timedelta(hours=1)
    assert read_email({}).configured is False


@pytest.mark.parametrize("missing", DISPATCHER)
def test_a_missing_setting_is_named(missing: str) -> None:
    with pytest.raises(ConfigError, match=missing):
        DispatcherSettings.read({name: value for name, value in DISPATCHER.items() if name != missing})


@pytest.mark.parametrize("text", ["0", "-5", "ten", "1441", "1.5"])
def test_an_impossible_interval_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"SYNC_INTERVAL_MINUTES must be a whole number from 1 to 1440"):
        SyncSettings.read(api_env("https://music.example") | {"SYNC_INTERVAL_MINUTES": text})


def test_smtp_needs_a_host_and_a_sender() -> None:
    assert not read_email({"EMAIL_TRANSPORT": "smtp", "EMAIL_FROM": "a@example.com"}).configured
    assert not read_email({"EMAIL_TRANSPORT": "smtp", "SMTP_HOST": "mail"}).configured
    whole = read_email({"EMAIL_TRANSPORT": "smtp", "SMTP_HOST": "mail", "EMAIL_FROM": "a@example.com"})
    assert whole.configured
    assert whole.smtp is not None
    assert (whole.smtp.port, whole.smtp.tls) == (587, SmtpTls.STARTTLS)


def test_ses_needs_only_a_sender() -> None:
    assert read_email({"EMAIL_TRANSPORT": "ses", "EMAIL_FROM": "a@example.com"}).configured
    assert read_email({"EMAIL_TRANSPORT": "SES"}).transport is EmailTransport.SES


def test_an_unknown_transport_is_refused_with_the_choices() -> None:
    with pytest.raises(ConfigError, match="EMAIL_TRANSPORT must be one of ses, smtp, none"):
        read_email({"EMAIL_TRANSPORT": "pigeon"})


def api_env(url: str) -> dict[str, str]:
    names = ("PLAYLISTS", "EVENTS", "HEALTH", "CONNECTIONS", "OVERRIDES", "USERS", "SESSIONS", "ATTEMPTS")
    return {f"{name}_TABLE": name for name in names} | {
        "DATA_BUCKET": "b",
        "CREDENTIALS_KEY_ID": "k",
        "SYNC_JOBS_QUEUE_URL": "j",
        "OUTCOMES_QUEUE_URL": "o",
        "MUSIC_SERVER_URL": url,
        "ADMINISTRATORS": "alice, bob ,",
    }


@pytest.mark.parametrize("url", ["https://music.example", "https://music.example/", "https://music.example/rest/"])
def test_the_servers_address_has_one_form(url: str) -> None:
    settings = ApiSettings.read(api_env(url))
    assert settings.music_server_url == "https://music.example"
    assert settings.administrators == {"alice", "bob"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:4533", "http://localhost", "http://[::1]:4533"])
def test_the_machine_itself_may_be_called_by_plain_http(url: str) -> None:
    assert ApiSettings.read(api_env(url)).music_server_url == url


@pytest.mark.parametrize(
    "url",
    ["http://music.example", "http://192.168.1.5:4533", "http://localhost.example", "http://127.0.0.1@music.example"],
)
def test_nobody_else_may_unless_the_operator_says_so(url: str) -> None:
    for read in (ApiSettings.read, WebSettings.read, SyncSettings.read):
        for unset in ({}, {"ALLOW_PLAIN_HTTP": "false"}, {"ALLOW_PLAIN_HTTP": ""}):
            with pytest.raises(ConfigError, match="MUSIC_SERVER_URL must begin with https"):
                read(api_env(url) | unset)
        assert read(api_env(url) | {"ALLOW_PLAIN_HTTP": "true"}).music_server_url == url


def test_an_address_without_scheme_is_refused() -> None:
    with pytest.raises(ConfigError, match="http:// or https://"):
        ApiSettings.read(api_env("music.example"))


@pytest.mark.parametrize(
    ("env", "reach"),
    [
        ({}, Reach.PUBLIC),
        ({"ALLOW_PRIVATE_ADDRESSES": ""}, Reach.PUBLIC),
        ({"ALLOW_PRIVATE_ADDRESSES": "false"}, Reach.PUBLIC),
        ({"ALLOW_PRIVATE_ADDRESSES": " True "}, Reach.MACHINE),
        ({"ALLOW_PRIVATE_ADDRESSES": "true", "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"}, Reach.PRIVATE),
    ],
)
def test_private_addresses_are_the_operators_choice_and_the_runtimes_door_is_nobodys(
    env: dict[str, str], reach: Reach
) -> None:
    assert ApiSettings.read(api_env("https://music.example") | env).reach is reach
    assert SyncSettings.read(api_env("https://music.example") | env).reach is reach


@pytest.mark.parametrize("text", ["yes", "1", "10.0.0.0/8"])
def test_a_half_answer_about_private_addresses_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="ALLOW_PRIVATE_ADDRESSES must be true or false"):
        SyncSettings.read(api_env("https://music.example") | {"ALLOW_PRIVATE_ADDRESSES": text})
