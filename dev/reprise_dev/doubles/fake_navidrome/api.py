"""The Subsonic methods of the double: parameters in, contents of the answer out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from reprise_dev.doubles.fake_navidrome.state import HeldList, HeldSong, Person, RefusedError, State
from reprise_dev.samples.music_library import AudioFormat

Pairs: TypeAlias = list[tuple[str, str]]
Content: TypeAlias = dict[str, object]

GONE = frozenset({"search", "getChatMessages", "addChatMessage", "getVideos", "getVideoInfo", "getCaptions"})
NOT_IMPLEMENTED = frozenset({"getPodcasts", "getNewestPodcasts", "createUser", "updateUser", "deleteUser"})
_CONTENT_TYPES = {AudioFormat.FLAC: "audio/flac", AudioFormat.MP3: "audio/mpeg"}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one request; the first of several counts, as in Go."""

    pairs: Pairs

    def one(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.pairs if key == name), default) or default

    def given(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)

    def many(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.one(name, str(default)))
        except ValueError:
            return default

    def needed(self, name: str) -> str:
        value = self.one(name)
        if not value:
            raise RefusedError(10, f"missing parameter: '{name}'")
        return value


def sign_in(state: State, params: Params) -> Person:
    """Who asks. Any wrong thing is code 40, a missing one code 10."""
    for name in ("u", "v", "c"):
        params.needed(name)
    person = state.people.get(params.one("u").casefold())
    if person is None or not _right(person.password, params):
        raise RefusedError(40, "Wrong username or password")
    return person


def _right(password: str, params: Params) -> bool:
    plain, token = params.one("p"), params.one("t")
    if plain:
        return _decoded(plain) == password
    expected = hashlib.md5((password + params.one("s")).encode(), usedforsecurity=False).hexdigest()
    return token == expected


def _decoded(plain: str) -> str:
    """A password as sent, "enc:" and hex digits or as it is. What is no hex is taken for the password itself."""
    if not plain.startswith("enc:"):
        return plain
    try:
        return bytes.fromhex(plain.removeprefix("enc:")).decode("utf-8", "replace")
    except ValueError:
        return plain


