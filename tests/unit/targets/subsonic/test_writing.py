"""What a write costs, and what it survives, where that can only be seen on a double."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.tracks import SourceTrack
from reprise.ports.targets import ListToWrite, RemotePlaylist, WriteResult, WriteStatus
from reprise.targets.subsonic.errors import SubsonicFailure
from reprise.targets.subsonic.order import NAME_MAX, SONGS_MAX, WriteOrder, write_order
from reprise.targets.subsonic.shapes import same_text
from reprise.targets.subsonic.target import SubsonicServer
from reprise.targets.subsonic.write import left_out
from reprise_dev.doubles.fake_navidrome import FakeNavidrome, Fault
from reprise_dev.samples.music_library import sample_songs

from .conftest import Responder, Say, Script

MARKER = "reprise:01JD0000000000000000000000"


def _quiet(_: str) -> None:
    """Nobody saves."""


@pytest.fixture
def ids(double: FakeNavidrome) -> list[str]:
    return double.add_songs(sample_songs(60))


class Write:
    def __init__(self, server: SubsonicServer, double: FakeNavidrome) -> None:
        self._server = server
        self._double = double
        self.told: list[str] = []

    def __call__(self, song_ids: list[str], remote_id: str | None = None, name: str = "Mix") -> WriteResult:
        self._double.requests.clear()
        wanted = ListToWrite(name=name, marker=MARKER, song_ids=tuple(song_ids), remote_id=remote_id)
        return self._server.write_playlist(wanted, on_identified=self.told.append)

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self._double.requests]


@pytest.fixture
def write(server: SubsonicServer, double: FakeNavidrome) -> Write:
    return Write(server, double)


# ---- what it costs


def test_a_created_list_costs_five_requests(write: Write, ids: list[str]) -> None:
    write(ids)
    assert write.methods == ["getPlaylists", "getSong", "createPlaylist", "getPlaylist", "updatePlaylist"]


def test_an_unchanged_list_costs_one_and_moves_nothing(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    remote_id = write(ids).remote_id
    before = double.playlist(remote_id)
    assert write(ids, remote_id).status is WriteStatus.UNCHANGED
    assert write.methods == ["getPlaylist"]
    assert double.playlist(remote_id) == before


def test_an_updated_list_costs_three(write: Write, ids: list[str]) -> None:
    remote_id = write(ids[:30]).remote_id
    write(ids[10:40], remote_id)
    assert write.methods == ["getPlaylist", "createPlaylist", "getPlaylist"]


def test_and_one_more_where_no_song_stays(write: Write, ids: list[str]) -> None:
    remote_id = write(ids[:30]).remote_id
    write(ids[30:], remote_id)
    assert write.methods == ["getPlaylist", "getSong", "createPlaylist", "getPlaylist"]


# ---- Navidrome's quirks


def test_hidden_rows_do_not_disturb(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    remote_id = write(ids[:5]).remote_id
    double.miss_files([ids[1]])
    visible = [ids[0], *ids[2:5]]
    assert write(visible, remote_id).status is WriteStatus.UNCHANGED
    assert write([*visible, ids[9]], remote_id).status is WriteStatus.UPDATED
    assert double.playlist(remote_id).rows == (*visible, ids[9])


def test_other_ids_for_all_are_survived_by_the_marker(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    remote_id = write(ids[:5]).remote_id
    renamed = double.renumber_ids()
    assert write(ids[:5], remote_id) == WriteResult(
        remote_id=renamed[remote_id], status=WriteStatus.UNCHANGED, dropped=tuple(ids[:5])
    )
    [only] = double.playlists()
    assert only.song_ids == tuple(renamed[song] for song in ids[:5])
    assert write.told[-1] == only.id
    assert write([renamed[song] for song in ids[:5]], only.id).status is WriteStatus.UNCHANGED


def test_an_administrator_leaves_other_peoples_lists_alone(double: FakeNavidrome, ids: list[str]) -> None:
    double.add_user("root", "r00t", admin=True)
    theirs = double.add_playlist("bob", f"Mix [{MARKER}]", ids[:3], comment=MARKER)
    server = SubsonicServer(base_url="http://127.0.0.1", username="root", password="r00t", transport=double.transport())
    assert [one.writable for one in server.playlists()] == [False]
    new = ListToWrite(name="Mix", marker=MARKER, song_ids=tuple(ids[3:6]), remote_id=None)
    made = server.write_playlist(new, on_identified=_quiet)
    assert made.status is WriteStatus.CREATED
    assert double.playlist(theirs).song_ids == tuple(ids[:3])
    with pytest.raises(SyncFailure) as caught:
        server.write_playlist(replace(new, remote_id=theirs), on_identified=_quiet)
    assert (caught.value.kind, caught.value.scope) == (FailureKind.FORBIDDEN, Scope.PLAYLIST)


def test_a_smart_list_is_left_alone(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    smart = double.add_playlist("alice", "Mix", ids[:3], comment=MARKER, smart=True)
    with pytest.raises(SyncFailure) as caught:
        write(ids[5:9], smart)
    assert caught.value.kind is FailureKind.FORBIDDEN
    assert write.methods == ["getPlaylist"]
    assert write(ids[5:9]).remote_id != smart


def test_somebody_elses_private_list_is_as_good_as_gone(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    theirs = double.add_playlist("bob", "Mix", ids[:3])
    result = write(ids[5:9], theirs)
    assert result.status is WriteStatus.CREATED
    assert double.playlist(theirs).song_ids == tuple(ids[:3])


def test_of_two_marked_lists_the_older_is_kept_in_step(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    older = double.add_playlist("alice", "Mix", ids[:3], comment=MARKER)
    double.add_playlist("alice", "Mix", ids[:3], comment=MARKER)
    assert write(ids[:4]).remote_id == older


def test_a_marked_list_comes_before_a_half_made_one(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    double.add_playlist("alice", f"Mix [{MARKER}]", ids[:3])
    marked = double.add_playlist("alice", "Mix", ids[:3], comment=f"Kept by Reprise ({MARKER})")
    assert write(ids[:4]).remote_id == marked


def test_a_list_whose_comment_was_cleared_keeps_the_name_it_was_given(
    write: Write, double: FakeNavidrome, ids: list[str]
) -> None:
    mine = double.add_playlist("alice", "My own name", ids[:3])
    assert write(ids[:4], mine).status is WriteStatus.UPDATED
    assert double.playlist(mine).name == "My own name"


def test_songs_some_of_which_are_gone_are_written_without_them(
    write: Write, double: FakeNavidrome, ids: list[str]
) -> None:
    remote_id = write(ids[:10]).remote_id
    double.purge_songs(ids[3:6])
    assert write(ids[:12], remote_id).dropped == tuple(ids[3:6])
    assert double.playlist(remote_id).song_ids == (*ids[:3], *ids[6:12])


def test_first_middle_and_last_song_unknown_is_not_all_unknown(
    write: Write, double: FakeNavidrome, ids: list[str]
) -> None:
    gone = [ids[0], ids[3], ids[6], ids[9]]
    double.purge_songs(gone)
    result = write(ids[:10])
    assert result.status is WriteStatus.CREATED
    assert result.dropped == tuple(gone)


def test_ten_thousand_parameters_are_not_reached(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    wanted = (ids * 200)[:SONGS_MAX]
    result = write(wanted)
    assert double.playlist(result.remote_id).song_ids == tuple(wanted)
    with pytest.raises(SyncFailure) as caught:
        write([*wanted, ids[0]], result.remote_id)
    assert caught.value.kind is FailureKind.TOO_LARGE
    assert write.methods == []


# ---- bad days


def test_a_lost_create_is_found_and_not_repeated(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    double.fail_next(Fault.lost_reply(method="createPlaylist"))
    assert write(ids).status is WriteStatus.CREATED
    assert write.methods.count("createPlaylist") == 1
    assert [(one.name, one.comment) for one in double.playlists()] == [("Mix", MARKER)]
    assert write.told == [double.playlists()[0].id]


def test_a_create_that_never_arrived_is_left_to_the_next_run(
    write: Write, double: FakeNavidrome, ids: list[str]
) -> None:
    double.fail_next(Fault.refused(method="createPlaylist"))
    with pytest.raises(SyncFailure) as caught:
        write(ids)
    assert caught.value.kind is FailureKind.UNREACHABLE
    assert (write.told, double.playlists()) == ([], [])
    assert write(ids).status is WriteStatus.CREATED


@pytest.mark.parametrize("fault", [Fault.http(502, applied=True), Fault.truncated(), Fault.database_locked()])
def test_a_replace_is_simply_repeated(write: Write, double: FakeNavidrome, ids: list[str], fault: Fault) -> None:
    remote_id = write(ids[:5]).remote_id
    double.fail_next(*[fault] * 3)
    assert write(ids[2:8], remote_id).status is WriteStatus.UPDATED
    assert double.playlist(remote_id).song_ids == tuple(ids[2:8])


def test_a_login_page_in_the_middle_is_said_to_be_one(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    remote_id = write(ids[:5]).remote_id
    double.fail_next(Fault.login_page())
    with pytest.raises(SyncFailure) as caught:
        write(ids[2:8], remote_id)
    assert (caught.value.kind, caught.value.scope) == (FailureKind.MISCONFIGURED, Scope.CONNECTION)


def test_a_changed_password_is_noticed_at_once(write: Write, double: FakeNavidrome, ids: list[str]) -> None:
    remote_id = write(ids[:5]).remote_id
    double.set_password("alice", "another")
    with pytest.raises(SyncFailure) as caught:
        write(ids[2:8], remote_id)
    assert caught.value.kind is FailureKind.AUTH_INVALID
    assert len(write.methods) == 1


def test_a_refused_playlist_does_not_condemn_the_connection(
    write: Write, double: FakeNavidrome, ids: list[str]
) -> None:
    remote_id = write(ids[:5]).remote_id
    double.fail_next(Fault.api(0, "constraint failed", method="createPlaylist"))
    with pytest.raises(SyncFailure) as caught:
        write(ids[2:8], remote_id)
    assert (caught.value.kind, caught.value.scope) == (FailureKind.SERVER_ERROR, Scope.PLAYLIST)
    assert double.playlist(remote_id).song_ids == tuple(ids[:5])


# ---- other servers, as far as they differ


class OtherServer:
    """Answers by method, from a table."""

    def __init__(self, **answers: list[Responder]) -> None:
        self._answers = answers
        self.methods: list[str] = []
        self.params: list[dict[str, str]] = []
        script = Script(self._answer)
        self.server = SubsonicServer(
            base_url="https://music.test",
            username="alice",
            password="x",
            transport=script,
            sleep=lambda _: None,
        )
        self._script = script
        self.told: list[str] = []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2].removesuffix(".view")
        self.methods.append(method)
        self.params.append(self._script.params())
        answers = self._answers[method]
        return (answers.pop(0) if len(answers) > 1 else answers[0])(request)

    def write(self, song_ids: list[str], remote_id: str | None = None, **more: Any) -> WriteResult:
        wanted = ListToWrite(name="Mix", marker=MARKER, song_ids=tuple(song_ids), remote_id=remote_id, **more)
        return self.server.write_playlist(wanted, on_identified=self.told.append)


def _holding(*song_ids: str, name: str = "Mix", comment: str = MARKER) -> dict[str, object]:
    return {"id": "7", "name": name, "comment": comment, "entry": [{"id": song_id} for song_id in song_ids]}


def test_the_id_of_a_new_list_is_found_where_the_answer_does_not_tell(say: Say) -> None:
    before = {"playlist": [{"id": "1", "name": f"Mix [{MARKER}x]"}]}
    after = {"playlist": [*before["playlist"], {"id": "7", "name": f"Mix [{MARKER}]"}]}
    other = OtherServer(
        getPlaylists=[say(playlists=before), say(playlists=after)],
        getSong=[say(song={"id": "a"})],
        createPlaylist=[say()],
        getPlaylist=[say(playlist=_holding("a", "b", name=f"Mix [{MARKER}]", comment=""))],
        updatePlaylist=[say()],
    )
    assert other.write(["a", "b"]) == WriteResult(remote_id="7", status=WriteStatus.CREATED)
    assert other.told == ["7"]
    assert (other.params[-1]["name"], other.params[-1]["comment"]) == ("Mix", MARKER)


def test_a_new_list_that_does_not_show_is_no_success(say: Say) -> None:
    other = OtherServer(getPlaylists=[say(playlists={})], getSong=[say(song={"id": "a"})], createPlaylist=[say()])
    with pytest.raises(SyncFailure) as caught:
        other.write(["a"])
    assert (caught.value.kind, caught.value.scope) == (FailureKind.SERVER_ERROR, Scope.PLAYLIST)
    assert other.told == []


@pytest.mark.parametrize("counted", ["7", "pl-7"])
def test_a_counted_id_that_names_another_list_by_now_is_not_written_over(say: Say, counted: str) -> None:
    theirs = {"id": counted, "name": "Dinner", "entry": [{"id": "z"}]}
    other = OtherServer(
        getPlaylist=[say(playlist=theirs), say(playlist=_holding("a"))],
        getPlaylists=[say(playlists={"playlist": [theirs]})],
        getSong=[say(song={"id": "a"})],
        createPlaylist=[say(playlist={"id": "8"})],
        updatePlaylist=[say()],
    )
    assert other.write(["a"], counted).remote_id == "8"
    assert "playlistId" not in other.params[other.methods.index("createPlaylist")]


def test_a_counted_id_on_a_server_without_comments_is_known_by_its_name(say: Say) -> None:
    other = OtherServer(getPlaylist=[say(playlist=_holding("a", comment=""))])
    assert other.write(["a"], "7").status is WriteStatus.UNCHANGED


@pytest.mark.parametrize("comment", ["", MARKER[:20]])
def test_a_server_without_room_for_comments_is_not_told_again(say: Say, comment: str) -> None:
    other = OtherServer(getPlaylist=[say(playlist=_holding("a", comment=comment))])
    for missing in ([], [SourceTrack(title="Roads")]):
        assert other.write(["a"], "7", missing=missing).status is WriteStatus.UNCHANGED
    assert other.methods == ["getPlaylist", "getPlaylist"]


def test_a_comment_that_the_server_cut_off_is_not_written_again(say: Say) -> None:
    missing = [SourceTrack(title=f"Song {number}") for number in range(40)]
    other = OtherServer(getPlaylist=[say(playlist=_holding("a"))], updatePlaylist=[say()])
    assert other.write(["a"], "7", missing=missing).status is WriteStatus.DESCRIBED
    kept = other.params[-1]["comment"][:100]
    other = OtherServer(getPlaylist=[say(playlist=_holding("a", comment=kept))], updatePlaylist=[say()])
    assert other.write(["a"], "7", missing=missing).status is WriteStatus.UNCHANGED
    assert other.write(["a"], "7", missing=missing[1:]).status is WriteStatus.DESCRIBED


def test_what_reads_back_otherwise_is_written_again(say: Say) -> None:
    other = OtherServer(
        getPlaylist=[
            say(playlist=_holding("a", "x")),
            say(playlist=_holding("b", "a")),
            say(playlist=_holding("a", "b")),
        ],
        createPlaylist=[say()],
    )
    assert other.write(["a", "b"], "7") == WriteResult(remote_id="7", status=WriteStatus.UPDATED)
    assert other.methods.count("createPlaylist") == 2


@pytest.mark.parametrize("wrong", [["b", "a"], ["a", "b", "c"], []])
def test_what_never_reads_back_right_is_a_failure(say: Say, wrong: list[str]) -> None:
    other = OtherServer(
        getPlaylist=[say(playlist=_holding("a", "x")), say(playlist=_holding(*wrong))],
        createPlaylist=[say()],
    )
    with pytest.raises(SyncFailure) as caught:
        other.write(["a", "b"], "7")
    assert (caught.value.kind, caught.value.scope) == (FailureKind.SERVER_ERROR, Scope.PLAYLIST)
    assert other.methods.count("createPlaylist") == 3


def test_a_refusal_of_songs_that_are_all_there_is_a_failure(say: Say, refuse: Callable[..., Responder]) -> None:
    other = OtherServer(
        getPlaylist=[say(playlist=_holding("a", "x"))],
        createPlaylist=[refuse(70)],
        search3=[say(searchResult3={"song": [{"id": "a"}, {"id": "b"}]}), say(searchResult3={})],
    )
    with pytest.raises(SyncFailure) as caught:
        other.write(["a", "b"], "7")
    assert (caught.value.kind, caught.value.scope) == (FailureKind.SERVER_ERROR, Scope.PLAYLIST)


def test_a_list_that_vanishes_meanwhile_is_tried_again_later(say: Say, refuse: Callable[..., Responder]) -> None:
    other = OtherServer(
        getPlaylists=[say(playlists={"playlist": {"id": "7", "name": "Mix", "comment": MARKER}})],
        getPlaylist=[refuse(70)],
    )
    with pytest.raises(SyncFailure) as caught:
        other.write(["a"])
    assert (caught.value.kind, caught.value.fatal) == (FailureKind.SERVER_ERROR, False)


def test_an_answer_without_a_playlist_is_malformed(say: Say) -> None:
    other = OtherServer(getPlaylist=[say()])
    with pytest.raises(SyncFailure) as caught:
        other.server.playlist_songs("7")
    assert caught.value.kind is FailureKind.MALFORMED_RESPONSE


_NO_UUID = (0, "ValueError: badly formed hexadecimal UUID string")


def test_an_id_whose_form_is_complained_of_is_not_found_unless_it_is_listed(
    say: Say, refuse: Callable[..., Responder]
) -> None:
    other = OtherServer(
        getPlaylist=[refuse(*_NO_UUID)],
        deletePlaylist=[refuse(*_NO_UUID)],
        getPlaylists=[say(playlists={"playlist": [{"id": "7", "name": "Mix"}]})],
    )
    with pytest.raises(SyncFailure) as caught:
        other.server.playlist_songs("pl-of-another-server")
    assert (caught.value.kind, caught.value.scope) == (FailureKind.NOT_FOUND, Scope.PLAYLIST)
    other.server.delete_playlist("pl-of-another-server")
    for act in (other.server.playlist_songs, other.server.delete_playlist):
        with pytest.raises(SyncFailure) as caught:
            act("7")
        assert caught.value.kind is FailureKind.SERVER_ERROR


def test_a_server_that_refuses_a_list_for_one_song_gets_it_without(say: Say, refuse: Callable[..., Responder]) -> None:
    other = OtherServer(
        getPlaylist=[refuse(70), say(playlist=_holding("a"))],
        getPlaylists=[say(playlists={})],
        getSong=[refuse(*_NO_UUID), say(song={"id": "a"})],
        createPlaylist=[refuse(70), say(playlist={"id": "7"})],
        search3=[say(searchResult3={"song": {"id": "a", "title": "A"}}), say(searchResult3={})],
        updatePlaylist=[say()],
    )
    assert other.write(["gone", "a"], "old") == WriteResult(
        remote_id="7", status=WriteStatus.CREATED, dropped=("gone",)
    )


def test_a_list_made_in_spite_of_a_refusal_is_not_made_again(say: Say, refuse: Callable[..., Responder]) -> None:
    made = {"id": "7", "name": f"Mix [{MARKER}]"}
    other = OtherServer(
        getPlaylists=[say(playlists={}), say(playlists={"playlist": made})],
        getPlaylist=[say(playlist=made), say(playlist={**made, "entry": {"id": "a"}})],
        getSong=[say(song={"id": "a"})],
        createPlaylist=[refuse(0, "no such song"), refuse(0, "no such song"), say()],
        search3=[
            say(searchResult3={"song": {"id": "a", "title": "A"}}),
            say(searchResult3={}),
            say(searchResult3={}),
            say(searchResult3={"song": {"id": "a", "title": "A"}}),
            say(searchResult3={}),
        ],
        updatePlaylist=[say()],
    )
    result = other.write(["a", "gone"])
    assert result == WriteResult(remote_id="7", status=WriteStatus.UPDATED, dropped=("gone",))
    assert other.told == ["7"]
    creates = [params for params, method in zip(other.params, other.methods, strict=True) if method == "createPlaylist"]
    assert ["playlistId" in params for params in creates] == [False, True, True]
    assert other.params[-1]["name"] == "Mix"


@pytest.mark.parametrize("method", ["getPlaylist", "getPlaylists", "getSong", "createPlaylist", "updatePlaylist"])
@pytest.mark.parametrize(("code", "kind"), [(40, FailureKind.AUTH_INVALID), (50, FailureKind.FORBIDDEN)])
def test_no_step_swallows_a_refusal(
    say: Say, refuse: Callable[..., Responder], method: str, code: int, kind: FailureKind
) -> None:
    answers = {
        "getPlaylists": [say(playlists={})],
        "getPlaylist": [refuse(70), say(playlist=_holding("a"))],
        "getSong": [say(song={"id": "a"})],
        "createPlaylist": [say(playlist={"id": "7"})],
        "updatePlaylist": [say()],
    }
    other = OtherServer(**{**answers, method: [refuse(code)]})
    with pytest.raises(SyncFailure) as caught:
        other.write(["a"], "old")
    assert caught.value.kind is kind


def test_a_failing_user_method_fails_the_check(say: Say, refuse: Callable[..., Responder]) -> None:
    other = OtherServer(
        getPlaylists=[say(playlists={})], search3=[say(searchResult3={})], getUser=[refuse(0, "database is locked")]
    )
    with pytest.raises(SyncFailure) as caught:
        other.server.check()
    assert caught.value.kind is FailureKind.SERVER_ERROR


@pytest.mark.parametrize("admin", [None, "no user", 50, 404])
def test_a_server_need_not_tell_who_is_administrator(say: Say, refuse: Callable[..., Responder], admin: object) -> None:
    answers: dict[object, Responder] = {
        None: say(user={"username": "alice"}),
        "no user": say(),
        50: refuse(50),
        404: say(http=404, body=b""),
    }
    other = OtherServer(
        getPlaylists=[say(playlists={}, type="LMS", serverVersion="3.6")],
        search3=[say(searchResult3={})],
        getUser=[answers[admin]],
    )
    info = other.server.check()
    assert (info.product, info.version, info.admin, info.display_name) == ("lms", "3.6", None, "LMS")


@pytest.mark.parametrize(
    ("user", "told"),
    [
        ({"username": "Alice"}, "Alice"),
        ({"username": " al\x07ice\u2028"}, " alice "),
        ({"username": ["Alice"]}, ""),
        ({"username": 7}, "7"),
        ({}, ""),
        ("alice", ""),
        (None, ""),
    ],
)
def test_the_account_is_told_as_the_server_spells_it(say: Say, user: object, told: str) -> None:
    other = OtherServer(
        getPlaylists=[say(playlists={})], search3=[say(searchResult3={})], getUser=[say(user=user)] if user else [say()]
    )
    assert other.server.check().username == told


# ---- the order


def _order(**changed: object) -> WriteOrder:
    wanted: dict[str, object] = {
        "name": "Mix",
        "marker": MARKER,
        "song_ids": ("a",),
        "remote_id": None,
        **changed,
    }
    return write_order(ListToWrite(**wanted), on_identified=_quiet)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed", [{"name": ""}, {"name": " \n"}, {"marker": ""}, {"song_ids": ()}, {"song_ids": ("a", "")}]
)
def test_orders_that_make_no_sense(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="needs a name, a marker and songs"):
        _order(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "x" * (NAME_MAX + 1)},
        {"marker": "m" * 255},
        {"song_ids": ("a",) * (SONGS_MAX + 1)},
        {"song_ids": ("é" * 300,) * 9_000},
    ],
)
def test_orders_that_do_not_fit(changed: dict[str, object]) -> None:
    with pytest.raises(SubsonicFailure) as caught:
        _order(**changed)
    assert (caught.value.kind, caught.value.scope) == (FailureKind.TOO_LARGE, Scope.PLAYLIST)
    assert caught.value.detail


def test_a_name_is_sent_on_one_line() -> None:
    assert _order(name=" A\tmix\r\nof  mine\x07 ").name == "A mix of mine"


@given(st.text(min_size=1, max_size=NAME_MAX).filter(lambda name: bool("".join(name.split()))))
def test_the_name_while_being_made_fits_and_is_recognised(name: str) -> None:
    try:
        order = _order(name=name)
    except ValueError:
        return
    assert len(order.name_while_made) <= NAME_MAX
    assert order.names_as_made(order.name_while_made)
    assert not order.names_as_made(order.name)
    assert same_text(order.name, f" {order.name}  ")


@given(st.text(alphabet="reprise:01AZ-_ ().x", max_size=20), st.text(alphabet="reprise:01AZ-_ ().x", max_size=20))
def test_a_marker_is_found_only_as_a_word_of_its_own(before: str, after: str) -> None:
    glued = (before[-1:] or " ") not in " ()." or (after[:1] or " ") not in " ()."
    assert _order().marks(before + MARKER + after) is not glued


def test_an_order_knows_its_own_list() -> None:
    order = _order()
    ours = RemotePlaylist(remote_id="1", name="Any", owner="", song_count=0, writable=True, comment=MARKER)
    assert order.ours(ours)
    theirs = RemotePlaylist(remote_id="1", name="Mix", owner="", song_count=0, writable=True)
    assert not order.ours(theirs)


_SONGS = st.lists(st.sampled_from("abc"), max_size=12)


@given(_SONGS, st.data())
def test_what_was_left_out_is_what_is_missing(wanted: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(wanted), max_size=len(wanted)))
    now = [song for song, keep in zip(wanted, kept, strict=True) if keep]
    missing = left_out(wanted, now)
    assert missing is not None
    assert sorted([*now, *missing]) == sorted(wanted)


@given(_SONGS, _SONGS)
def test_anything_else_is_not_a_part(wanted: list[str], now: list[str]) -> None:
    rest = iter(wanted)
    is_part = all(song in rest for song in now)
    assert (left_out(wanted, now) is not None) is is_part
    assert left_out(wanted, wanted) == ()
