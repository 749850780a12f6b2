"""JSPF, the JSON form of XSPF, with what ListenBrainz adds to it.

ListenBrainz names a recording in `identifier` (a list, where the specification's examples also have a string) and the
people one by one in its extension; a track whose recording has lost its metadata comes with the identifier alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from reprise.ports.sources import InvalidUpload
from reprise.sources.files.facts import identify, milliseconds
from reprise.sources.files.json_text import objects_in, text_in, texts_in
from reprise.sources.files.paths import describe
from reprise.sources.files.tracks import ParsedFile, RawTrack, TrackList, Where, clean_name

LABEL: Final = "JSPF"
_TRACK_EXTENSION = "https://musicbrainz.org/doc/jspf#track"
# Where JSPF's word for a field is not ours.
_FIELDS = {"artist": "creator"}


def is_jspf(document: Mapping[str, object]) -> bool:
    """True for a document with a playlist in it."""
    return "playlist" in document


def parse(document: Mapping[str, object]) -> ParsedFile:
    """Raises `InvalidUpload` naming the field, as "track[2].title"."""
    playlist = document["playlist"]
    if not isinstance(playlist, dict):
        raise InvalidUpload("The playlist is not an object.", "playlist")
    found = TrackList()
    for position, item in enumerate(objects_in(playlist.get("track"), "track")):
        where = partial(_place, position)
        found.add(_track(item, where), where)
    return ParsedFile(
        name=clean_name(text_in(playlist.get("title"), "playlist.title"), "playlist.title"),
        tracks=tuple(found.tracks),
        label=LABEL,
    )


def _place(position: int, field: str) -> str:
    return f"track[{position}].{_FIELDS.get(field, field)}" if field else f"track[{position}]"


def _track(item: Mapping[str, object], where: Where) -> RawTrack:
    def text(name: str) -> str:
        return text_in(item.get(name), where(name))

    locations = texts_in(item.get("location"))
    identity = identify((*texts_in(item.get("identifier")), *locations))
    people = _people(item)
    title = text("title")
    from_path = describe(locations[0]) if locations and not title.strip() else None
    return RawTrack(
        title=title or (from_path.title if from_path else ""),
        artist=text("creator")
        or "".join(name + joint for name, joint in people)
        or (from_path.artist if from_path else ""),
        artists=tuple(name for name, _ in people),
        album=text("album"),
        duration_ms=milliseconds(item.get("duration")),
        isrc=identity.isrc,
        recording_mbid=identity.recording_mbid,
        uri=identity.uri,
    )


def _people(item: Mapping[str, object]) -> list[tuple[str, str]]:
    """Each artist's name as credited, and what stands between it and the next."""
    artists = _inside(_inside(_inside(item, "extension"), _TRACK_EXTENSION), "additional_metadata").get("artists")
    people = []
    for artist in artists if isinstance(artists, list) else []:
        name, joint = (_value(artist, "artist_credit_name"), _value(artist, "join_phrase"))
        if isinstance(name, str) and name.strip():
            people.append((name, joint if isinstance(joint, str) else ""))
    return people


def _inside(owner: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The object under `key`; of a list of objects, which the specification allows in extensions, the first."""
    value = owner.get(key)
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else {}


def _value(owner: object, key: str) -> object:
    return owner.get(key) if isinstance(owner, dict) else None