class Api:
    """`swallow_searches` is how many of the next searches fail unseen."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.swallow_searches = 0
        self._methods: Mapping[str, Callable[[Person, Params], Content]] = {
            "ping": lambda person, params: {},
            "getLicense": lambda person, params: {"license": {"valid": True}},
            "getUser": self._user,
            "getScanStatus": lambda person, params: self._scan_status(),
            "startScan": self._start_scan,
            "getIndexes": self._indexes,
            "search3": self._search,
            "getSong": lambda person, params: {"song": song_json(self._state.song(params.one("id")))},
            "getPlaylists": self._playlists,
            "getPlaylist": lambda person, params: self._playlist(person, params.needed("id")),
            "createPlaylist": self._create,
            "updatePlaylist": self._update,
            "deletePlaylist": self._delete,
        }

    def knows(self, method: str) -> bool:
        return method in self._methods or method == "getOpenSubsonicExtensions"

    def answer(self, method: str, params: Params) -> Content:
        """The answer's content. Raises `RefusedError`."""
        if method == "getOpenSubsonicExtensions":
            return {"openSubsonicExtensions": [{"name": "formPost", "versions": [1]}]}
        return self._methods[method](sign_in(self._state, params), params)

    def _user(self, person: Person, params: Params) -> Content:
        if params.needed("username").casefold() != person.name.casefold():
            raise RefusedError(50, "User is not authorized for the given operation")
        return {"user": {"username": person.name, "adminRole": person.admin, "streamRole": True}}

    def _scan_status(self) -> Content:
        state = self._state
        status: Content = {"scanning": state.scanning, "count": state.count(), "folderCount": 1}
        status["lastScan"] = state.last_scan
        status["scanType"] = "full"
        return {"scanStatus": status}

    def _start_scan(self, person: Person, params: Params) -> Content:
        if not person.admin:
            raise RefusedError(50, "User is not authorized for the given operation")
        self._state.scanned()
        return self._scan_status()

    def _indexes(self, person: Person, params: Params) -> Content:
        indexes: Content = {"lastModified": self._state.last_scan_ms, "ignoredArticles": "The El La"}
        if params.number("ifModifiedSince", 0) < self._state.last_scan_ms:
            artists = sorted({held.song.artist for held in self._state.shown_songs(person)})
            if not artists:
                raise RefusedError(70, "Library not found or empty")
            indexes["index"] = [{"name": "#", "artist": [{"id": name, "name": name} for name in artists]}]
        return {"indexes": indexes}

    def _search(self, person: Person, params: Params) -> Content:
        limit, offset = params.number("songCount", 20), params.number("songOffset", 0)
        if self.swallow_searches > 0:
            self.swallow_searches -= 1
            return {"searchResult3": {}}
        found = self._found(person, params.one("query", '""').removesuffix("*").casefold())
        page = found[offset:] if limit < 0 else found[offset : offset + limit]
        return {"searchResult3": {"song": [song_json(held) for held in page]} if page else {}}

    def _found(self, person: Person, query: str) -> list[HeldSong]:
        songs = self._state.shown_songs(person)
        if query in ("", '""'):
            return songs
        if _UUID.fullmatch(query):
            return [held for held in songs if held.song.recording_mbid == query]
        if len(query) < 2:
            return []
        return [held for held in songs if query in f"{held.song.title} {held.song.artist} {held.song.album}".casefold()]

    def _playlists(self, person: Person, params: Params) -> Content:
        lists = [list_json(held, person) for held in self._state.lists_for(person)]
        return {"playlists": {"playlist": lists} if lists else {}}

    def _playlist(self, person: Person, list_id: str) -> Content:
        held = self._state.list_for(person, list_id)
        entries = [song_json(entry) for entry in self._state.entries(held, person)]
        shown = {**list_json(held, person), "songCount": len(entries)}
        return {"playlist": {**shown, "entry": entries} if entries else shown}

    def _create(self, person: Person, params: Params) -> Content:
        list_id, name = params.one("playlistId"), params.one("name")
        if not list_id and not name:
            raise RefusedError(0, "Internal Server Error: required parameter name is missing")
        held = self._state.put(person, list_id, name, params.many("songId"))
        return self._playlist(person, held.id)

    def _update(self, person: Person, params: Params) -> Content:
        added = params.many("songIdToAdd")
        removed = {int(value) for value in params.many("songIndexToRemove") if value.isdecimal()}
        held = self._state.writable(person, params.needed("playlistId"), tracks=bool(added or removed))
        self._state.remove_positions(held, removed)
        held.rows.extend(added)
        held.name = params.one("name") or held.name
        if params.given("comment"):
            held.comment = params.one("comment")
        if params.given("public"):
            held.public = params.one("public").casefold() in ("true", "on", "1")
        self._state.touch(held)
        return {}

    def _delete(self, person: Person, params: Params) -> Content:
        held = self._state.writable(person, params.needed("id"), tracks=False)
        del self._state.lists[held.id]
        return {}


def list_json(held: HeldList, person: Person) -> Content:
    shown: Content = {
        "id": held.id,
        "name": held.name,
        "songCount": held.song_count,
        "duration": held.duration_s,
        "owner": held.owner,
        "created": held.created,
        "changed": held.changed,
        "coverArt": f"pl-{held.id}_0",
        "readonly": held.smart or held.owner != person.name,
    }
    if held.comment:
        shown["comment"] = held.comment
    if held.public:
        shown["public"] = True
    return shown


def song_json(held: HeldSong) -> Content:
    """Empty and zero fields are absent, but for those OpenSubsonic added."""
    song = held.song
    artists = [{"id": f"ar-{song.artist}", "name": song.artist}] if song.artist else []
    shown: Content = {
        "artist": song.artist,
        "album": song.album,
        "track": song.track_number,
        "discNumber": song.disc_number,
        "year": song.year,
        "genre": song.genre,
        "duration": int(song.duration_s),
        "bitRate": 901,
        "size": int(song.duration_s * 1000),
        "suffix": song.format.value,
        "contentType": _CONTENT_TYPES[song.format],
        "path": f"{song.artist}/{song.album}/{song.disc_number:02d}-{song.track_number:02d} - {song.title}",
        "parent": f"al-{song.album}",
    }
    return {
        "id": held.id,
        "isDir": False,
        "title": song.title,
        **{key: value for key, value in shown.items() if value},
        "created": "2026-01-01T00:00:00.000000001Z",
        "type": "music",
        "mediaType": "song",
        "bpm": 0,
        "comment": "",
        "sortName": song.title.casefold(),
        "musicBrainzId": song.recording_mbid or "",
        "isrc": list(song.isrcs),
        "genres": [{"name": song.genre}] if song.genre else [],
        "channelCount": 2,
        "samplingRate": 44100,
        "artists": artists,
        "displayArtist": song.artist,
        "albumArtists": artists,
        "displayAlbumArtist": song.album_artist or song.artist,
        "explicitStatus": "",
    }
