"""The double itself: what tests set up and look at, and its two doors, HTTP on loopback and an httpx transport."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import quoteattr

import httpx

from reprise_dev.doubles.fake_navidrome.api import GONE, NOT_IMPLEMENTED, Api, Content, Pairs, Params
from reprise_dev.doubles.fake_navidrome.doors import HttpDoor, Reply, TransportDoor
from reprise_dev.doubles.fake_navidrome.faults import Fault
from reprise_dev.doubles.fake_navidrome.state import HeldList, HeldSong, PlaylistView, RefusedError, State
from reprise_dev.samples.music_library import LibrarySong

PARAMETERS_MAX = 10_000
BODY_MAX_BYTES = 10 << 20
_SECRET = frozenset({"u", "t", "s", "p", "v", "c", "f"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request as it came in. `params` leaves out who asked and how; `sign_in` is "token", "plain" or ""."""

    method: str
    verb: str
    target: str
    params: tuple[tuple[str, str], ...]
    username: str
    sign_in: str
    user_agent: str


class FakeNavidrome:
    """A Navidrome of its own, empty at first. Every method may be called while it serves.

    `users` maps names to passwords; `admins` names those who see everybody's lists. `version` is what it says it
    is. Clients named in `xml_for` get XML even where they
    ask for JSON.
    """

    def __init__(
        self,
        *,
        users: Mapping[str, str] | None = None,
        admins: Iterable[str] = (),
        version: str = "0.63.2 (fake)",
        xml_for: Iterable[str] = (),
    ) -> None:
        self._state = State({"alice": "sesame"} if users is None else users, admins)
        self._api = Api(self._state)
        self._lock = threading.RLock()
        self._faults: list[Fault] = []
        self._http: HttpDoor | None = None
        self.version = version
        self.xml_for = frozenset(xml_for)
        self.requests: list[RecordedRequest] = []

    # ---- its life

    def start(self) -> FakeNavidrome:
        """Listen on a free loopback port."""
        if self._http is None:
            self._http = HttpDoor(self.handle)
        return self

    def stop(self) -> None:
        """Close every connection and give the port back; the state stays. Harmless when it does not listen."""
        if self._http is not None:
            self._http.stop()
            self._http = None

    def __enter__(self) -> FakeNavidrome:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Its address, while it listens. Raises `RuntimeError` before `start`."""
        if self._http is None:
            raise RuntimeError("the double does not listen: call start()")
        return self._http.url

    def transport(self) -> httpx.BaseTransport:
        """A way to it without a socket, for httpx. Works whether it listens or not."""
        return TransportDoor(self.handle)

    # ---- people

    def add_user(self, name: str, password: str, *, admin: bool = False) -> None:
        with self._lock:
            added = State({name: password}, [name] if admin else [])
            self._state.people.update(added.people)

    def set_password(self, name: str, password: str) -> None:
        with self._lock:
            self._state.people[name.casefold()].password = password

    def hide_songs_from(self, name: str, song_ids: Iterable[str]) -> None:
        """As if these songs were in a library this person may not see."""
        with self._lock:
            self._state.people[name.casefold()].unseen_songs.update(song_ids)
            self._state.forget_shown()

    # ---- songs

    def add_songs(self, songs: Iterable[LibrarySong]) -> list[str]:
        """Put songs at the end of the library, as a scan would; their ids in the same order."""
        with self._lock:
            ids = []
            for song in songs:
                held = HeldSong(id=self._state.new_id(), song=song)
                self._state.songs[held.id] = held
                ids.append(held.id)
            self._state.scanned()
            return ids

    def change_song(self, song_id: str, song: LibrarySong) -> None:
        """Other tags, same id."""
        with self._lock:
            self._state.songs[song_id].song = song
            self._state.scanned()

    def miss_files(self, song_ids: Iterable[str], *, missing: bool = True) -> None:
        """The files are gone (or back): hidden everywhere, rows in lists kept."""
        with self._lock:
            for song_id in song_ids:
                self._state.songs[song_id].missing = missing
            self._state.scanned()

    def purge_songs(self, song_ids: Iterable[str]) -> None:
        """Forget songs for good, and their rows in lists."""
        with self._lock:
            gone = set(song_ids)
            for song_id in gone:
                del self._state.songs[song_id]
            for held in self._state.lists.values():
                held.rows = [row for row in held.rows if row not in gone]
            self._state.scanned()

    def scan(self) -> None:
        """A scan that finds nothing: `lastScan` moves, the count does not."""
        with self._lock:
            self._state.scanned()

    def set_scanning(self, scanning: bool) -> None:
        with self._lock:
            self._state.scanning = scanning

    def renumber_ids(self, version: str = "0.64.0 (fake)") -> dict[str, str]:
        """The upgrade that gave every song and list another id; old to new."""
        with self._lock:
            self.version = version
            return self._state.rename_ids()

    def way_back(self) -> Callable[[], None]:
        """What puts people, songs and lists back to how they are now, as often as it is called."""
        with self._lock:
            restore, version = self._state.way_back(), self.version

        def back() -> None:
            with self._lock:
                restore()
                self.version = version

        return back

    @property
    def song_ids(self) -> list[str]:
        """Ids of all songs whose files are there."""
        with self._lock:
            return [held.id for held in self._state.songs.values() if not held.missing]

    # ---- playlists

    def add_playlist(
        self,
        owner: str,
        name: str,
        song_ids: Iterable[str],
        *,
        comment: str = "",
        public: bool = False,
        smart: bool = False,
    ) -> str:
        """A list made by its owner with another client; its id. `smart` ones nobody can write to."""
        with self._lock:
            person = self._state.people[owner.casefold()]
            held = self._state.put(person, "", name, list(song_ids))
            held.comment, held.public, held.smart = comment, public, smart
            return held.id

    def delete_playlist(self, list_id: str) -> None:
        with self._lock:
            del self._state.lists[list_id]

    def edit_playlist(
        self,
        list_id: str,
        *,
        name: str | None = None,
        comment: str | None = None,
        song_ids: Iterable[str] | None = None,
    ) -> None:
        """Its owner changed it with another client. None leaves a part as it is."""
        with self._lock:
            held = self._state.lists[list_id]
            held.name = held.name if name is None else name
            held.comment = held.comment if comment is None else comment
            held.rows = held.rows if song_ids is None else list(song_ids)
            self._state.touch(held)

    def playlists(self, owner: str | None = None) -> list[PlaylistView]:
        """All lists, or those of one person, oldest first."""
        with self._lock:
            held = [one for one in self._state.lists.values() if owner is None or one.owner == owner]
            return [self._view(one) for one in sorted(held, key=lambda one: one.created)]

    def playlist(self, list_id: str) -> PlaylistView:
        with self._lock:
            return self._view(self._state.lists[list_id])

    def _view(self, held: HeldList) -> PlaylistView:
        return PlaylistView(
            id=held.id,
            name=held.name,
            owner=held.owner,
            comment=held.comment,
            public=held.public,
            smart=held.smart,
            song_ids=tuple(entry.id for entry in self._state.entries(held, None)),
            rows=tuple(held.rows),
            changed=held.changed,
        )

    # ---- bad days

    def fail_next(self, *faults: Fault) -> None:
        """The next requests meet these, one each and in this order; see `Fault.method`."""
        with self._lock:
            self._faults.extend(faults)

    def recover(self) -> None:
        """Forget the faults that did not happen yet."""
        with self._lock:
            self._faults.clear()

    def swallow_searches(self, count: int) -> None:
        """The next searches fail in the database, and are answered with an empty page."""
        with self._lock:
            self._api.swallow_searches = count

    # ---- one request

    def handle(self, *, verb: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply | None:
        """The reply to one request, None where the connection is to be cut. `headers` in lower case."""
        split = urlsplit(target)
        method = split.path.rpartition("/")[2].removesuffix(".view")
        with self._lock:
            self._record(verb, target, method, headers, body)
            fault = self._take_fault(method)
            if fault is not None and not fault.applied:
                return _faulty(fault, None)
            reply = self._answer(method, split.path, split.query, headers, body)
        return reply if fault is None else _faulty(fault, reply)

    def _record(self, verb: str, target: str, method: str, headers: Mapping[str, str], body: bytes) -> None:
        params = Params(_pairs(body) + _pairs(urlsplit(target).query.encode()))
        self.requests.append(
            RecordedRequest(
                method=method,
                verb=verb,
                target=target,
                params=tuple((name, value) for name, value in params.pairs if name not in _SECRET),
                username=params.one("u"),
                sign_in="plain" if params.one("p") else "token" if params.one("t") else "",
                user_agent=headers.get("user-agent", ""),
            )
        )

    def _take_fault(self, method: str) -> Fault | None:
        for position, fault in enumerate(self._faults):
            if fault.method in (None, method):
                return self._faults.pop(position)
        return None

    def _answer(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Reply:
        early = self._outside_the_api(method, path)
        if early is not None:
            return early
        params = Params([])
        try:
            params = Params(_parsed_form(query, headers, body))
            content = self._api.answer(method, params)
            answer: Content = {**self._envelope("ok"), **content}
        except RefusedError as refusal:
            answer = {**self._envelope("failed"), "error": {"code": refusal.code, "message": refusal.message}}
        return self._written(
            answer,
            as_json=params.one("f") == "json" and params.one("c") not in self.xml_for,
            packed="gzip" in headers.get("accept-encoding", ""),
        )

    def _outside_the_api(self, method: str, path: str) -> Reply | None:
        plain = (("Content-Type", "text/plain; charset=utf-8"),)
        if method in GONE:
            return Reply(status=410, headers=plain, body=b"This endpoint will not be implemented")
        if method in NOT_IMPLEMENTED:
            return Reply(
                status=501, headers=plain, body=b"This endpoint is not implemented, but may be in future releases"
            )
        if not path.startswith("/rest/") or not self._api.knows(method):
            return Reply(status=404, headers=plain, body=b"404 page not found\n")
        return None

    def _envelope(self, status: str) -> Content:
        return {
            "status": status,
            "version": "1.16.1",
            "type": "navidrome",
            "serverVersion": self.version,
            "openSubsonic": True,
        }

    def _written(self, answer: Content, *, as_json: bool, packed: bool) -> Reply:
        if as_json:
            kind, body = "application/json", json.dumps({"subsonic-response": answer}, ensure_ascii=False).encode()
        else:
            kind, body = "application/xml", _xml("subsonic-response", answer).encode()
        headers = [("Content-Type", kind)]
        if packed:
            headers.append(("Content-Encoding", "gzip"))
            body = gzip.compress(body, 1)
        return Reply(status=200, headers=tuple(headers), body=body)


def _pairs(form: bytes) -> Pairs:
    return parse_qsl(form.decode("utf-8", "replace"), keep_blank_values=True)


def _parsed_form(query: str, headers: Mapping[str, str], body: bytes) -> Pairs:
    """Body before query. Each may hold 10,000 pairs; together they are parsed again, and above that all is lost."""
    if len(body) > BODY_MAX_BYTES:
        raise RefusedError(0, "http: request body too large")
    forms = [query.encode()]
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        forms.insert(0, body)
    for form in forms:
        if form.count(b"&") + 1 > PARAMETERS_MAX:
            raise RefusedError(0, "number of URL query parameters exceeded limit")
        if b";" in form:
            raise RefusedError(0, "invalid semicolon separator in query")
    pairs = [pair for form in forms for pair in _pairs(form)]
    return pairs if len(pairs) <= PARAMETERS_MAX else []


def _faulty(fault: Fault, reply: Reply | None) -> Reply | None:
    if fault.drop:
        return None
    if fault.keep_bytes is not None and reply is not None:
        body = gzip.decompress(reply.body) if ("Content-Encoding", "gzip") in reply.headers else reply.body
        plain = tuple(header for header in reply.headers if header[0] != "Content-Encoding")
        return replace(reply, body=body[: fault.keep_bytes], headers=plain)
    return Reply(status=fault.status, headers=fault.headers, body=fault.body)


def _xml(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_xml(name, entry) for entry in value)
    if not isinstance(value, dict):
        return f"<{name}>{_xml_text(value)}</{name}>"
    namespace = ' xmlns="http://subsonic.org/restapi"' if name == "subsonic-response" else ""
    attributes = "".join(
        f" {key}={quoteattr(_xml_value(entry))}" for key, entry in value.items() if not isinstance(entry, (dict, list))
    )
    children = "".join(_xml(key, entry) for key, entry in value.items() if isinstance(entry, (dict, list)))
    return f"<{name}{namespace}{attributes}>{children}</{name}>"


def _xml_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _xml_text(value: object) -> str:
    return quoteattr(_xml_value(value), {'"': "&quot;"})[1:-1]
