"""Makes a playlist on the server equal to a list of songs, so that a crash at any point leaves nothing to clean up.

    saved id ─ readable ───────────────────────────────┐
       └ gone ─▶ ours by marker ─ found ─▶ tell the id ─┤
                      └ none                           ├─▶ equal? ─ yes ─────────────────┐
                          │                            └─▶ no ─▶ replace all ─▶ read back ┤
                          └─▶ create "Name [marker]" with all songs ─▶ tell the id ─▶ read back
                                                                                          │
                                   name and comment right? ─ no ─▶ set them once ◀────────┘

One request replaces all songs; nothing is ever removed one by one, emptied or deleted. A list being made bears
the marker in its name until the marker stands in its comment, so the next run finds it wherever this one stops.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reprise.domain.failures import FailureKind, Scope
from reprise.ports.targets import RemotePlaylist, WriteResult, WriteStatus
from reprise.targets.subsonic.errors import SubsonicFailure
from reprise.targets.subsonic.order import WriteOrder
from reprise.targets.subsonic.playlists import PlaylistCalls, complains_of_form
from reprise.targets.subsonic.shapes import HeldPlaylist, same_text

log = logging.getLogger(__name__)

_READ_BACKS = 3
_PROBES = 3
# Ids that count upwards start again when the server is set up anew, and then name somebody else's list.
_REUSABLE_ID = re.compile(r"([a-z]{1,3}-)?\d{1,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Which of the wanted songs the list holds, and which of them the server did not keep."""

    song_ids: tuple[str, ...]
    dropped: tuple[str, ...] = ()


