"""The double has the quirks of what it stands for: each was seen on a Navidrome 0.63.2."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from defusedxml import ElementTree

from reprise_dev.doubles.fake_navidrome import FakeNavidrome, Fault
from reprise_dev.local.plain_subsonic import PlainSubsonic, PlainSubsonicError
from reprise_dev.samples.music_library import sample_songs


@pytest.fixture
def double() -> Iterator[FakeNavidrome]:
    with FakeNavidrome(users={"alice": "sesame", "bob": "b0b", "root": "r00t"}, admins={"root"}) as server:
        yield server


@pytest.fixture
def ids(double: FakeNavidrome) -> list[str]:
    return double.add_songs(sample_songs(12))


@pytest.fixture
def alice(double: FakeNavidrome) -> PlainSubsonic:
    return PlainSubsonic(double.url, "alice", "sesame")


@pytest.fixture
def bob(double: FakeNavidrome) -> PlainSubsonic:
    return PlainSubsonic(double.url, "bob", "b0b")


def _songs(ids: list[str]) -> list[tuple[str, str]]:
    return [("songId", song_id) for song_id in ids]


def _code(looker: PlainSubsonic, method: str, *params: tuple[str, str]) -> int | None:
    with pytest.raises(PlainSubsonicError) as caught:
        looker.call(method, params)
    return caught.value.code


def test_names_are_case_insensitive_and_passwords_are_not(double: FakeNavidrome) -> None:
    PlainSubsonic(double.url, "ALICE", "sesame").call("ping")
    assert _code(PlainSubsonic(double.url, "alice", "Sesame"), "ping") == 40
    double.set_password("alice", "new")
    assert _code(PlainSubsonic(double.url, "alice", "sesame"), "ping") == 40
    PlainSubsonic(double.url, "alice", "new").call("ping")


@pytest.mark.parametrize(
    ("sent", "let_in"), [("sesame", True), ("enc:736573616d65", True), ("enc:not hex", False), ("enc:", False)]
)
def test_a_password_may_be_sent_as_hex(double: FakeNavidrome, sent: str, let_in: bool) -> None:
    form = {"u": "ALICE", "p": sent, "v": "1.16.1", "c": "test", "f": "json", "username": "alice"}
    answer = httpx.post(f"{double.url}/rest/getUser", data=form).json()["subsonic-response"]
    assert answer["error"]["code"] == 40 if not let_in else answer["user"]["username"] == "alice"


def test_no_song_is_found_by_no_id(alice: PlainSubsonic) -> None:
    assert _code(alice, "getSong") == 70


def test_a_list_tells_how_long_it_plays(double: FakeNavidrome, alice: PlainSubsonic, ids: list[str]) -> None:
    double.add_playlist("alice", "Mine", ids[:2])
    seconds = sum(song["duration"] for song in alice.songs(2))
    (listed,) = alice.call("getPlaylists")["playlists"]["playlist"]
    assert seconds <= listed["duration"] <= seconds + 2


def test_a_replace_ignores_the_name_and_without_songs_changes_only_the_date(
    double: FakeNavidrome, alice: PlainSubsonic, ids: list[str]
) -> None:
    made = alice.call("createPlaylist", [("name", "A"), *_songs(ids[:3])])["playlist"]
    alice.call("createPlaylist", [("playlistId", made["id"]), ("name", "B"), *_songs(ids[3:5])])
    after = alice.playlist(made["id"])
    assert (after.name, after.song_ids) == ("A", tuple(ids[3:5]))
    alice.call("createPlaylist", [("playlistId", made["id"])])
    emptied = alice.playlist(made["id"])
    assert emptied.song_ids == tuple(ids[3:5])
    assert emptied.changed > after.changed


def test_unknown_songs_are_taken_and_never_shown(double: FakeNavidrome, alice: PlainSubsonic, ids: list[str]) -> None:
    made = alice.call("createPlaylist", [("name", "A"), *_songs([ids[0], "unknown", ids[1], ids[1]])])["playlist"]
    assert alice.playlist(made["id"]).song_ids == (ids[0], ids[1], ids[1])
    assert double.playlist(made["id"]).rows == (ids[0], "unknown", ids[1], ids[1])


def test_songs_of_missing_files_are_hidden_and_indexes_count_them(
    double: FakeNavidrome, alice: PlainSubsonic, ids: list[str]
) -> None:
    made = alice.call("createPlaylist", [("name", "A"), *_songs(ids[:5])])["playlist"]
    double.miss_files([ids[1]])
    assert alice.playlist(made["id"]).song_ids == (ids[0], *ids[2:5])
    assert alice.playlist_heads()[0].song_count == 5
    alice.call("updatePlaylist", [("playlistId", made["id"]), ("songIndexToRemove", "1")])
    assert alice.playlist(made["id"]).song_ids == (ids[0], *ids[2:5])
    assert double.playlist(made["id"]).rows == (ids[0], *ids[2:5])


def test_ten_thousand_parameters_pass_and_no_more(alice: PlainSubsonic, ids: list[str]) -> None:
    fits = 10_000 - 7  # u v c f t s name
    alice.call("createPlaylist", [("name", "A"), *_songs(ids[:1] * fits)])
    # The form is not understood, so neither is that JSON is wanted.
    with pytest.raises(PlainSubsonicError, match="number of URL query parameters exceeded limit"):
        alice.call("createPlaylist", [("name", "B"), *_songs(ids[:1] * (fits + 1))])
    assert [one.name for one in alice.playlist_heads()] == ["A"]


def test_signing_in_by_url_with_too_many_songs_in_the_body_loses_the_sign_in(
    double: FakeNavidrome, ids: list[str]
) -> None:
    client = httpx.Client(transport=double.transport(), base_url="http://double")
    signed = {"u": "alice", "p": "sesame", "v": "1.16.1", "c": "x", "f": "json"}
    body = urlencode([("name", "A"), *_songs(ids[:1] * 9_998)])
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert 'code="10"' in client.post("/rest/createPlaylist", params=signed, content=body, headers=form).text


def test_create_without_a_name_is_an_internal_error(alice: PlainSubsonic) -> None:
    assert _code(alice, "createPlaylist") == 0


def test_who_may_do_what_to_whose_list(double: FakeNavidrome, bob: PlainSubsonic, ids: list[str]) -> None:
    private = double.add_playlist("alice", "private", ids[:2])
    public = double.add_playlist("alice", "public", ids[:2], public=True)
    smart = double.add_playlist("bob", "smart", ids[:2], smart=True)
    assert {one.name: one.read_only for one in bob.playlist_heads()} == {"public": True, "smart": True}
    assert _code(bob, "getPlaylist", ("id", private)) == 70
    assert _code(bob, "createPlaylist", ("playlistId", private), ("songId", ids[3])) == 70
    assert _code(bob, "createPlaylist", ("playlistId", public), ("songId", ids[3])) == 50
    assert _code(bob, "createPlaylist", ("playlistId", smart), ("songId", ids[3])) == 50
    assert _code(bob, "deletePlaylist", ("id", public)) == 50
    assert _code(bob, "updatePlaylist", ("playlistId", public), ("name", "mine now")) == 50
    root = PlainSubsonic(double.url, "root", "r00t")
    assert {one.name: one.read_only for one in root.playlist_heads()} == {
        "private": True,
        "public": True,
        "smart": True,
    }


def test_comments_and_visibility(double: FakeNavidrome, alice: PlainSubsonic, ids: list[str]) -> None:
    made = double.add_playlist("alice", "A", ids)
    odd = "line\nbreak & <b> “q”; 100%"
    alice.call("updatePlaylist", [("playlistId", made), ("comment", odd), ("public", "true")])
    assert (double.playlist(made).comment, double.playlist(made).public) == (odd, True)
    alice.call("updatePlaylist", [("playlistId", made), ("comment", "")])
    assert (double.playlist(made).comment, double.playlist(made).public) == ("", True)
    alice.delete_playlist(made)
    assert _code(alice, "deletePlaylist", ("id", made)) == 70


def test_searches(double: FakeNavidrome, alice: PlainSubsonic, ids: list[str]) -> None:
    assert [song["id"] for song in alice.songs(5)] == ids[:5]
    assert [song["id"] for song in alice.songs(-1)] == ids
    known = next(song for song in sample_songs(12) if song.recording_mbid)
    found = alice.call("search3", [("query", known.recording_mbid or ""), ("artistCount", "0")])["searchResult3"]
    assert [song["musicBrainzId"] for song in found["song"]] == [known.recording_mbid]
    assert alice.call("search3", [("query", "q")])["searchResult3"] == {}
    assert alice.call("search3", [("query", known.title)])["searchResult3"]["song"]
    double.swallow_searches(1)
    assert alice.songs() == []
    assert len(alice.songs()) == 12


def test_scans(double: FakeNavidrome, alice: PlainSubsonic) -> None:
    def status() -> dict[str, object]:
        found: dict[str, object] = alice.call("getScanStatus")["scanStatus"]
        return found

    assert status()["lastScan"] == "0001-01-01T00:00:00Z"
    ids = double.add_songs(sample_songs(3))
    first = status()
    assert first["count"] == 3
    double.scan()
    assert status()["lastScan"] != first["lastScan"]
    assert status()["count"] == 3
    double.miss_files(ids[:1])
    assert status()["count"] == 2
    double.set_scanning(True)
    assert status()["scanning"] is True
    assert _code(alice, "startScan") == 50
    modified = alice.call("getIndexes")["indexes"]["lastModified"]
    assert "index" not in alice.call("getIndexes", [("ifModifiedSince", str(modified))])["indexes"]


def test_methods_that_are_not_there(alice: PlainSubsonic) -> None:
    for method, status in {"search": 410, "getPodcasts": 501, "getMoods": 404}.items():
        with pytest.raises(PlainSubsonicError, match=str(status)):
            alice.call(method)


def test_every_fault_happens_once_and_to_whom_it_is_meant(
    double: FakeNavidrome, alice: PlainSubsonic, ids: list[str]
) -> None:
    double.fail_next(Fault.http(502, method="getPlaylists"), Fault.lost_reply(method="createPlaylist"))
    alice.call("ping")
    with pytest.raises(PlainSubsonicError, match="502"):
        alice.playlist_heads()
    with pytest.raises(OSError, match=r"closed|reset|abort"):
        alice.call("createPlaylist", [("name", "A"), *_songs(ids)])
    assert [one.name for one in alice.playlist_heads()] == ["A"]
    double.fail_next(Fault.refused())
    with pytest.raises(OSError, match=r"closed|reset|abort"):
        alice.call("createPlaylist", [("name", "B"), *_songs(ids)])
    assert [one.name for one in double.playlists("alice")] == ["A"]


def test_other_ids_for_all(double: FakeNavidrome, alice: PlainSubsonic, ids: list[str]) -> None:
    made = double.add_playlist("alice", "A", ids[:3])
    renamed = double.renumber_ids("0.64.0")
    assert _code(alice, "getPlaylist", ("id", made)) == 70
    assert alice.playlist(renamed[made]).song_ids == tuple(renamed[song] for song in ids[:3])
    assert alice.call("ping")["serverVersion"] == "0.64.0"


def test_requests_are_recorded_without_the_credential(double: FakeNavidrome, alice: PlainSubsonic) -> None:
    alice.call("ping", [("id", "x")])
    [seen] = double.requests
    assert (seen.method, seen.verb, seen.params, seen.sign_in) == ("ping", "POST", (("id", "x"),), "token")


def test_xml_for_those_who_do_not_ask_for_json(double: FakeNavidrome, ids: list[str]) -> None:
    form = {"u": "alice", "p": "sesame", "v": "1.16.1", "c": "x", "query": "", "songCount": "2"}
    client = httpx.Client(transport=double.transport(), base_url="http://double")
    root = ElementTree.fromstring(client.post("/rest/search3", data=form).text)
    songs = root.findall(".//{http://subsonic.org/restapi}song")
    assert [song.get("id") for song in songs] == ids[:2]
    assert root.get("status") == "ok"


def test_it_can_stop_and_start_again_with_what_it_knew(double: FakeNavidrome, ids: list[str]) -> None:
    double.stop()
    double.stop()
    with pytest.raises(RuntimeError, match="start"):
        double.url  # noqa: B018 - it is the access that raises
    double.start()
    assert len(PlainSubsonic(double.url, "alice", "sesame").songs()) == 12
