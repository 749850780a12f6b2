"""What a person gets to read."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reprise.domain.failures import FailureKind, action_for, summary_of
from reprise.domain.notices import Notice
from reprise.ports.channels import EmailMessage
from reprise.ports.notifications import FailureNotice
from reprise.rendering.emails import JinjaFailureEmails, JinjaTrialEmails
from reprise.rendering.plain import NAME_SHOWN, one_line
from reprise_dev.samples.notices import ADDRESS, ends, failed, recovered

EMAILS = JinjaFailureEmails(
    public_url="https://reprise.example.org/", sender="reprise@example.org", quiet_for=timedelta(days=7)
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"></a><a href='https://evil.example'>click",
    "{{ 7 * 7 }}{% raw %}{{ provider }}",
    "a\r\nBcc: everyone@example.org\r\n\r\n<h1>new body</h1>",
    "a\nb\u2028c\u2029d\x85e\x0bf\x0cg",
    "invoice\u202egpj.exe",
    "\u2066hidden\u2069\u200f\u061c",
    "\x00\x1b[31mred\x07",
    "\ud800 lone",
    "x" * 255,
    "夏" * 255,
    "",
    " \u200b\u200d ",
]


def email(failure: Notice, *, emails: JinjaFailureEmails = EMAILS, first: datetime | None = None) -> EmailMessage:
    notice = FailureNotice(
        notice=failure, first_failure_at=first or failure.occurred_at, message_key="m1", thread_key="t1"
    )
    return emails.failure_email(notice, to=ADDRESS)


def test_the_text_in_full() -> None:
    """The whole of it, as it arrives."""
    failure = failed(playlists=ends("Road trip", "Kitchen disco"), status=401)
    assert email(failure).text == (
        "Your playlists on Navidrome have stopped updating.\n"
        "\n"
        f"{summary_of(FailureKind.AUTH_INVALID, 'Navidrome')}\n"
        "Your playlists there stay as they are until this is put right; Reprise has deleted nothing.\n"
        "\n"
        "WHAT TO DO\n"
        "\n"
        f"{action_for(FailureKind.AUTH_INVALID, 'Navidrome')}\n"
        "\n"
        "Reconnect Navidrome:\n"
        "https://reprise.example.org/reconnect/navidrome\n"
        "\n"
        "WHICH PLAYLISTS\n"
        "\n"
        "- Road trip\n"
        "- Kitchen disco\n"
        "\n"
        "First failed: 20 November 2026 at 14:05 UTC\n"
        "Reason: auth_invalid (HTTP 401)\n"
        "\n"
        "There will be no other email about Navidrome for 7 days. "
        "Should it work again and then fail anew, you hear of it at once.\n"
        "\n"
        "--\n"
        "You get this because this address is set in your Reprise account at https://reprise.example.org\n"
        "To stop these emails, remove the address from your account, "
        "or ask whoever runs Reprise for you to do it.\n"
    )


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("cause", ["connection", "playlist:p-Mix"])
def test_every_kind_says_what_happened_what_to_do_and_where(kind: FailureKind, cause: str) -> None:
    """S0x-21, S0x-25, for text and HTML alike."""
    failure = failed(kind=kind, cause=cause, provider="spotify:2", provider_name="Spotify", playlists=ends("Mix"))
    sent = email(failure)
    assert sent.subject == "[Reprise] Spotify sync error — action required"
    for body in (sent.text, visible(sent.html)):
        for needed in (
            summary_of(kind, "Spotify"),
            action_for(kind, "Spotify"),
            "" if cause != "connection" else "https://reprise.example.org/reconnect/spotify%3A2",
            "at https://reprise.example.org",
            f"Reason: {kind.value}",
            "no other email about Spotify for 7 days",
            "Mix",
            "You get this because this address is set in your Reprise account",
        ):
            assert squeezed(needed) in squeezed(body)
    assert "\n\n\n" not in sent.text


def test_a_playlists_own_fault_is_told_whole_and_offers_no_link_that_mends_nothing() -> None:
    told = "There is no playlist at example.org any more. Put it back, or remove it from Reprise."
    failure = failed(kind=FailureKind.NOT_FOUND, cause="playlist:p-Mix", playlists=ends("Mix"), detail=told)
    sent = email(failure)
    for body in (sent.text, visible(sent.html)):
        assert told in squeezed(body)
        assert "What to do" not in squeezed(body).replace("WHAT TO DO", "What to do")
        assert "/reconnect/" not in body


@pytest.mark.parametrize(("status", "shown"), [(401, True), (502, True), (200, False), (None, False)])
def test_only_a_status_that_says_something_is_shown(status: int | None, shown: bool) -> None:
    assert ("HTTP" in email(failed(status=status)).text) is shown


def test_a_server_without_a_name_is_called_yours_within_sentences() -> None:
    text = email(failed(provider_name="Music server", kind=FailureKind.AUTH_INVALID)).text
    assert text.startswith("Your playlists on your music server have stopped updating.")
    assert "Your music server refuses the password" in text


def test_subject_is_to_the_letter() -> None:
    """S0x-24."""
    assert email(failed()).subject == "[Reprise] Navidrome sync error — action required"


def test_html_and_text_say_the_same() -> None:
    sent = email(failed(playlists=ends(*(f"Mix {n}" for n in range(13))), status=403))
    for sentence in re.findall(r"[^\n]+", sent.text):
        words = squeezed(sentence.lstrip("- ").rstrip(":."))
        if words not in ("", "--"):
            assert words.lower() in squeezed(visible(sent.html)).lower()


@pytest.mark.parametrize(
    ("count", "shown", "more"), [(0, 0, None), (1, 1, None), (10, 10, None), (11, 10, 1), (40, 10, 30)]
)
def test_up_to_ten_playlists_are_named(count: int, shown: int, more: int | None) -> None:
    sent = email(failed(playlists=ends(*(f"Mix {n}" for n in range(count)))))
    assert sent.text.count("\n- Mix") == shown
    assert sent.html.count("<li><bdi>") == shown
    for body in (sent.text, sent.html):
        assert ("more" in body.replace("no more", "")) == (more is not None)
        assert more is None or f"and {more} more" in body
        assert ("hich playlist" in body.lower()) == (count > 0)


def test_a_playlist_s_own_fault_names_that_playlist_alone() -> None:
    sent = email(failed(cause="playlist:p-Mix", kind=FailureKind.NOT_FOUND, playlists=ends("Other", "Mix")))
    assert "One of your playlists on Navidrome has stopped updating" in sent.text
    assert "Your other playlists are not affected." in sent.text
    assert "- Mix" in sent.text
    assert "Other" not in sent.text


@pytest.mark.parametrize("kind", [FailureKind.UNREACHABLE, FailureKind.SERVER_ERROR, FailureKind.RATE_LIMITED])
def test_where_reprise_goes_on_trying_it_says_so(kind: FailureKind) -> None:
    assert "keeps trying" in email(failed(kind=kind)).text
    assert "keeps trying" not in email(failed(kind=FailureKind.AUTH_INVALID)).text


def test_time_is_given_in_utc() -> None:
    first = datetime(2026, 3, 1, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    assert "First failed: 28 February 2026 at 23:05 UTC" in email(failed(), first=first).text


@pytest.mark.parametrize(("days", "words"), [(1, "for 1 day."), (7, "for 7 days."), (365, "for 365 days.")])
def test_the_length_of_the_window_is_told(days: int, words: str) -> None:
    emails = JinjaFailureEmails(public_url="https://r.example", sender="r@r.example", quiet_for=timedelta(days=days))
    sent = email(failed(), emails=emails)
    assert words in sent.text
    assert words in squeezed(visible(sent.html))


def test_only_kind_and_status_are_told_of_the_failure() -> None:
    """S0x-22, S0x-26."""
    sent = email(failed(detail="CANARY token=abc", status=None))
    assert "CANARY" not in sent.subject + sent.text + sent.html
    assert "HTTP" not in sent.text


def test_ids_of_message_and_thread_end_in_the_sender_s_domain() -> None:
    sent = email(failed())
    assert sent.message_id == "m1@example.org"
    assert sent.headers == {"References": "<t1@example.org>"}


def test_an_outcome_in_which_nothing_failed_has_no_email() -> None:
    with pytest.raises(ValueError, match="nothing failed"):
        email(recovered())


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_stays_one_harmless_line(name: str) -> None:
    plain, hostile = email(failed(playlists=ends("Mix"))), email(failed(playlists=ends(name)))
    assert len(hostile.text.splitlines()) == len(plain.text.splitlines())
    assert tags(hostile.html) == tags(plain.html)
    hostile.html.encode()
    hostile.text.encode()


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_provider_name_cannot_add_to_the_subject(name: str) -> None:
    sent = email(failed(provider_name=name, provider="../../x?y=<z>\r\n"))
    assert re.fullmatch(r"\[Reprise\] [^\r\n]{1,60} sync error — action required", sent.subject)
    assert "/reconnect/..%2F..%2Fx%3Fy%3D%3Cz%3E%0D%0A\n" in sent.text
    assert tags(sent.html) == tags(email(failed()).html)


@given(st.text())
@example("\u202e")
@example("a" * 300)
def test_any_text_becomes_one_visible_short_line(text: str) -> None:
    line = one_line(text)
    assert 1 <= len(line) <= NAME_SHOWN
    assert line == " ".join(line.split())
    assert {unicodedata.category(c) for c in line if c not in "\u200c\u200d"} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()
    assert one_line(line) == line


@pytest.mark.parametrize(
    "name", ["Лето 2024", "夏の歌", "می\u200cخواهم", "👨\u200d👩\u200d👧 family", "Sigur Rós – ( )"]
)
def test_an_honest_name_is_left_alone(name: str) -> None:
    assert one_line(name) == name
    assert f"- {name}\n" in email(failed(playlists=ends(name))).text


def test_the_html_asks_for_nothing_from_outside() -> None:
    sent = email(failed(playlists=ends("Mix")))
    assert not re.search(r"<(img|link|script|iframe|object|video|form)\b|url\(|@import|src=", sent.html, re.I)
    assert {value for tag, value in links(sent.html)} == {
        "https://reprise.example.org/reconnect/navidrome",
        "https://reprise.example.org",
    }


def test_the_html_is_ready_for_the_dark_and_for_small_screens() -> None:
    html = email(failed()).html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html


def test_the_test_email() -> None:
    """S0x-28."""
    sent = JinjaTrialEmails(sender="reprise@example.org").trial_email(to=ADDRESS, message_key="k1")
    assert (sent.to, sent.subject, sent.message_id) == (ADDRESS, "[Reprise] Test: email reaches you", "k1@example.org")
    for body in (sent.text, visible(sent.html)):
        assert "This is the test you asked for." in body
        assert "remove the address from your account" in squeezed(body)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [(tag, value or "") for name, value in attrs if name in ("href", "src", "action", "background")]
        self._hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def tags(html: str) -> list[str]:
    return read(html).tags


def links(html: str) -> list[tuple[str, str]]:
    return read(html).links


def visible(html: str) -> str:
    return "".join(read(html).words)


def squeezed(text: str) -> str:
    return " ".join(text.split())
