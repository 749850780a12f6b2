"""A process that dies, an answer that gets lost, a proxy that gives up: at every request of a write.

Whatever is done to it, the list is at every moment the old one or the new one, never half, empty or double; and one
undisturbed run later all is as if nothing had happened.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from reprise.domain.failures import SyncFailure
from reprise.domain.tracks import SourceTrack
from reprise.ports.targets import ListToWrite
from reprise_dev.contract.accounts import Account
from reprise_dev.contract.broken_transports import Broken, CrashError, Mischief, Watched

REQUESTS_MAX = 30
MISSING = (SourceTrack(title="Roads", artist="Portishead"),)
TOLD = " [Not in your library: Portishead – Roads]"


@dataclass(kw_only=True)
class Saved:
    """What the product's database holds: it survives the process."""

    remote_id: str | None = None
    everything_told: list[str] = field(default_factory=list)

    def keep(self, remote_id: str) -> None:
        self.everything_told.append(remote_id)
        self.remote_id = remote_id


def _write(
    account: Account,
    transport: Watched,
    name: str,
    marker: str,
    song_ids: list[str],
    saved: Saved,
    missing: tuple[SourceTrack, ...] = (),
) -> None:
    server = account.open(transport)
    try:
        wanted = ListToWrite(
            name=name, marker=marker, song_ids=tuple(song_ids), remote_id=saved.remote_id, missing=missing
        )
        server.write_playlist(wanted, on_identified=saved.keep)
    finally:
        server.close()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A list before and after: `before` None where there is none; `lost` where its saved id names nothing any more."""

    before: slice | None
    after: slice
    renamed: bool = False
    lost: bool = False
    missing: tuple[SourceTrack, ...] = ()
    fewest_requests: int


CASES = {
    "create": Case(before=None, after=slice(5, 15), fewest_requests=5),
    "replace": Case(before=slice(10), after=slice(5, 15), fewest_requests=3),
    "replace all": Case(before=slice(10), after=slice(10, 18), fewest_requests=4),
    "rename": Case(before=slice(10), after=slice(10), renamed=True, fewest_requests=2),
    "create, with some missing": Case(before=None, after=slice(5, 15), missing=MISSING, fewest_requests=5),
    "tell what is missing": Case(before=slice(10), after=slice(10), missing=MISSING, fewest_requests=2),
    "replace and tell": Case(before=slice(10), after=slice(5, 15), missing=MISSING, fewest_requests=4),
    "find again": Case(before=slice(10), after=slice(5, 15), renamed=True, lost=True, fewest_requests=5),
}


@pytest.mark.parametrize("mischief", list(Mischief))
@pytest.mark.parametrize("case", CASES)
def test_one_clean_run_after_any_interruption_puts_all_right(
    account: Account,
    songs: list[str],
    named: Callable[[str], str],
    marker: Callable[[], str],
    mischief: Mischief,
    case: str,
) -> None:
    wanted = CASES[case]
    new = songs[wanted.after]
    allowed = {tuple(new)} if wanted.before is None else {tuple(new), tuple(songs[wanted.before])}

    def never_half_empty_or_double() -> None:
        lists = account.our_lists()
        assert len(lists) <= 1
        assert {one.song_ids for one in lists} <= allowed

    disturbed = 0
    for at in range(1, REQUESTS_MAX):
        mark, saved, name = marker(), Saved(), named("mix")
        if wanted.before is not None:
            _write(account, Watched(), name, mark, songs[wanted.before], saved)
        if wanted.lost:
            saved.remote_id = None
        if wanted.renamed:
            name = named("another name")
        broken = Broken(mischief, at, after_write=never_half_empty_or_double)
        survived = _survived(account, broken, name, mark, new, saved, wanted.missing)
        never_half_empty_or_double()
        if not survived or not broken.done:
            clean = Watched(after_write=never_half_empty_or_double)
            _write(account, clean, name, mark, new, saved, wanted.missing)
        lists = account.our_lists()
        comment = mark + (TOLD if wanted.missing else "")
        assert [(one.name, one.comment, list(one.song_ids)) for one in lists] == [(name, comment, new)]
        assert saved.remote_id == lists[0].id
        account.sweep()
        if not broken.done:
            break
        disturbed += 1
    print(f"{disturbed} requests disturbed")  # `pytest -rP` shows it
    assert disturbed >= wanted.fewest_requests


def _survived(
    account: Account,
    broken: Broken,
    name: str,
    marker: str,
    song_ids: list[str],
    saved: Saved,
    missing: tuple[SourceTrack, ...],
) -> bool:
    """False where the run ended early, by a crash or by giving up."""
    try:
        _write(account, broken, name, marker, song_ids, saved, missing)
    except (CrashError, SyncFailure):
        return False
    return True


def test_whoever_reads_meanwhile_sees_the_old_list_or_the_new_one(
    account: Account, songs: list[str], named: Callable[[str], str], marker: Callable[[], str]
) -> None:
    contents = [songs[:20], songs[10:30], songs[5:8]]
    mark, saved = marker(), Saved()
    _write(account, Watched(), named("mix"), mark, contents[0], saved)
    done = threading.Event()
    seen: list[tuple[str, ...]] = []

    def read() -> None:
        while not done.is_set():
            seen.extend(one.song_ids for one in account.our_lists())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for turn in range(1, 13):
            _write(account, Watched(), named("mix"), mark, contents[turn % 3], saved)
    finally:
        done.set()
        reader.join()
    assert len(seen) > 3
    assert set(seen) <= {tuple(content) for content in contents}


def test_a_run_that_survives_a_lost_answer_ends_as_if_nothing_had_happened(
    account: Account, songs: list[str], named: Callable[[str], str], marker: Callable[[], str]
) -> None:
    """Most lost answers are made good within the run itself: that of the create too, by looking."""
    for at in range(1, REQUESTS_MAX):
        mark, saved = marker(), Saved()
        broken = Broken(Mischief.LOST_REPLY, at)
        _write(account, broken, named("mix"), mark, songs, saved)
        lists = account.our_lists()
        assert [(one.name, one.comment, list(one.song_ids)) for one in lists] == [(named("mix"), mark, songs)]
        account.sweep()
        if not broken.done:
            break
