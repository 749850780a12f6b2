"""`EmailChannel`: the same promises from the fake, a real SMTP session on loopback, and SES.

A channel of the registry that has no harness fails.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string
from email.message import EmailMessage as MimeMessage
from email.policy import default as modern
from types import SimpleNamespace

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends

from reprise.channels.email_ses.channel import SesEmail
from reprise.channels.email_ses.channel import open_channel as open_ses
from reprise.channels.email_smtp.channel import SmtpEmail
from reprise.channels.email_smtp.channel import open_channel as open_smtp
from reprise.channels.mime import envelope_address
from reprise.channels.registry import OPENERS, ChannelDependencies, Encryption, Relay, open_email
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailChannel, EmailMessage
from reprise_dev.doubles.certificates import Authority
from reprise_dev.doubles.fakes.notifications import RecordingEmail
from reprise_dev.doubles.smtp_sink import DROP, HOST, SmtpSink

REGION = "eu-central-1"
SENDER = "reprise@example.org"
PASSWORD = "correct horse battery staple"
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


def message(**changes: object) -> EmailMessage:
    fields: dict[str, object] = {
        "to": "ann@example.org",
        "subject": "[Reprise] Navidrome sync error — action required",
        "text": "Лето — two lines\nand a long one " + "x" * 1200,
        "html": "<p>夏の歌 &amp; more</p>",
        "message_id": "abc123@example.org",
        "headers": {"References": "<thread@example.org>"},
    }
    return EmailMessage(**(fields | changes))  # type: ignore[arg-type]  # the fields above, some changed


@dataclass
class Harness:
    """A channel, what came out at its other end (subject, text, html, recipients), and two ways to make it fail."""

    channel: EmailChannel
    arrived: Callable[[], list[tuple[str, str, str, list[str]]]]
    refuse: Callable[[], object]
    go_away: Callable[[], object]


@pytest.fixture(params=["fake", *OPENERS])
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    with _HARNESSES[request.param]() as made:
        yield made


def test_what_is_sent_arrives_whole(harness: Harness) -> None:
    sent = message()
    harness.channel.send(sent)
    (arrived,) = harness.arrived()
    assert arrived == (sent.subject, sent.text, sent.html, [sent.to])
    assert harness.channel.configured


def test_a_refused_email_is_rejected_and_does_not_arrive(harness: Harness) -> None:
    harness.refuse()
    with pytest.raises(ChannelRejected) as refused:
        harness.channel.send(message())
    assert harness.arrived() == []
    assert "ann@" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_absent_service_is_unavailable(harness: Harness) -> None:
    harness.go_away()
    with pytest.raises(ChannelUnavailable) as away:
        harness.channel.send(message())
    assert harness.arrived() == []
    assert away.value.__cause__ is None


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Hello\r\nBcc: everyone@example.org"},
        {"subject": "Hello\nX: y"},
        {"headers": {"References": "<a@b>\r\nBcc: everyone@example.org"}},
        {"message_id": "a@b>\r\nBcc: everyone@example.org\r\nX: <"},
        {"to": "ann@example.org, everyone@example.org"},
        {"to": "ann@example.org\r\nBcc: everyone@example.org"},
        {"to": "ann@example.org>\r\nRCPT TO:<everyone@example.org"},
        {"to": "Ann <ann@example.org>"},
        {"to": "änn@example.org"},
        {"to": "ann"},
        {"to": "@example.org"},
        {"to": "ann@"},
        {"to": ""},
        {"to": "ann@exa mple.org"},
        {"to": f"ann@{'x' * 70}.org"},
    ],
    ids=lambda changes: repr(changes)[:60],
)
def test_no_data_can_add_a_header_or_a_recipient(harness: Harness, changes: dict[str, object]) -> None:
    with pytest.raises(ChannelRejected):
        harness.channel.send(message(**changes))
    assert harness.arrived() == []


def test_a_domain_in_other_letters_is_sent_in_its_ascii_form(harness: Harness) -> None:
    harness.channel.send(message(to="ann@bücher.example"))
    (arrived,) = harness.arrived()
    assert arrived[3] in (["ann@xn--bcher-kva.example"], ["ann@bücher.example"])


class TestMime:
    """What a mail client gets to see, read from what the relay was given."""

    def test_headers_and_parts(self) -> None:
        with SmtpSink() as sink:
            _smtp(sink).send(message())
            (mail,) = sink.mails
        mime = mail.message
        assert mime["From"] == "Reprise <reprise@example.org>"
        assert mime["To"] == "ann@example.org"
        assert mime["Message-ID"] == "<abc123@example.org>"
        assert mime["References"] == "<thread@example.org>"
        assert mime["Auto-Submitted"] == "auto-generated"
        assert mime["Date"] == "Fri, 20 Nov 2026 14:05:00 +0000"
        assert mime.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in mime.iter_parts()] == ["text/plain", "text/html"]
        assert (mail.sender, mail.recipients) == (SENDER, ("ann@example.org",))

    def test_it_is_ascii_in_short_lines_so_that_every_relay_can_take_it(self) -> None:
        with SmtpSink() as sink:
            _smtp(sink).send(message())
            (mail,) = sink.mails
        mail.raw.decode("ascii")
        assert max(len(line) for line in mail.raw.split(b"\r\n")) <= 998

    def test_a_line_that_begins_with_a_dot_stays(self) -> None:
        with SmtpSink() as sink:
            _smtp(sink).send(message(text="one\n.\n..two\nthree\n"))
            assert sink.mails[0].text == "one\n.\n..two\nthree\n"

    def test_a_sender_that_is_no_address_is_rejected(self) -> None:
        with SmtpSink() as sink, pytest.raises(ChannelRejected):
            _smtp(sink, sender="nobody").send(message())


@pytest.mark.parametrize("local", ["änn", "a b", "a\r\nb", "a\x00", "a\tb", ""])
def test_what_stands_before_the_at_is_plain_ascii(local: str) -> None:
    """Whatever the standard library's parser thinks of it in this version of Python."""
    with pytest.raises(ChannelRejected):
        envelope_address(f"{local}@example.org")


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
class TestSmtpReplies:
    """A relay's answers, at every step."""

    @pytest.mark.parametrize("code", [500, 530, 550, 552, 554])
    def test_5xx_is_for_good(self, step: str, code: int) -> None:
        with SmtpSink() as sink:
            sink.replies[step] = f"{code} no, <ann@example.org> pw={PASSWORD}"
            with pytest.raises(ChannelRejected, match=f"It answered {code}") as refused:
                _smtp(sink).send(message())
            assert sink.mails == []
        _tells_nothing(refused.value)

    @pytest.mark.parametrize("code", [421, 450, 451, 452])
    def test_4xx_is_for_now(self, step: str, code: int) -> None:
        with SmtpSink() as sink:
            sink.replies[step] = f"{code} later, <ann@example.org>"
            with pytest.raises(ChannelUnavailable, match=f"It answered {code}") as away:
                _smtp(sink).send(message())
            assert sink.mails == []
        _tells_nothing(away.value)

    def test_a_connection_that_breaks_off_is_for_now(self, step: str) -> None:
        with SmtpSink() as sink:
            sink.replies[step] = DROP
            with pytest.raises(ChannelUnavailable):
                _smtp(sink).send(message())
            assert sink.mails == []


