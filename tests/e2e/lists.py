"""Playlist files of which it is known what has to come: songs that the library has once, and one that it has not."""

from __future__ import annotations

from reprise.domain.tracks import SourceTrack
from reprise_dev.samples import playlist_files

SONGS = (
    ("Sweet Lady", "Queen"),
    ("One More Time", "Daft Punk"),
    ("Paranoid Android", "Radiohead"),
    ("Inertia Creeps", "Massive Attack"),
    ("Sour Times", "Portishead"),
    ("Die Roboter", "Kraftwerk"),
    ("My Funny Valentine", "Chet Baker"),
    ("Be My Husband", "Nina Simone"),
    ("Hounds of Love", "Kate Bush"),
    ("No One Knows", "Queens of the Stone Age"),
)
MISSING = ("A Song Nobody Has", "Nobody In Particular")


def a_file(*songs: tuple[str, str], name: str = "Evening") -> bytes:
    """As ListenBrainz would write it."""
    return playlist_files.jspf(name, [SourceTrack(title=title, artist=artist) for title, artist in songs])


def titles(*songs: tuple[str, str]) -> list[str]:
    return [title for title, _ in songs]
