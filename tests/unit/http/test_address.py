"""Addresses as people paste them, and as attackers write them."""

from __future__ import annotations

import traceback
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reprise.domain.reach import Reach
from reprise.http.address import WebAddress, parse_address
from reprise.http.errors import InvalidAddress


def parsed(text: str, reach: Reach = Reach.PUBLIC) -> WebAddress:
    return parse_address(text, reach)


def refused(text: str, reach: Reach = Reach.PUBLIC) -> InvalidAddress:
    with pytest.raises(InvalidAddress) as caught:
        parse_address(text, reach)
    assert caught.value.reason.endswith(".")
    assert not caught.value.request_sent
    return caught.value


@pytest.mark.parametrize(
    ("text", "scheme", "host", "port", "target"),
    [
        ("https://example.org/mix.jspf", "https", "example.org", 443, "/mix.jspf"),
        ("  http://example.org  ", "http", "example.org", 80, "/"),
        ("HTTPS://Example.ORG:443/A?b=C", "https", "example.org", 443, "/A?b=C"),
        ("http://example.org:443/", "http", "example.org", 443, "/"),
        ("https://example.org./mix.m3u", "https", "example.org", 443, "/mix.m3u"),
        ("https://example.org/mix.csv#top", "https", "example.org", 443, "/mix.csv"),
        ("https://example.org/My Müsli.m3u?q=a b", "https", "example.org", 443, "/My%20M%C3%BCsli.m3u?q=a%20b"),
        ("https://straße.example/x", "https", "xn--strae-oqa.example", 443, "/x"),
        ("https://音楽.example/x", "https", "xn--66v140h.example", 443, "/x"),
        ("https://my_nas.example/x", "https", "my_nas.example", 443, "/x"),
        ("http://[2606:2800:0220:0001::1]/x", "http", "2606:2800:220:1::1", 80, "/x"),
        ("http://8.8.8.8/x", "http", "8.8.8.8", 80, "/x"),
    ],
)
def test_an_address_is_taken_apart(text: str, scheme: str, host: str, port: int, target: str) -> None:
    found = parsed(text)
    assert (found.scheme, found.host, found.port, found.target) == (scheme, host, port, target)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must begin with http"),
        ("mix.jspf", "must begin with http"),
        ("//example.org/mix.jspf", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("ftp://example.org/x", "must begin with http"),
        ("gopher://example.org/x", "must begin with http"),
        ("data:text/plain,x", "must begin with http"),
        ("javascript:alert(1)", "must begin with http"),
        ("https://ann:s3cret@example.org/x", "no user name"),
        ("https://ann@example.org/x", "no user name"),
        ("https://@example.org/x", "no user name"),
        ("https://example.com\\@example.org/x", "no user name"),
        ("https://example.com\\.example.org/x", "no user name"),
        ("https:///x", "names no host"),
        ("https://a..b/x", "names no host"),
        ("https://-a.example/x", "names no host"),
        ("https://" + "a" * 64 + ".example/", "names no host"),
        ("https://" + "a." * 127 + "aa/", "names no host"),
        ("https://exa%6dple.org/", "names no host"),
        ("https://a b.example/", "names no host"),
        ("https://[fe80::1%25eth0]/x", ""),
        ("https://[v1.x]/", "not an address"),
        ("https://[::1/x", "not an address"),
        ("https://☃.example/x", "not an address"),
        ("https://exa\nmple.org/", "not an address"),
        ("https://example.org/\r\nX: y", "not an address"),
        ("https://example.org:x/", "not an address"),
        ("https://example.org:8443/x", "port 80 or 443"),
        ("https://example.org:0/x", "port 80 or 443"),
        ("https://example.org/" + "x" * 2000, "longer than 2,000"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(text: str, said: str) -> None:
    assert said in refused(text).reason


@pytest.mark.parametrize("port", [22, 6379, 9001, 8080])
def test_other_ports_are_for_operators_who_allow_private_networks(port: int) -> None:
    refused(f"http://example.org:{port}/x", Reach.PUBLIC)
    assert parsed(f"http://example.org:{port}/x", Reach.PRIVATE).port == port


@pytest.mark.parametrize("port", [0, 65536, 99999])
def test_a_port_must_be_one(port: int) -> None:
    refused(f"http://example.org:{port}/x", Reach.MACHINE)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("https://example.org/x", "example.org"),
        ("https://example.org:80/x", "example.org:80"),
        ("http://[2606::1]/x", "[2606::1]"),
        ("http://[2606::1]:443/x", "[2606::1]:443"),
    ],
)
def test_the_host_header(text: str, header: str) -> None:
    assert parsed(text).host_header == header


def test_no_representation_shows_the_path() -> None:
    assert "s3cret" not in repr(parsed("https://example.org/s3cret?token=s3cret"))


def test_the_canonical_form_is_an_address_of_the_same() -> None:
    once = parsed("HTTP://Straße.example:80/a b?c#d")
    assert parsed(once.url) == once
    assert once.url == "http://xn--strae-oqa.example/a%20b?c"


@given(st.text() | st.builds("http{}://{}".format, st.sampled_from(["", "s"]), st.text()), st.sampled_from(Reach))
@example("http://h/\u2028", Reach.PUBLIC)
@example("http://\ud800/", Reach.PUBLIC)
@example("http://h/\ud800", Reach.PUBLIC)
def test_whatever_is_pasted_is_an_address_of_plain_characters_or_is_refused(text: str, reach: Reach) -> None:
    with suppress(InvalidAddress):
        found = parse_address(text, reach)
        for sent in (found.target, found.host_header):
            assert sent
            assert all("!" <= character <= "~" for character in sent)
        assert found.target.startswith("/")
        assert "@" not in found.host_header


@given(st.text(alphabet="abcdefgh0123456789", min_size=12, max_size=40))
def test_no_refusal_repeats_the_address(secret: str) -> None:
    for text in (
        f"ftp://{secret}/",
        f"https://u:{secret}@h/",
        f"https://h:99999/{secret}",
        f"https://[{secret}]/",
        secret,
    ):
        failure = refused(text)
        told = "".join(traceback.format_exception(failure))
        assert secret not in told
        assert secret not in repr(failure)