class TestSmtpSession:
    @pytest.mark.parametrize("reply", ["500 what?", "421 closing", DROP])
    def test_a_strange_goodbye_does_not_undo_what_was_accepted(self, reply: str) -> None:
        """Otherwise the queue would bring the message back, and it would be sent twice."""
        with SmtpSink() as sink:
            sink.replies["QUIT"] = reply
            _smtp(sink).send(message())
            assert len(sink.mails) == 1

    def test_one_connection_serves_one_message(self) -> None:
        with SmtpSink() as sink:
            channel = _smtp(sink)
            channel.send(message())
            channel.send(message(subject="second"))
            assert [mail.subject for mail in sink.mails] == [message().subject, "second"]

    def test_nobody_listens(self) -> None:
        with pytest.raises(ChannelUnavailable):
            SmtpEmail(_relay(_closed_port()), sender=SENDER, clock=lambda: NOW).send(message())

    def test_a_relay_that_says_nothing_is_waited_for_no_longer_than_the_timeout(self) -> None:
        with socket.create_server((HOST, 0)) as silent:
            relay = _relay(silent.getsockname()[1], timeout_s=0.2)
            with pytest.raises(ChannelUnavailable):
                SmtpEmail(relay, sender=SENDER, clock=lambda: NOW).send(message())

    def test_something_that_is_no_mail_relay(self) -> None:
        with SmtpSink() as sink:
            relay = _relay(sink.port, encryption=Encryption.TLS)
            with pytest.raises(ChannelUnavailable):
                SmtpEmail(relay, sender=SENDER, clock=lambda: NOW).send(message())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The operator's own authority, made known to Python in the usual way."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate_file))
    return authority


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
class TestSmtpTls:
    def test_the_session_is_encrypted(self, trusted: Authority, encryption: Encryption) -> None:
        with _tls_sink(trusted.server_context("localhost"), encryption) as sink:
            _smtp(sink, host="localhost", encryption=encryption).send(message())
            assert [mail.encrypted for mail in sink.mails] == [True]

    def test_a_certificate_for_another_host_is_not_accepted(self, trusted: Authority, encryption: Encryption) -> None:
        with _tls_sink(trusted.server_context("mail.example.org"), encryption) as sink:
            with pytest.raises(ChannelRejected, match="certificate"):
                _smtp(sink, host="localhost", encryption=encryption).send(message())
            assert sink.mails == []

    def test_an_unknown_authority_is_not_accepted(self, authority: Authority, encryption: Encryption) -> None:
        with _tls_sink(authority.server_context("localhost"), encryption, login=("ann", PASSWORD)) as sink:
            with pytest.raises(ChannelRejected, match="certificate"):
                _smtp(sink, host="localhost", encryption=encryption, user="ann", password=_never).send(message())
            assert (sink.mails, sink.logins) == ([], [])

    def test_login(self, trusted: Authority, encryption: Encryption) -> None:
        with _tls_sink(trusted.server_context("localhost"), encryption, login=("ann", PASSWORD)) as sink:
            _smtp(sink, host="localhost", encryption=encryption, user="ann", password=lambda: PASSWORD).send(message())
            assert (len(sink.mails), sink.logins) == (1, [True])

    def test_a_refused_login_is_for_good_and_keeps_the_password(
        self, trusted: Authority, encryption: Encryption, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG", logger="reprise")
        with _tls_sink(trusted.server_context("localhost"), encryption, login=("ann", "other")) as sink:
            with pytest.raises(ChannelRejected, match=r"refused the login\. It answered 535") as refused:
                _smtp(sink, host="localhost", encryption=encryption, user="ann", password=lambda: PASSWORD).send(
                    message()
                )
            assert sink.mails == []
        _tells_nothing(refused.value)
        assert caplog.text == ""

    def test_a_relay_that_demands_a_login_nobody_configured(self, trusted: Authority, encryption: Encryption) -> None:
        with _tls_sink(trusted.server_context("localhost"), encryption, login=("ann", PASSWORD)) as sink:
            channel = _smtp(sink, host="localhost", encryption=encryption)
            with pytest.raises(ChannelRejected, match="It answered 530"):
                channel.send(message())


class TestSmtpSecrecy:
    def test_without_starttls_on_offer_nothing_is_sent_in_the_clear(self) -> None:
        with SmtpSink() as sink:
            with pytest.raises(ChannelRejected, match="STARTTLS"):
                _smtp(sink, encryption=Encryption.STARTTLS, user="ann", password=_never).send(message())
            assert (sink.mails, sink.logins) == ([], [])

    def test_a_password_is_not_sent_without_encryption(self) -> None:
        with SmtpSink() as sink:
            with pytest.raises(ChannelRejected, match="without encryption"):
                _smtp(sink, user="ann", password=_never).send(message())
            assert sink.mails == []

    def test_a_relay_that_offers_no_login(self, trusted: Authority) -> None:
        with _tls_sink(trusted.server_context("localhost"), Encryption.STARTTLS) as sink:
            channel = _smtp(
                sink, host="localhost", encryption=Encryption.STARTTLS, user="ann", password=lambda: PASSWORD
            )
            with pytest.raises(ChannelRejected):
                channel.send(message())
            assert sink.mails == []

    def test_a_password_that_cannot_be_had_now(self, trusted: Authority) -> None:
        def unavailable() -> str:
            raise ChannelUnavailable("The mail relay's password cannot be read at present.")

        with _tls_sink(trusted.server_context("localhost"), Encryption.STARTTLS, login=("ann", PASSWORD)) as sink:
            channel = _smtp(sink, host="localhost", encryption=Encryption.STARTTLS, user="ann", password=unavailable)
            with pytest.raises(ChannelUnavailable, match="password cannot be read"):
                channel.send(message())


class TestSes:
    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("MessageRejected", 400),
            ("BadRequestException", 400),
            ("AccountSuspendedException", 400),
            ("SendingPausedException", 400),
            ("MailFromDomainNotVerifiedException", 400),
            ("NotFoundException", 404),
            ("AccessDeniedException", 403),
        ],
    )
    def test_for_good(self, code: str, status: int) -> None:
        with _stubbed_ses(code, status) as channel, pytest.raises(ChannelRejected) as refused:
            channel.send(message())
        _tells_nothing(refused.value)

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("TooManyRequestsException", 429),
            ("ThrottlingException", 400),
            ("LimitExceededException", 400),
            ("InternalFailure", 500),
            ("ServiceUnavailable", 503),
            ("ExpiredTokenException", 403),
        ],
    )
    def test_for_now(self, code: str, status: int) -> None:
        with _stubbed_ses(code, status) as channel, pytest.raises(ChannelUnavailable, match=str(status)) as away:
            channel.send(message())
        _tells_nothing(away.value)

    def test_an_unverified_sender_is_rejected(self) -> None:
        with _ses_harness() as harness:
            client = boto3.client("sesv2", region_name=REGION)
            stranger = SesEmail(client, sender="x@unverified.org", clock=lambda: NOW)
            with pytest.raises(ChannelRejected):
                stranger.send(message())
            assert harness.arrived() == []

    def test_the_client_tries_once_and_does_not_wait_for_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """After a lost reply a second try could be a second email."""
        requests: list[str] = []
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://{HOST}:{_closed_port()}")
        channel = open_ses(ChannelDependencies(sender=SENDER, clock=lambda: NOW, region=REGION))
        assert isinstance(channel, SesEmail)
        channel._client.meta.events.register("before-send.sesv2", lambda request, **_: requests.append(request.url))
        with pytest.raises(ChannelUnavailable):
            channel.send(message())
        assert len(requests) == 1
        assert channel._client.meta.config.read_timeout <= 10


