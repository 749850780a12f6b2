"""XSPF, read as a stream: no document type, no entities, and nothing kept but what a track is known by."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from reprise.ports.sources import InvalidUpload
from reprise.sources.files.cleaning import quoted
from reprise.sources.files.facts import identify, milliseconds
from reprise.sources.files.paths import describe
from reprise.sources.files.tracks import ParsedFile, RawTrack, TrackList, clean_name

LABEL: Final = "XSPF"
_DEPTH_MAX = 40
_VALUE_MAX = 8_000

_TRACK = ("playlist", "tracklist", "track")
_NAME = ("playlist", "title")
_KEPT = frozenset({"title", "creator", "album", "duration", "identifier", "location"})
_FIELDS = {"artist": "creator"}


def parse(data: bytes) -> ParsedFile:
    """Takes bytes, since XML says itself how it is encoded. Raises `InvalidUpload` naming the line or the field."""
    target = _Target()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        parser.feed(data.lstrip(b" \t\r\n"))
        parser.close()
    except DefusedXmlException:
        raise InvalidUpload("The file declares a document type or entities, which are refused.") from None
    except ParseError as error:
        raise InvalidUpload("The XML is broken here.", f"line {error.position[0]}") from None
    except (ValueError, LookupError):
        raise InvalidUpload("The XML is in an encoding that is not read; save it as UTF-8.", "line 1") from None
    return ParsedFile(name=target.name, tracks=tuple(target.found.tracks), label=LABEL)


class _Target:
    """What the parser tells its findings to. Names are taken without namespace and case: writers differ in both."""

    def __init__(self) -> None:
        self.name = ""
        self.found = TrackList()
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._values: defaultdict[str, list[str]] = defaultdict(list)

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2].lower()
        if not self._path and name != "playlist":
            raise InvalidUpload(f"The XML is not XSPF: its root is {quoted(name)}, not playlist.")
        if len(self._path) >= _DEPTH_MAX:
            raise InvalidUpload("The XML is nested too deeply.")
        self._path.append(name)
        self._text, self._length = [], 0

    def data(self, text: str) -> None:
        if not self._wanted():
            return
        self._length += len(text)
        if self._length > _VALUE_MAX:
            raise InvalidUpload(f"The value is longer than {_VALUE_MAX:,} characters.", self._place(self._path[-1]))
        self._text.append(text)

    def end(self, _tag: str) -> None:
        path = tuple(self._path)
        if path == _NAME:
            self.name = clean_name("".join(self._text), "playlist.title")
        elif path == _TRACK:
            self._end_track()
        elif self._wanted():
            self._values[path[-1]].append("".join(self._text))
        self._path.pop()
        self._text = []

    def close(self) -> None:
        """Nothing is left to do when the document ends."""

    def _wanted(self) -> bool:
        path = tuple(self._path)
        return path == _NAME or (path[:-1] == _TRACK and path[-1] in _KEPT)

    def _end_track(self) -> None:
        values, self._values = self._values, defaultdict(list)

        def first(name: str) -> str:
            return values[name][0] if values[name] else ""

        identity = identify((*values["identifier"], *values["location"]))
        title = first("title")
        from_path = describe(first("location")) if first("location") and not title.strip() else None
        raw = RawTrack(
            title=title or (from_path.title if from_path else ""),
            artist=first("creator") or (from_path.artist if from_path else ""),
            album=first("album"),
            duration_ms=milliseconds(first("duration")),
            isrc=identity.isrc,
            recording_mbid=identity.recording_mbid,
            uri=identity.uri,
        )
        self.found.add(raw, self._place)

    def _place(self, name: str) -> str:
        track = f"track[{len(self.found.tracks)}]"
        if len(self._path) < len(_TRACK):
            return ".".join(self._path)
        return f"{track}.{_FIELDS.get(name, name)}" if name else track
