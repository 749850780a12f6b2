"""A playlist at an address, from one look to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.connections import of_host, source_party
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.playlists import SourcePlaylist, SourceRef
from reprise.ports.contents import SourceCache
from reprise.ports.sources import InvalidUpload
from reprise.sources.files.reader import FileReader
from reprise.sources.web.failures import unreadable
from reprise.sources.web.source import TRUST, WebSource
from reprise_dev.doubles.fakes import MemorySourceCaches, MemorySourceContents
from reprise_dev.doubles.fakes.sources import memory_sources
from reprise_dev.doubles.playlist_host import PlaylistHost, reply, validated
from tests.unit.sources.web.conftest import scope_of

from .conftest import NOON

USER = "u-ann"


def m3u(*titles: str) -> bytes:
    return "\n".join(["#EXTM3U", *(f"#EXTINF:100,Somebody - {title}\n{title}.mp3" for title in titles), ""]).encode()


@dataclass
class Counted(MemorySourceCaches):
    """Counts what would be requests to S3."""

    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def get(self, user_id: str, kind: str, locator: str) -> SourceCache | None:
        self.calls.append("get cache")
        return super().get(user_id, kind, locator)

    def put(self, user_id: str, kind: str, locator: str, cache: SourceCache) -> None:
        self.calls.append("put cache")
        super().put(user_id, kind, locator, cache)


class CountedContents(MemorySourceContents):
    def __init__(self, calls: list[str]) -> None:
        super().__init__()
        self._calls = calls
        self.lost = False

    def save(self, user_id: str, playlist: SourcePlaylist) -> str:
        self._calls.append("put content")
        return super().save(user_id, playlist)

    def load(self, user_id: str, locator: str) -> SourcePlaylist | None:
        self._calls.append("get content")
        return None if self.lost else super().load(user_id, locator)


@dataclass
class Ground:
    """One address, what is stored of it, and a clock. Each run opens the source anew, as a job does."""

    host: PlaylistHost
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.caches = Counted()
        self.contents = CountedContents(self.caches.calls)
        self.url = self.host.url("/mix.csv?token=s3cret")
        self.ref = SourceRef(kind="web", locator=self.url, label="M3U from somewhere")

    def source(self) -> WebSource:
        return WebSource(memory_sources(contents=self.contents, caches=self.caches, clock=lambda: self.now))

    def serve(self, *titles: str, etag: str = "", last_modified: str = "") -> None:
        self.host.files["/mix.csv"] = validated(m3u(*titles), etag=etag, last_modified=last_modified)

    def run(self, *, read: bool = True) -> tuple[str, list[str]]:
        """A run as `sync_playlist` makes it: the version, and what was read ([] when it was not asked for)."""
        self.caches.calls.clear()
        self.host.requests.clear()
        source = self.source()
        version = source.current_version(USER, self.ref)
        if not read:
            return version, []
        content = source.read(USER, self.ref)
        assert content.version == version
        return version, [track.title for track in content.tracks]

    def fails(self) -> SyncFailure:
        with pytest.raises(SyncFailure) as caught:
            self.run()
        assert caught.value.scope is scope_of(caught.value.kind)
        assert caught.value.party == source_party(of_host("127.0.0.1"))
        assert "s3cret" not in str(caught.value)
        return caught.value

    @property
    def calls(self) -> list[str]:
        return self.caches.calls

    def asked(self) -> int:
        return len(self.host.requests)


@pytest.fixture
def ground(host: PlaylistHost) -> Ground:
    return Ground(host)


def test_a_first_look_reads_and_remembers(ground: Ground) -> None:
    ground.serve("One", "Two", "One", etag='"1"')

    assert ground.run()[1] == ["One", "Two", "One"]
    assert ground.asked() == 1
    assert ground.calls == ["get cache", "put content", "put cache"]


@pytest.mark.parametrize(("etag", "last_modified"), [('"1"', ""), ("", "Sat, 21 Nov 2026 10:00:00 GMT")])
def test_an_unchanged_playlist_costs_one_read_and_one_conditional_request(
    ground: Ground, etag: str, last_modified: str
) -> None:
    ground.serve("One", etag=etag, last_modified=last_modified)
    version, _ = ground.run()

    again, _ = ground.run(read=False)

    assert again == version
    assert ground.calls == ["get cache"]
    (request,) = ground.host.requests
    assert request.headers.get("if-none-match", "") == etag
    assert request.headers.get("if-modified-since", "") == last_modified


def test_an_unchanged_playlist_that_is_wanted_all_the_same_comes_from_the_store(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    ground.run()

    assert ground.run()[1] == ["One"]
    assert ground.asked() == 1
    assert ground.calls == ["get cache", "get content"]


def test_changed_content_is_seen(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    before, _ = ground.run()
    ground.serve("One", "Two", etag='"2"')

    after, titles = ground.run()

    assert after != before
    assert titles == ["One", "Two"]
    assert ground.asked() == 1
    assert ground.run(read=False)[0] == after
    assert ground.host.requests[0].headers["if-none-match"] == '"2"'


def test_other_bytes_of_the_same_playlist_are_no_change(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    before, _ = ground.run()
    ground.host.files["/mix.csv"] = validated(m3u("One").replace(b"\n", b"\r\n"), etag='"2"')

    assert ground.run()[0] == before
    ground.run(read=False)
    assert ground.host.requests[0].headers["if-none-match"] == '"2"', "news of the validators is news all the same"


def test_a_server_without_validators_costs_a_download_and_nothing_is_written_while_it_is_the_same(
    ground: Ground,
) -> None:
    ground.serve("One")
    version, _ = ground.run()

    assert ground.run() == (version, ["One"])
    assert ground.asked() == 1
    assert ground.calls == ["get cache"]


def test_a_server_that_forgets_its_validators_is_not_asked_for_them(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    ground.run()
    ground.serve("Two")
    ground.run()

    assert ground.run()[1] == ["Two"]
    assert "if-none-match" not in ground.host.requests[0].headers


def test_the_word_of_a_server_is_taken_for_a_week(ground: Ground) -> None:
    """It says that nothing changed, and it did."""
    ground.serve("One", etag='"always"')
    ground.run()
    ground.serve("Two", etag='"always"')

    ground.now = NOON + TRUST - timedelta(seconds=1)
    assert ground.run()[1] == ["One"]
    ground.now = NOON + TRUST
    assert ground.run()[1] == ["Two"]
    assert ground.run(read=False)[0] == ground.run()[0]


def test_content_that_is_gone_from_the_store_is_fetched_again(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    ground.run()
    ground.contents.lost = True

    assert ground.run()[1] == ["One"]
    assert [request.headers.get("if-none-match") for request in ground.host.requests] == ['"1"', None]
    ground.contents.lost = False
    assert ground.run()[1] == ["One"]
    assert ground.asked() == 1


def test_reading_alone_looks_once(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    source = ground.source()
    for expected in (1, 2):
        assert [track.title for track in source.read(USER, ground.ref).tracks] == ["One"]
        assert ground.asked() == expected


def test_what_was_seen_serves_one_reading(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    source = ground.source()
    version = source.current_version(USER, ground.ref)
    ground.serve("Two", etag='"2"')

    assert source.read(USER, ground.ref).version == version, "what the version was told of"
    assert [track.title for track in source.read(USER, ground.ref).tracks] == ["Two"]


def test_what_one_person_keeps_is_not_anothers(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    ground.run()
    ground.host.requests.clear()

    ground.source().current_version("u-bob", ground.ref)

    assert "if-none-match" not in ground.host.requests[0].headers


def test_a_failure_leaves_what_is_known_as_it_was(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    version, _ = ground.run()
    ground.host.files["/mix.csv"] = reply(500)
    assert ground.fails().kind is FailureKind.SERVER_ERROR
    assert ground.calls == ["get cache"]
    ground.host.files["/mix.csv"] = reply(body=b"#EXTM3U\n")
    assert ground.fails().kind is FailureKind.MALFORMED_RESPONSE

    ground.serve("One", etag='"1"')
    assert ground.run(read=False)[0] == version


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_names_a_time_is_left_alone_until_then(ground: Ground, status: int) -> None:
    ground.serve("One", etag='"1"')
    version, _ = ground.run()
    ground.host.files["/mix.csv"] = reply(status, headers={"Retry-After": "7200"})
    assert ground.fails().retry_after_s == 7200
    ground.serve("One", etag='"1"')

    ground.now = NOON + timedelta(minutes=61)
    waiting = ground.fails()
    assert (waiting.kind, waiting.retry_after_s) == (FailureKind.RATE_LIMITED, 59 * 60)
    assert ground.asked() == 0
    assert ground.calls == ["get cache"]

    ground.now = NOON + timedelta(hours=2)
    assert ground.run(read=False) == (version, [])
    assert ground.asked() == 1


def test_a_file_that_was_taken_away_is_not_waited_for(ground: Ground) -> None:
    ground.serve("One", etag='"1"')
    ground.run()
    ground.host.files["/mix.csv"] = reply(404, headers={"Retry-After": "7200"})
    ground.fails()
    ground.serve("One", etag='"1"')
    assert ground.run()[1] == ["One"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!doctype html><title>S3CRET</title>", "This is a web page, not a playlist."),
        (b"", "The file is empty."),
        (b"#EXTM3U\n", "The file is a playlist (M3U) without any track."),
        (b"#EXTM3U\n#EXTINF:1,a\x00b\nx.mp3\n", "line 2: The line holds a control character (U+0000)."),
        (
            b'{"format": "reprise-playlist", "version": 1, "tracks": [{"title": ""}]}',
            "tracks[0].title: The title is missing.",
        ),
        (b"S3CRET,OTHER\n1,2\n", "This is not a playlist in a format that is read."),
        (b"title,artist,S3CRET\n,Somebody,x\n", "line 2: The title is missing."),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_where_and_quotes_nothing(
    ground: Ground, body: bytes, said: str
) -> None:
    ground.host.files["/mix.csv"] = reply(body=body)
    failure = ground.fails()
    assert failure.kind is FailureKind.MALFORMED_RESPONSE
    assert said in failure.detail
    assert "S3CRET" not in failure.detail


@given(
    st.builds("{}{}{}".format, st.text(max_size=5), st.just("C4NARY"), st.text(max_size=40))
    | st.builds('{{"playlist": {{"title": 5, "C4NARY": {}}}}}'.format, st.text())
    | st.builds("title{}C4NARY\n{}".format, st.sampled_from(",;\t|"), st.text())
    | st.builds("<C4NARY {}>".format, st.text())
)
def test_no_failure_quotes_a_file(text: str) -> None:
    def read() -> InvalidUpload | None:
        try:
            FileReader().parse(text.encode("utf-8", "surrogatepass"), filename="", content_type="")
        except InvalidUpload as error:
            return error
        return None

    error = read()
    if error is not None:
        assert "C4NARY" not in unreadable(error, "example.org").detail


def test_an_address_that_has_come_to_lead_inside_is_the_addresss_fault(ground: Ground) -> None:
    source = WebSource(memory_sources(caches=ground.caches))
    ref = SourceRef(kind="web", locator="http://169.254.169.254/latest/meta-data/", label="x")
    with pytest.raises(SyncFailure) as caught:
        source.current_version(USER, ref)
    assert (caught.value.kind, caught.value.scope) == (FailureKind.MISCONFIGURED, Scope.PLAYLIST)


# --- taking up -----------------------------------------------------------------------------------------------------


def test_finding_stores_nothing_and_keeping_makes_the_next_look_cheap(ground: Ground) -> None:
    ground.host.files["/ann/My%20Mix.m3u"] = validated(m3u("One", "Two"), etag='"1"')
    source = ground.source()

    found = source.find(ground.host.url("/ann/My Mix.m3u?token=s3cret#top"))
    assert ground.calls == []
    assert (found.name, found.host, found.format) == ("My Mix", "127.0.0.1", "M3U")
    assert "s3cret" not in repr(found)

    ref = source.keep(USER, found)
    assert ref.kind == "web"
    assert ref.label == "M3U from 127.0.0.1/…/My Mix.m3u"
    assert ref.locator == ground.host.url("/ann/My%20Mix.m3u?token=s3cret")
    assert "s3cret" not in repr(ref)

    assert ground.source().current_version(USER, ref) == found.content.version == ref.version
    assert ground.host.requests[-1].headers["if-none-match"] == '"1"'


def test_finding_tells_a_person_all_that_is_wrong_with_the_file(ground: Ground) -> None:
    ground.host.files["/mix.csv"] = reply(body=b"Foo,Bar\n1,2\n")
    with pytest.raises(InvalidUpload, match='found "Foo", "Bar"'):
        ground.source().find(ground.url)


def test_hints_at_the_format_are_those_of_the_answer(ground: Ground) -> None:
    """A bare list of paths is M3U only because somebody says so."""
    ground.host.files["/list"] = reply(body=b"Somebody/Album/01 One\n", headers={"Content-Type": "audio/x-mpegurl"})
    ground.host.files["/list.m3u"] = reply(body=b"Somebody/Album/01 One\n")
    for target in ("/list", "/list.m3u"):
        assert ground.source().find(ground.host.url(target)).format == "M3U"