class TestRegistry:
    def test_a_channel_is_loaded_when_it_first_sends(self) -> None:
        with SmtpSink() as sink:
            channel = open_email("smtp", _dependencies(_relay(sink.port)), configured=True)
            assert channel.configured
            channel.send(message())
            channel.send(message())
            assert len(sink.mails) == 2

    def test_an_instance_without_mail(self) -> None:
        channel = open_email("none", _dependencies(None), configured=False)
        assert not channel.configured
        with pytest.raises(ChannelRejected):
            channel.send(message())

    def test_an_unknown_transport_is_told_at_once(self) -> None:
        with pytest.raises(KeyError):
            open_email("pigeon", _dependencies(None), configured=True)

    def test_smtp_without_a_relay(self) -> None:
        with pytest.raises(ValueError, match="relay"):
            open_smtp(_dependencies(None))


def _dependencies(relay: Relay | None) -> ChannelDependencies:
    return ChannelDependencies(sender=SENDER, clock=lambda: NOW, region=REGION, relay=relay)


def _never() -> str:
    raise AssertionError("the password was asked for")


def _relay(port: int, *, host: str = HOST, **changes: object) -> Relay:
    fields: dict[str, object] = {
        "host": host,
        "port": port,
        "encryption": Encryption.NONE,
        "user": "",
        "password": _never,
        "timeout_s": 5.0,
    }
    return Relay(**(fields | changes))  # type: ignore[arg-type]  # the fields above, some changed


