"""What the double knows: people, songs, playlists. All of it behind one lock, as behind one SQLite file."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from reprise_dev.samples.music_library import LibrarySong

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
NEVER_SCANNED = "0001-01-01T00:00:00Z"
_RESTORED = ("people", "songs", "lists", "last_scan", "last_scan_ms", "scanning")


class RefusedError(Exception):
    """A Subsonic error: code and message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True, kw_only=True)
class Person:
    name: str
    password: str
    admin: bool
    unseen_songs: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class HeldSong:
    id: str
    song: LibrarySong
    missing: bool = False


@dataclass(slots=True, kw_only=True)
class HeldList:
    """`rows` are all song ids ever put in, also those the server does not show."""

    id: str
    name: str
    owner: str
    comment: str = ""
    public: bool = False
    smart: bool = False
    rows: list[str] = field(default_factory=list)
    song_count: int = 0
    duration_s: int = 0
    created: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistView:
    """A playlist as tests look at it: `song_ids` as anybody is shown them, `rows` with the hidden ones."""

    id: str
    name: str
    owner: str
    comment: str
    public: bool
    smart: bool
    song_ids: tuple[str, ...]
    rows: tuple[str, ...]
    changed: str


class State:
    """Methods that a person calls take the person, and refuse as Navidrome does."""

    def __init__(self, people: Mapping[str, str], admins: Iterable[str]) -> None:
        self.people = {
            name.casefold(): Person(name=name, password=password, admin=name in set(admins))
            for name, password in people.items()
        }
        self.songs: dict[str, HeldSong] = {}
        self.lists: dict[str, HeldList] = {}
        self.last_scan = NEVER_SCANNED
        self.last_scan_ms = 0
        self.scanning = False
        self._numbers = itertools.count(1)
        self._shown: dict[str, list[HeldSong]] = {}

    def now(self) -> str:
        """A time later than every other one given, with nanoseconds as Go prints them."""
        moment = _EPOCH + timedelta(seconds=next(self._numbers))
        return f"{moment:%Y-%m-%dT%H:%M:%S}.123456789Z"

    def new_id(self) -> str:
        return base62(f"id {next(self._numbers)}")

    def scanned(self) -> None:
        """The end of a scan, also of one that found nothing new."""
        self.last_scan = self.now()
        self.last_scan_ms += 60_000
        self._shown.clear()

    def count(self) -> int:
        """Songs whose files are there, whoever may see them."""
        return sum(not held.missing for held in self.songs.values())

    def shown_songs(self, person: Person) -> list[HeldSong]:
        """What `person` may see, in the order of the rows."""
        if person.name not in self._shown:
            self._shown[person.name] = [
                held for held in self.songs.values() if not held.missing and held.id not in person.unseen_songs
            ]
        return self._shown[person.name]

    def song(self, song_id: str) -> HeldSong:
        if song_id not in self.songs:
            raise RefusedError(70, "Song not found")
        return self.songs[song_id]

    def entries(self, held: HeldList, person: Person | None) -> Iterator[HeldSong]:
        for song_id in held.rows:
            found = self.songs.get(song_id)
            if found and not found.missing and not (person and song_id in person.unseen_songs):
                yield found

    def lists_for(self, person: Person) -> list[HeldList]:
        seen = [held for held in self.lists.values() if person.admin or held.public or held.owner == person.name]
        return sorted(seen, key=lambda held: held.name)

    def list_for(self, person: Person, list_id: str) -> HeldList:
        """Somebody else's private list is "not found", not "forbidden"."""
        held = self.lists.get(list_id)
        if held is None or not (person.admin or held.public or held.owner == person.name):
            raise RefusedError(70, "data not found")
        return held

    def writable(self, person: Person, list_id: str, *, tracks: bool) -> HeldList:
        held = self.list_for(person, list_id)
        if not (person.admin or held.owner == person.name) or (tracks and held.smart):
            raise RefusedError(50, "User is not authorized for the given operation")
        return held

    def put(self, person: Person, list_id: str, name: str, song_ids: list[str]) -> HeldList:
        """`createPlaylist`: a new list, or all songs of an old one. No song ids leave an old list as it is."""
        if list_id:
            held = self.writable(person, list_id, tracks=True)
        else:
            made = self.now()
            held = HeldList(id=self.new_id(), name=name, owner=person.name, created=made, changed=made)
            self.lists[held.id] = held
        if song_ids:
            held.rows = list(song_ids)
        self.touch(held)
        return held

    def remove_positions(self, held: HeldList, positions: set[int]) -> None:
        """Counts all rows, hidden ones too, which is why clients remove the wrong song."""
        held.rows = [song_id for position, song_id in enumerate(held.rows) if position not in positions]

    def touch(self, held: HeldList) -> None:
        """Counters are of songs the database knows, missing files included."""
        known = [self.songs[song_id].song for song_id in held.rows if song_id in self.songs]
        held.song_count, held.duration_s = len(known), int(sum(song.duration_s for song in known))
        held.changed = self.now()

    def rename_ids(self) -> dict[str, str]:
        """Give every song and list another id, as the upgrade to 0.64 did to seven of eight; old to new."""
        renamed = {old: base62(f"renamed {old}") for old in (*self.songs, *self.lists)}
        self.songs = {renamed[old]: held for old, held in self.songs.items()}
        self.lists = {renamed[old]: held for old, held in self.lists.items()}
        for song_id, song in self.songs.items():
            song.id = song_id
        for list_id, held in self.lists.items():
            held.id = list_id
            held.rows = [renamed.get(row, row) for row in held.rows]
        for person in self.people.values():
            person.unseen_songs = {renamed.get(old, old) for old in person.unseen_songs}
        self._shown.clear()
        return renamed

    def forget_shown(self) -> None:
        self._shown.clear()

    def way_back(self) -> Callable[[], None]:
        """What puts people, songs and lists back to how they are now, as often as it is called. Ids go on counting."""
        kept = {name: deepcopy(getattr(self, name)) for name in _RESTORED}

        def restore() -> None:
            for name, value in kept.items():
                setattr(self, name, deepcopy(value))
            self._shown.clear()

        return restore


def base62(seed: str) -> str:
    """22 characters that look like Navidrome's ids."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "big")
    digits = ""
    for _ in range(22):
        number, digit = divmod(number, 62)
        digits += _BASE62[digit]
    return digits
