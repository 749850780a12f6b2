"""Keeping one playlist equal to a list of songs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.ports.targets import ListToWrite, WriteStatus
from reprise_dev.contract.accounts import Account, unknown_id_like
from reprise_dev.contract.broken_transports import Watched

from .writer import Writer

Markers = Callable[[], str]
Names = Callable[[str], str]


def test_a_new_list_has_its_songs_in_order_its_name_and_its_marker(writer: Writer, songs: list[str]) -> None:
    wanted = songs[::-1]
    assert writer.write(wanted) == (WriteStatus.CREATED, ())
    seen = writer.seen()
    assert list(seen.song_ids) == wanted
    assert seen.name == writer.name
    assert writer.marker in seen.comment
    assert seen.owner.casefold() in ("", writer.account.username.casefold())
    assert writer.told == [seen.id]
    assert [one.id for one in writer.account.our_lists()] == [seen.id]


def test_an_equal_list_is_left_alone_after_one_request(writer: Writer, songs: list[str]) -> None:
    writer.write(songs)
    before = writer.seen()
    assert writer.write(songs) == (WriteStatus.UNCHANGED, ())
    assert set(writer.methods) == {"getPlaylist"}
    assert len(writer.methods) <= 2  # a server without tokens refuses the first one
    assert writer.seen() == before


@pytest.mark.parametrize("change", ["more", "fewer", "other order", "all others", "one twice"])
def test_another_content_replaces_the_old_one_under_the_same_id(writer: Writer, songs: list[str], change: str) -> None:
    old = songs[:15]
    new = {
        "more": songs[:20],
        "fewer": songs[:3],
        "other order": old[::-1],
        "all others": songs[15:],
        "one twice": [*old, old[3], old[3]],
    }[change]
    writer.write(old)
    remote_id = writer.remote_id
    assert writer.write(new) == (WriteStatus.UPDATED, ())
    assert writer.remote_id == remote_id
    assert list(writer.seen().song_ids) == new
    assert writer.seen().name == writer.name
    assert len(writer.account.our_lists()) == 1


@pytest.mark.parametrize(
    "odd",
    [
        "Où es-tu? / 君は? “quoted” & <b>; 100% +1 = ? #",
        "🎧 emoji, мир, סלאם",
        '\\ back\'slash "double"',
        "Reprise: a [name] in [brackets]",
    ],
)
def test_names_survive_the_way(account: Account, named: Names, marker: Markers, songs: list[str], odd: str) -> None:
    writer = Writer(account, named(odd), marker())
    writer.write(songs[:5])
    assert writer.seen().name == named(odd)
    assert writer.write(songs[:5]) == (WriteStatus.UNCHANGED, ())


def test_a_list_of_ours_is_renamed_with_its_playlist_and_only_once(
    writer: Writer, songs: list[str], named: Names
) -> None:
    writer.write(songs)
    writer.name = named("other name")
    assert writer.write(songs) == (WriteStatus.DESCRIBED, ())
    assert writer.seen().name == writer.name
    assert list(writer.seen().song_ids) == songs
    assert writer.write(songs) == (WriteStatus.UNCHANGED, ())


def test_a_lost_id_is_found_again_by_the_marker(writer: Writer, songs: list[str]) -> None:
    writer.write(songs[:10])
    remote_id, writer.remote_id = writer.remote_id, None
    assert writer.write(songs[5:12])[0] is WriteStatus.UPDATED
    assert writer.told == [remote_id, remote_id]
    assert list(writer.seen().song_ids) == songs[5:12]
    assert len(writer.account.our_lists()) == 1


def test_an_id_of_another_kind_of_server_is_found_again_by_the_marker(writer: Writer, songs: list[str]) -> None:
    writer.write(songs[:10])
    remote_id, writer.remote_id = writer.remote_id, "pl-of_some.other:server"
    assert writer.write(songs[:10]) == (WriteStatus.UNCHANGED, ())
    assert writer.remote_id == remote_id


def test_a_deleted_list_is_made_again(writer: Writer, songs: list[str]) -> None:
    writer.write(songs[:10])
    assert writer.remote_id is not None
    writer.account.look().delete_playlist(writer.remote_id)
    assert writer.write(songs[:10]) == (WriteStatus.CREATED, ())
    assert len(writer.told) == 2
    assert list(writer.seen().song_ids) == songs[:10]
    assert len(writer.account.our_lists()) == 1


def test_a_list_of_the_same_name_is_not_taken_for_ours(writer: Writer, songs: list[str]) -> None:
    looker = writer.account.look()
    looker.call("createPlaylist", [("name", writer.name), *(("songId", song) for song in songs[:3])])
    theirs = writer.account.our_lists()[0]
    assert writer.write(songs[10:20]) == (WriteStatus.CREATED, ())
    assert writer.remote_id != theirs.id
    assert looker.playlist(theirs.id).song_ids == tuple(songs[:3])


def test_a_list_whose_marker_is_longer_is_not_taken_for_ours(
    account: Account, named: Names, marker: Markers, songs: list[str]
) -> None:
    short = marker()
    longer = Writer(account, named("longer"), short + "0")
    longer.write(songs[:4])
    writer = Writer(account, named("short"), short)
    assert writer.write(songs[4:8]) == (WriteStatus.CREATED, ())
    assert list(longer.seen().song_ids) == songs[:4]


def test_a_half_made_list_is_finished_by_the_next_run(writer: Writer, songs: list[str]) -> None:
    name_while_made = f"{writer.name} [{writer.marker}]"
    looker = writer.account.look()
    looker.call("createPlaylist", [("name", name_while_made), *(("songId", song) for song in songs[:6])])
    assert writer.write(songs[:6]) == (WriteStatus.DESCRIBED, ())
    seen = writer.seen()
    assert (seen.name, seen.comment) == (writer.name, writer.marker)
    assert len(writer.account.our_lists()) == 1


def test_what_cannot_be_saved_stops_before_anything_further(
    account: Account, named: Names, marker: Markers, songs: list[str], watched: Watched
) -> None:
    class DiskFullError(Exception):
        pass

    def cannot_save(remote_id: str) -> None:
        raise DiskFullError

    mark = marker()
    wanted = ListToWrite(name=named("mix"), marker=mark, song_ids=tuple(songs), remote_id=None)
    with pytest.raises(DiskFullError):
        account.open(watched).write_playlist(wanted, on_identified=cannot_save)
    assert "updatePlaylist" not in watched.methods
    writer = Writer(account, named("mix"), mark)
    assert writer.write(songs)[0] is WriteStatus.DESCRIBED
    assert [one.name for one in account.our_lists()] == [named("mix")]


def test_songs_the_server_does_not_know_are_reported_and_the_others_kept(writer: Writer, songs: list[str]) -> None:
    unknown = [unknown_id_like(songs[0]), unknown_id_like(songs[1])]
    wanted = [unknown[0], *songs[:5], unknown[1], *songs[5:8]]
    assert writer.write(wanted) == (WriteStatus.CREATED, tuple(unknown))
    assert list(writer.seen().song_ids) == songs[:8]
    status, dropped = writer.write([*songs[:3], *unknown])
    assert (status, dropped) == (WriteStatus.UPDATED, tuple(unknown))
    assert list(writer.seen().song_ids) == songs[:3]


def test_a_list_is_never_emptied_by_songs_the_server_does_not_know(writer: Writer, songs: list[str]) -> None:
    unknown = [unknown_id_like(song) for song in songs[:6]]
    writer.write(songs[:6])
    assert writer.write(unknown) == (WriteStatus.UNCHANGED, tuple(unknown))
    assert list(writer.seen().song_ids) == songs[:6]


def test_no_list_is_made_of_songs_the_server_does_not_know(writer: Writer, songs: list[str]) -> None:
    with pytest.raises(SyncFailure) as caught:
        writer.write([unknown_id_like(song) for song in songs[:6]])
    assert (caught.value.kind, caught.value.scope) == (FailureKind.INTERRUPTED, Scope.PLAYLIST)
    assert writer.account.our_lists() == []


def test_a_long_list_goes_in_one_request(writer: Writer, songs: list[str]) -> None:
    wanted = (songs * 14)[:400]
    assert writer.write(wanted) == (WriteStatus.CREATED, ())
    assert writer.methods.count("createPlaylist") == 1
    assert list(writer.seen().song_ids) == wanted


def test_too_long_a_list_is_refused_before_the_first_request(writer: Writer, songs: list[str]) -> None:
    with pytest.raises(SyncFailure) as caught:
        writer.write(songs * 400)
    assert (caught.value.kind, caught.value.scope) == (FailureKind.TOO_LARGE, Scope.PLAYLIST)
    assert writer.methods == []


def test_an_empty_list_is_refused_before_the_first_request(writer: Writer) -> None:
    with pytest.raises(ValueError, match="songs"):
        writer.write([])
    assert writer.methods == []


def test_somebody_elses_public_list_is_left_alone(
    writer: Writer, somebody_else: Account, songs: list[str], named: Names
) -> None:
    theirs = Writer(somebody_else, f"{somebody_else.run} theirs", f"reprise:{somebody_else.run}")
    theirs.write(songs[:4])
    assert theirs.remote_id is not None
    somebody_else.look().call("updatePlaylist", [("playlistId", theirs.remote_id), ("public", "true")])
    server = writer.account.open()
    listed = {one.remote_id: one for one in server.playlists()}
    server.close()
    assert not listed[theirs.remote_id].writable
    writer.remote_id = theirs.remote_id
    with pytest.raises(SyncFailure) as caught:
        writer.write(songs[4:8])
    assert (caught.value.kind, caught.value.scope) == (FailureKind.FORBIDDEN, Scope.PLAYLIST)
    assert list(theirs.seen().song_ids) == songs[:4]


def test_a_marker_on_somebody_elses_list_means_nothing(
    writer: Writer, somebody_else: Account, songs: list[str]
) -> None:
    theirs = Writer(somebody_else, f"{somebody_else.run} theirs", writer.marker)
    theirs.write(songs[:4])
    assert theirs.remote_id is not None
    somebody_else.look().call("updatePlaylist", [("playlistId", theirs.remote_id), ("public", "true")])
    assert writer.write(songs[4:8]) == (WriteStatus.CREATED, ())
    assert writer.remote_id != theirs.remote_id
    assert list(theirs.seen().song_ids) == songs[:4]


def test_lists_are_read_as_they_are(account: Account, writer: Writer, songs: list[str]) -> None:
    writer.write(songs[:7])
    assert writer.remote_id is not None
    server = account.open()
    listed = {one.remote_id: one for one in server.playlists()}[writer.remote_id]
    assert (listed.name, listed.comment, listed.song_count) == (writer.name, writer.marker, 7)
    assert listed.writable
    assert server.playlist_songs(writer.remote_id) == tuple(songs[:7])
    server.close()


@pytest.mark.parametrize("form", ["the server's own", "another server's"])
def test_an_unknown_list_is_not_found_and_gone_already(
    account: Account, writer: Writer, songs: list[str], form: str
) -> None:
    writer.write(songs[:7])
    assert writer.remote_id is not None
    unknown = unknown_id_like(writer.remote_id) if form == "the server's own" else "pl-of_some.other:server"
    server = account.open()
    with pytest.raises(SyncFailure) as caught:
        server.playlist_songs(unknown)
    assert (caught.value.kind, caught.value.scope) == (FailureKind.NOT_FOUND, Scope.PLAYLIST)
    server.delete_playlist(unknown)
    server.close()
    assert len(account.our_lists()) == 1


def test_deleting_twice_is_deleting(account: Account, writer: Writer, songs: list[str]) -> None:
    writer.write(songs[:7])
    assert writer.remote_id is not None
    server = account.open()
    server.delete_playlist(writer.remote_id)
    server.delete_playlist(writer.remote_id)
    server.close()
    assert account.our_lists() == []
