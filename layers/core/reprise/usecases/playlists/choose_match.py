"""Say of a track elsewhere which song of the library it is, or which ones it is not (`S1x-04`)."""

from __future__ import annotations

import re

from reprise.domain.matches import Override
from reprise.domain.refusals import InvalidInput, NotFound
from reprise.domain.short_texts import check_text
from reprise.ports.playlists import OverrideStore
from reprise.usecases.playlists.ports import ChoicePorts
from reprise.usecases.playlists.search_library import stored_library

SONG_ID_MAX = 255
NEVER_MAX = 100
_TRACK_KEY = re.compile(r"(?:mbid|isrc|uri|uri-sha256|text):.{1,1000}", re.DOTALL)
_KEY_BYTES_MAX = 1024


def choose_match(user_id: str, wanted: Override, ports: ChoicePorts) -> Override:
    """Returns what is chosen now, instead of what was before. Every playlist with that track follows at its next sync.

    Raises `NotFound` for what is no track's key, and `InvalidInput` for a choice of nothing, one against itself, and a
    song that is not in the library as it was last read; before it was read, any song may be chosen.
    """
    if not could_be_key(wanted.track_key):
        raise NotFound("This is not the key of a track. Take it from a match report.")
    if wanted.chosen is None and not wanted.never:
        raise InvalidInput("library_id", "Choose a song, or name those that must never be taken.")
    if wanted.chosen in wanted.never:
        raise InvalidInput("never", "This names the song that is chosen.")
    for song in wanted.never:
        check_text("never", song, max_chars=SONG_ID_MAX)
    if wanted.chosen is not None:
        check_text("library_id", wanted.chosen, max_chars=SONG_ID_MAX)
        library = stored_library(user_id, ports)
        if library is not None and library.track(wanted.chosen) is None:
            raise InvalidInput("library_id", "There is no such song in your library.")
    ports.overrides.put(user_id, wanted)
    return wanted


def forget_match(user_id: str, track_key: str, overrides: OverrideStore) -> None:
    """Leave the track to the matcher again. Raises `NotFound` when nothing was chosen for it."""
    if not could_be_key(track_key) or not overrides.remove(user_id, track_key):
        raise NotFound("Nothing was chosen for such a track.")


def could_be_key(text: str) -> bool:
    """False for what is no track's key, such as an id of a song."""
    try:
        return _TRACK_KEY.fullmatch(text) is not None and len(text.encode()) <= _KEY_BYTES_MAX
    except UnicodeEncodeError:
        return False