def _smtp(sink: SmtpSink, *, sender: str = SENDER, **changes: object) -> SmtpEmail:
    return SmtpEmail(_relay(sink.port, **changes), sender=sender, clock=lambda: NOW)  # type: ignore[arg-type]


def _tls_sink(context: ssl.SSLContext, encryption: Encryption, login: tuple[str, str] | None = None) -> SmtpSink:
    return SmtpSink(tls=context, implicit=encryption is Encryption.TLS, login=login)


def _closed_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


def _tells_nothing(error: Exception) -> None:
    """Neither the error nor what it came from holds anything of the relay's words, the address or the password."""
    assert error.__cause__ is None
    for secret in (PASSWORD, "ann@", "<", "said by the service"):
        assert secret not in str(error)


class _fake_harness:
    def __enter__(self) -> Harness:
        channel = RecordingEmail()
        return Harness(
            channel=channel,
            arrived=lambda: [(mail.subject, mail.text, mail.html, [mail.to]) for mail in channel.sent],
            refuse=lambda: channel._errors.append(ChannelRejected("no")),
            go_away=lambda: channel._errors.append(ChannelUnavailable("away")),
        )

    def __exit__(self, *_: object) -> None: ...


class _smtp_harness:
    def __enter__(self) -> Harness:
        self._sink = SmtpSink().__enter__()
        return Harness(
            channel=_smtp(self._sink),
            arrived=lambda: [
                (mail.subject, mail.text.rstrip("\n"), mail.html.rstrip("\n"), list(mail.recipients))
                for mail in self._sink.mails
            ],
            refuse=lambda: self._sink.replies.update(RCPT="550 <ann@example.org> unknown"),
            go_away=lambda: self._sink.replies.update(MAIL=DROP),
        )

    def __exit__(self, *_: object) -> None:
        self._sink.__exit__(None, None, None)


