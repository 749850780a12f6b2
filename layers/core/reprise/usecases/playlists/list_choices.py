"""A person's matches chosen by hand, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.matches import Override
from reprise.ports.events import BadCursor
from reprise.ports.playlists import OverrideStore
from reprise.usecases.playlists.choose_match import could_be_key

# Lambda answers with 6 MB at most, and a byte of a song's id becomes up to four: JSON escapes it, and Lambda once more.
PAGE_BYTES = 1_000_000
_ROW_BYTES, _ID_BYTES = 100, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePage:
    """`cursor` is the key of the last choice shown, None at the end."""

    choices: tuple[Override, ...]
    cursor: str | None


def list_choices(user_id: str, overrides: OverrideStore, *, limit: int, cursor: str | None) -> ChoicePage:
    """Returns choices in the order of their keys, after the one that `cursor` names: at most `limit`, and no more than
    one answer may hold, but for a first one. Raises `BadCursor`.
    """
    if cursor is not None and not could_be_key(cursor):
        raise BadCursor("the cursor is not one of ours")
    page: list[Override] = []
    left = PAGE_BYTES
    for each in overrides.after(user_id, cursor):
        left -= _bytes_of(each)
        if len(page) == limit or (page and left < 0):
            return ChoicePage(choices=tuple(page), cursor=page[-1].track_key)
        page.append(each)
    return ChoicePage(choices=tuple(page), cursor=None)


def _bytes_of(choice: Override) -> int:
    songs = (*choice.never, choice.chosen or "")
    return _ROW_BYTES + len(choice.track_key.encode()) + sum(len(song.encode()) + _ID_BYTES for song in songs)
