"""What the demo plays with: the songs of its library and the playlist files, as people export them."""

from __future__ import annotations

from collections.abc import Sequence

from reprise_dev.local.story import Sample
from reprise_dev.samples.music_library import LibrarySong
from reprise_dev.samples.playlists import demo_songs, sample_files


def demo_library() -> Sequence[LibrarySong]:
    return demo_songs()


def demo_samples() -> Sequence[Sample]:
    return [Sample(name=each.name, filename=each.filename, content=each.data) for each in sample_files()]