class _ses_harness:
    def __enter__(self) -> Harness:
        self._mock = mock_aws()
        self._mock.start()
        client = boto3.client("sesv2", region_name=REGION)
        client.create_email_identity(EmailIdentity=SENDER)
        self._holder = SimpleNamespace(channel=SesEmail(client, sender=SENDER, clock=lambda: NOW))
        return Harness(
            channel=_Through(self._holder), arrived=_sent_by_moto, refuse=self._refuse, go_away=self._go_away
        )

    def _refuse(self) -> None:
        boto3.client("sesv2", region_name=REGION).delete_email_identity(EmailIdentity=SENDER)

    def _go_away(self) -> None:
        client = boto3.client(
            "sesv2",
            region_name=REGION,
            endpoint_url=f"http://{HOST}:{_closed_port()}",
            config=Config(retries={"total_max_attempts": 1}),
        )
        self._holder.channel = SesEmail(client, sender=SENDER, clock=lambda: NOW)

    def __exit__(self, *_: object) -> None:
        self._mock.stop()


class _Through:
    """The harness's channel, whichever it is by now."""

    def __init__(self, holder: SimpleNamespace) -> None:
        self._holder = holder

    @property
    def configured(self) -> bool:
        return bool(self._holder.channel.configured)

    def send(self, mail: EmailMessage) -> None:
        self._holder.channel.send(mail)


def _sent_by_moto() -> list[tuple[str, str, str, list[str]]]:
    backend = ses_backends[DEFAULT_ACCOUNT_ID][REGION]
    found = []
    for sent in backend.sent_messages:
        mime = message_from_string(sent.raw_data, policy=modern)
        assert isinstance(mime, MimeMessage)
        text, html = (str(part.get_content()).replace("\r\n", "\n").rstrip("\n") for part in mime.iter_parts())
        found.append((str(mime["Subject"]), text, html, sorted(set(sent.destinations))))
    return found


class _stubbed_ses:
    """SES answering with one error, whose message repeats what it was sent."""

    def __init__(self, code: str, status: int) -> None:
        client = boto3.client("sesv2", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
        self._stub = Stubber(client)
        self._stub.add_client_error(
            "send_email", code, "said by the service: <ann@example.org>", http_status_code=status
        )
        self._channel = SesEmail(client, sender=SENDER, clock=lambda: NOW)

    def __enter__(self) -> SesEmail:
        self._stub.activate()
        return self._channel

    def __exit__(self, *_: object) -> None:
        self._stub.assert_no_pending_responses()
        self._stub.deactivate()


_HARNESSES = {"fake": _fake_harness, "smtp": _smtp_harness, "ses": _ses_harness}