class PlaylistWriter:
    """Carries out one order. `every_song_id` reads the ids of the whole library, for when songs are refused."""

    def __init__(self, calls: PlaylistCalls, order: WriteOrder, every_song_id: Callable[[], frozenset[str]]) -> None:
        self._calls = calls
        self._order = order
        self._every_song_id = every_song_id
        self._listed_before: frozenset[str] = frozenset()

    def write(self) -> WriteResult:
        """Raises `SubsonicFailure`."""
        held = self._find()
        return self._create() if held is None else self._update(held)

    def _find(self) -> HeldPlaylist | None:
        """The list to write to; None when there is none yet."""
        order = self._order
        if order.remote_id is not None:
            try:
                held = self._calls.read(order.remote_id)
            except SubsonicFailure as failure:
                if failure.kind is not FailureKind.NOT_FOUND:
                    raise
            else:
                if not self._reused(held.remote):
                    return held
        return self._adopt_listed()

    def _reused(self, remote: RemotePlaylist) -> bool:
        """True where the saved id has come to name another list: never write over that one."""
        if _REUSABLE_ID.fullmatch(remote.remote_id) is None or self._order.ours(remote):
            return False
        return not same_text(remote.name, self._order.name)

    def _adopt_listed(self) -> HeldPlaylist | None:
        """Our own list, known by its marker and never by its plain name, which a person may have used before us."""
        order = self._order
        listed = [(entry.created, entry.remote) for entry in self._calls.listed()]
        self._listed_before = frozenset(remote.remote_id for _, remote in listed)
        writable = [(created, remote) for created, remote in listed if remote.writable]
        found = [entry for entry in writable if order.marks(entry[1].comment)]
        found = found or [entry for entry in writable if order.names_as_made(entry[1].name)]
        if not found:
            return None
        remote_id = _oldest(found)
        if remote_id != order.remote_id:
            order.on_identified(remote_id)
        return self._read_existing(remote_id)

    def _read_existing(self, remote_id: str) -> HeldPlaylist:
        """A list that was there a moment ago. Gone now means that somebody else is at work, not that it is lost."""
        try:
            return self._calls.read(remote_id)
        except SubsonicFailure as failure:
            if failure.kind is not FailureKind.NOT_FOUND:
                raise
        raise SubsonicFailure(
            FailureKind.SERVER_ERROR, "The playlist vanished while it was being written.", scope=Scope.PLAYLIST
        )

    def _update(self, held: HeldPlaylist) -> WriteResult:
        remote = held.remote
        if not remote.writable:
            raise SubsonicFailure(
                FailureKind.FORBIDDEN,
                "The playlist belongs to somebody else, or the server itself fills it.",
                scope=Scope.PLAYLIST,
            )
        kept, written = self._replace(held)
        described = self._finish(remote)
        status = WriteStatus.DESCRIBED if described else WriteStatus.UNCHANGED
        return WriteResult(
            remote_id=remote.remote_id, status=WriteStatus.UPDATED if written else status, dropped=kept.dropped
        )

    def _replace(self, held: HeldPlaylist) -> tuple[_Kept, bool]:
        """What is kept of the order, and whether anything was written: nothing is where the list is right already."""
        remote_id = held.remote.remote_id
        wanted = _Kept(song_ids=self._order.song_ids)
        if not set(held.song_ids) & set(wanted.song_ids):
            wanted = self._known()
        while wanted.song_ids and wanted.song_ids != held.song_ids:
            try:
                self._calls.replace(remote_id, wanted.song_ids)
            except SubsonicFailure as failure:
                wanted = self._after_refusal(failure, wanted)
            else:
                return self._read_back(remote_id, wanted), True
        return wanted, False

    def _create(self) -> WriteResult:
        wanted = self._known()
        while wanted.song_ids:
            try:
                remote_id = self._make(wanted.song_ids)
            except SubsonicFailure as failure:
                wanted = self._after_refusal(failure, wanted)
                half_made = self._adopt_listed()  # some servers make the list before they look at the songs
                if half_made is not None:
                    return self._update(half_made)
                continue
            self._order.on_identified(remote_id)
            kept = self._read_back(remote_id, wanted)
            self._calls.describe(remote_id, name=self._order.name, comment=self._order.comment)
            return WriteResult(remote_id=remote_id, status=WriteStatus.CREATED, dropped=kept.dropped)
        raise SubsonicFailure(
            FailureKind.INTERRUPTED,
            "The music server knows none of these songs any longer: its library has changed.",
            scope=Scope.PLAYLIST,
        )

    def _make(self, song_ids: tuple[str, ...]) -> str:
        """Create the list and find out its id, also where the answer got lost or never tells."""
        lost: SubsonicFailure | None = None
        try:
            remote_id = self._calls.create(self._order.name_while_made, song_ids)
        except SubsonicFailure as failure:
            if not failure.retry_now:
                raise
            lost, remote_id = failure, ""
        if remote_id:
            return remote_id
        made = [
            (entry.created, entry.remote)
            for entry in self._calls.listed()
            if entry.remote.remote_id not in self._listed_before and self._order.names_as_made(entry.remote.name)
        ]
        if made:
            return _oldest(made)
        raise lost or SubsonicFailure(
            FailureKind.SERVER_ERROR, "The server made a playlist and does not show it.", scope=Scope.PLAYLIST
        )

    def _known(self) -> _Kept:
        """The wanted songs, looked at before a list could end up empty: Navidrome takes unknown ids without a word,
        and shows none of them. One known song is enough, and nearly always the first one asked about is.
        """
        song_ids = self._order.song_ids
        probes = dict.fromkeys(song_ids[len(song_ids) * part // _PROBES] for part in range(_PROBES))
        if any(self._calls.knows_song(song_id) for song_id in probes):
            return _Kept(song_ids=song_ids)
        return self._without_unknown(_Kept(song_ids=song_ids))

    def _without_unknown(self, wanted: _Kept) -> _Kept:
        log.warning("music server refuses songs of the library index: reading which ones it has")
        every = self._every_song_id()
        return _Kept(
            song_ids=tuple(song_id for song_id in wanted.song_ids if song_id in every),
            dropped=(*wanted.dropped, *(song_id for song_id in wanted.song_ids if song_id not in every)),
        )

    def _after_refusal(self, failure: SubsonicFailure, wanted: _Kept) -> _Kept:
        """What is left to write after "not found": Supysonic and gonic refuse a whole list for one unknown song."""
        if failure.kind is not FailureKind.NOT_FOUND and not complains_of_form(failure):
            raise failure
        left = self._without_unknown(wanted)
        if left.song_ids == wanted.song_ids:
            raise SubsonicFailure(
                FailureKind.SERVER_ERROR,
                "The server refuses the playlist's songs, though it lists them all.",
                status=failure.status,
                code=failure.code,
                scope=Scope.PLAYLIST,
            )
        return left

    def _read_back(self, remote_id: str, wanted: _Kept) -> _Kept:
        """What the list holds now: the only proof of a write. What is neither all nor a part of it is put right."""
        for attempt in range(_READ_BACKS):
            if attempt:
                log.warning("playlist reads back otherwise than written: writing it again", extra={"attempt": attempt})
                self._calls.replace(remote_id, wanted.song_ids)
            now = self._read_existing(remote_id).song_ids
            missing = left_out(wanted.song_ids, now)
            if now and missing is not None:
                return _Kept(song_ids=now, dropped=(*wanted.dropped, *missing))
        raise SubsonicFailure(
            FailureKind.SERVER_ERROR, "The playlist does not hold what was written to it.", scope=Scope.PLAYLIST
        )

    def _finish(self, remote: RemotePlaylist) -> bool:
        """Give a list that was there its name and comment; True where that took a request.

        A list that bears no marker keeps both: its owner, or a server that keeps no comments, took it away.
        """
        order = self._order
        made = order.names_as_made(remote.name)
        comment = order.comment if made else order.comment_instead(remote.comment)
        renamed = order.marks(remote.comment) and not same_text(remote.name, order.name)
        if comment is None and not renamed:
            return False
        self._calls.describe(remote.remote_id, name=order.name, comment=comment)
        return True


def left_out(wanted: Sequence[str], now: Sequence[str]) -> tuple[str, ...] | None:
    """What `now` lacks of `wanted`, () when they are equal; None when `now` is not `wanted` with some left out."""
    missing: list[str] = []
    position = 0
    for song_id in wanted:
        if position < len(now) and now[position] == song_id:
            position += 1
        else:
            missing.append(song_id)
    return tuple(missing) if position == len(now) else None


def _oldest(entries: list[tuple[str, RemotePlaylist]]) -> str:
    return min(entries, key=lambda entry: (entry[0], entry[1].remote_id))[1].remote_id
