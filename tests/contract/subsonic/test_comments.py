"""What the comment of a list says: whose it is, and what is not in the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from reprise.domain.tracks import SourceTrack
from reprise.ports.targets import WriteStatus
from reprise.targets.subsonic.comment import COMMENT_MAX_BYTES
from reprise_dev.contract.accounts import Account

from .writer import Writer

ROADS = SourceTrack(title="Roads", artist="Portishead")
ARMY = SourceTrack(title="Army of Me", artist="Björk")
TEARDROP = SourceTrack(title="Teardrop [Live] & <loud>", artist="Massive Attack")
TOLD = "[Not in your library: Portishead – Roads; Björk – Army of Me]"


@pytest.fixture
def write(writer: Writer, songs: list[str]) -> Callable[..., WriteStatus]:
    """Writes the first ten songs, unless told others."""

    def again(*missing: SourceTrack, song_ids: Sequence[str] = songs[:10], taken_up: bool = False) -> WriteStatus:
        return writer.write(list(song_ids), missing=missing, taken_up=taken_up)[0]

    return again


def comment_on(writer: Writer, comment: str) -> None:
    """The owner writes a comment of their own."""
    assert writer.remote_id is not None
    writer.account.look().call("updatePlaylist", [("playlistId", writer.remote_id), ("comment", comment)])
    assert writer.seen().comment == comment


def test_a_new_list_names_what_it_lacks_beside_its_marker(writer: Writer, write: Callable[..., WriteStatus]) -> None:
    assert write(ROADS, ARMY) is WriteStatus.CREATED
    assert writer.seen().comment == f"{writer.marker} {TOLD}"
    assert write(ROADS, ARMY) is WriteStatus.UNCHANGED
    assert set(writer.methods) == {"getPlaylist"}


def test_and_is_found_again_by_its_marker(writer: Writer, write: Callable[..., WriteStatus]) -> None:
    write(ROADS, ARMY)
    remote_id, writer.remote_id = writer.remote_id, None
    assert write(ROADS, ARMY) is WriteStatus.UNCHANGED
    assert writer.remote_id == remote_id


def test_when_only_what_is_missing_changes_one_request_says_so(
    writer: Writer, write: Callable[..., WriteStatus], songs: list[str]
) -> None:
    write(ROADS, ARMY)
    assert write(TEARDROP) is WriteStatus.DESCRIBED
    assert (writer.methods.count("updatePlaylist"), writer.methods.count("createPlaylist")) == (1, 0)
    seen = writer.seen()
    assert seen.comment == f"{writer.marker} [Not in your library: Massive Attack – Teardrop (Live) & <loud>]"
    assert (seen.name, list(seen.song_ids)) == (writer.name, songs[:10])
    assert write(TEARDROP) is WriteStatus.UNCHANGED


def test_songs_and_what_is_missing_may_change_together(
    writer: Writer, write: Callable[..., WriteStatus], songs: list[str]
) -> None:
    write(ROADS)
    assert write(ROADS, ARMY, song_ids=songs[5:15]) is WriteStatus.UPDATED
    assert writer.seen().comment == f"{writer.marker} {TOLD}"
    assert list(writer.seen().song_ids) == songs[5:15]


def test_when_it_is_no_longer_wanted_the_marker_is_left(writer: Writer, write: Callable[..., WriteStatus]) -> None:
    write(ROADS, ARMY)
    assert write() is WriteStatus.DESCRIBED
    assert writer.seen().comment == writer.marker
    assert write() is WriteStatus.UNCHANGED


def test_a_list_that_told_nothing_begins_to(writer: Writer, write: Callable[..., WriteStatus]) -> None:
    write()
    assert write(ROADS, ARMY) is WriteStatus.DESCRIBED
    assert writer.seen().comment == f"{writer.marker} {TOLD}"


def test_what_has_no_room_is_counted(writer: Writer, write: Callable[..., WriteStatus]) -> None:
    missing = [SourceTrack(title=f"君は{number}🎧", artist="ünï 坂本") for number in range(200)]
    write(*missing)
    comment = writer.seen().comment
    assert len(comment.encode()) <= COMMENT_MAX_BYTES
    assert writer.marker in comment.split()
    assert comment.startswith(f"{writer.marker} [Not in your library: ünï 坂本 – 君は0🎧; ünï 坂本 – 君は1🎧")
    told = comment.count(";") + 1
    assert comment.endswith(f" … and {200 - told} more]")
    assert write(*missing) is WriteStatus.UNCHANGED


@pytest.mark.parametrize("before", ["Mine, all mine. ", "First line\n\nthird line "])
def test_the_owners_own_words_stay(writer: Writer, write: Callable[..., WriteStatus], before: str) -> None:
    write(ROADS)
    comment_on(writer, f"{before}{writer.seen().comment} For the car.")
    write(ROADS, ARMY)
    assert writer.seen().comment == f"{before}{writer.marker} For the car. {TOLD}"
    assert write(ROADS, ARMY) is WriteStatus.UNCHANGED
    write()
    assert writer.seen().comment == f"{before}{writer.marker} For the car."


def test_words_without_our_note_are_not_touched(writer: Writer, write: Callable[..., WriteStatus]) -> None:
    write()
    comment_on(writer, f"  Kept by Reprise ({writer.marker})  ")
    assert write() is WriteStatus.UNCHANGED


@pytest.mark.parametrize("comment", ["Mine, all mine.", TOLD])
def test_a_comment_without_the_marker_is_its_owners(
    writer: Writer, write: Callable[..., WriteStatus], songs: list[str], comment: str
) -> None:
    write(ROADS)
    comment_on(writer, comment)
    assert write(ARMY) is WriteStatus.UNCHANGED
    assert write() is WriteStatus.UNCHANGED
    assert write(ARMY, song_ids=songs[3:6]) is WriteStatus.UPDATED
    assert writer.seen().comment == comment
    assert "updatePlaylist" not in writer.methods


def test_a_title_makes_no_list_somebody_elses(
    account: Account, writer: Writer, write: Callable[..., WriteStatus], songs: list[str], marker: Callable[[], str]
) -> None:
    other = Writer(account, writer.name, marker())
    write(SourceTrack(title=f"{other.marker} ({other.marker})", artist=f"[{other.marker}]"))
    assert other.write(songs[20:25])[0] is WriteStatus.CREATED
    assert other.remote_id != writer.remote_id


def test_a_list_that_was_the_persons_own_is_marked_once(
    writer: Writer, write: Callable[..., WriteStatus], songs: list[str], marker: Callable[[], str]
) -> None:
    looker = writer.account.look()
    looker.call("createPlaylist", [("name", writer.name), *(("songId", song) for song in songs[:3])])
    writer.remote_id = writer.account.our_lists()[0].id
    comment_on(writer, f"For the car. {marker()}")
    assert write(ROADS, ARMY, taken_up=True) is WriteStatus.UPDATED
    assert writer.seen().comment == f"For the car. {writer.marker} {TOLD}"
    assert write(ROADS, ARMY, taken_up=True) is WriteStatus.UNCHANGED
    comment_on(writer, "For the car.")
    assert write(ROADS, ARMY) is WriteStatus.UNCHANGED
    assert writer.seen().comment == "For the car."


def test_a_long_comment_of_the_persons_own_is_left_alone(
    writer: Writer, write: Callable[..., WriteStatus], songs: list[str]
) -> None:
    looker = writer.account.look()
    looker.call("createPlaylist", [("name", writer.name), *(("songId", song) for song in songs[:3])])
    writer.remote_id = writer.account.our_lists()[0].id
    comment_on(writer, "For the car. " * 19)
    assert write(ROADS, taken_up=True) is WriteStatus.UPDATED
    assert writer.seen().comment == "For the car. " * 19
