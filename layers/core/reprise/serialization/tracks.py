"""Source tracks inside larger documents. What is unknown is left out."""

from __future__ import annotations

from reprise.domain.tracks import SourceTrack
from reprise.serialization.fields import Fields, written


def track_document(track: SourceTrack) -> dict[str, object]:
    return {
        "title": track.title,
        **written(
            {
                "artist": track.artist or None,
                "artists": list(track.artists),
                "album": track.album or None,
                "duration_ms": track.duration_ms,
                "isrc": track.isrc,
                "recording_mbid": track.recording_mbid,
                "uri": track.uri,
            }
        ),
    }


def track_of(fields: Fields) -> SourceTrack:
    return SourceTrack(
        title=fields.text("title"),
        artist=fields.text_or("artist"),
        artists=fields.texts("artists"),
        album=fields.text_or("album"),
        duration_ms=fields.integer_or_none("duration_ms"),
        isrc=fields.text_or_none("isrc"),
        recording_mbid=fields.text_or_none("recording_mbid"),
        uri=fields.text_or_none("uri"),
    )
