"""Writes playlists the way other programs export them: for sample playlists, and for tests that read them back.

Every writer takes a name and tracks and returns the bytes of a file. What a format has no place for is lost, as it is
in the real exports.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from reprise.domain.tracks import SourceTrack

_LISTENBRAINZ_TRACK = "https://musicbrainz.org/doc/jspf#track"
_RECORDING = "https://musicbrainz.org/recording/"


def own_json(name: str, tracks: Sequence[SourceTrack]) -> bytes:
    """Reprise's own format: loses nothing."""
    fields = ("title", "artist", "artists", "album", "duration_ms", "isrc", "recording_mbid", "uri")
    rows = [{field: value for field in fields if (value := getattr(track, field))} for track in tracks]
    document = {"format": "reprise-playlist", "version": 1, "name": name, "tracks": rows}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def jspf(name: str, tracks: Sequence[SourceTrack]) -> bytes:
    """As ListenBrainz writes it, with the ISRC as one more identifier and the address as location."""
    document = {"playlist": {"title": name, "creator": "reprise", "track": [_jspf_track(track) for track in tracks]}}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def xspf(name: str, tracks: Sequence[SourceTrack]) -> bytes:
    """Plain XSPF, MBID and ISRC as identifiers."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<playlist version="1" xmlns="http://xspf.org/ns/0/">']
    lines += [f"  <title>{escape(name)}</title>", "  <trackList>"]
    for track in tracks:
        facts = [("identifier", text) for text in _identifiers(track)]
        facts += [("location", track.uri or ""), ("title", track.title), ("creator", track.artist)]
        facts += [("album", track.album), ("duration", str(track.duration_ms or ""))]
        body = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in facts if text)
        lines.append(f"    <track>{body}</track>")
    return "\n".join([*lines, "  </trackList>", "</playlist>", ""]).encode()


def m3u(name: str, tracks: Sequence[SourceTrack], *, encoding: str = "utf-8", line_end: str = "\n") -> bytes:
    """Extended M3U with invented paths. `encoding` "latin-1" plays an old player."""
    lines = ["#EXTM3U", f"#PLAYLIST:{name}"]
    for number, track in enumerate(tracks, start=1):
        length = round(track.duration_ms / 1000) if track.duration_ms else -1
        credit = f"{track.artist} - {track.title}" if track.artist else track.title
        lines += [f"#EXTINF:{length},{credit}", f"/music/{number:04}.mp3"]
    return (line_end.join(lines) + line_end).encode(encoding)


def exportify(tracks: Iterable[SourceTrack]) -> bytes:
    """Exportify of 2016 and later: every cell in quotes, names joined by ", ", commas in names escaped."""
    header = ["Track URI", "Track Name", "Artist URI(s)", "Artist Name(s)", "Album URI", "Album Name"]
    header += ["Album Artist URI(s)", "Album Artist Name(s)", "Album Release Date", "Album Image URL", "Disc Number"]
    header += ["Track Number", "Track Duration (ms)", "Track Preview URL", "Explicit", "Popularity", "ISRC"]
    header += ["Added By", "Added At"]
    rows = []
    for track in tracks:
        names = track.artists or ((track.artist,) if track.artist else ())
        escaped = ", ".join(name.replace(",", "\\,") for name in names)
        uris = ", ".join("spotify:artist:demo" for _ in names)
        row = [track.uri or "", track.title, uris, escaped, "spotify:album:demo", track.album]
        row += ["spotify:artist:demo", escaped.partition(", ")[0], "2001-01-01", "", "1", "1"]
        row += [str(track.duration_ms or 0), "", "false", "50", track.isrc or "", "", "2024-02-03T04:05:06Z"]
        rows.append(row)
    return _table(header, rows, quoting=csv.QUOTE_ALL)


def exportify_net(tracks: Iterable[SourceTrack]) -> bytes:
    """The other Exportify (exportify.net): byte order mark, names joined by ";", no ISRC."""
    header = ["Track URI", "Track Name", "Album Name", "Artist Name(s)", "Release Date", "Duration (ms)", "Popularity"]
    header += ["Explicit", "Added By", "Added At", "Genres", "Record Label", "Tempo", "Time Signature"]
    rows = []
    for track in tracks:
        names = ";".join(track.artists or (track.artist,))
        row = [track.uri or "", track.title, track.album, names, "2001-01-01", str(track.duration_ms or 0), "50"]
        rows.append([*row, "false", "", "2024-02-03T04:05:06Z", "", "", "120.0", "4"])
    return b"\xef\xbb\xbf" + _table(header, rows, quoting=csv.QUOTE_MINIMAL)


def tunemymusic(name: str, tracks: Iterable[SourceTrack], *, kind: str = "Playlist", service: str = "Spotify") -> bytes:
    """TuneMyMusic: byte order mark, the playlist's name in every row, the service's id last."""
    header = ["Track name", "Artist name", "Album", "Playlist name", "Type", "ISRC", f"{service} - id"]
    rows = [
        [track.title, track.artist, track.album, name, kind, track.isrc or "", (track.uri or "").rpartition(":")[2]]
        for track in tracks
    ]
    return b"\xef\xbb\xbf" + _table(header, rows, quoting=csv.QUOTE_ALL, bare_header=True)


def soundiiz(tracks: Iterable[SourceTrack], *, delimiter: str = ";") -> bytes:
    """Soundiiz: byte order mark, semicolons, durations as "225s"."""
    header = ["title", "artist", "album", "isrc", "addedDate", "addedBy", "duration", "url"]
    rows = [
        [track.title, track.artist, track.album, track.isrc or "", "2024-02-03T04:05:06Z", "", _length(track), ""]
        for track in tracks
    ]
    return b"\xef\xbb\xbf" + _table(header, rows, quoting=csv.QUOTE_MINIMAL, delimiter=delimiter)


def _length(track: SourceTrack) -> str:
    return f"{round(track.duration_ms / 1000)}s" if track.duration_ms else ""


def _identifiers(track: SourceTrack) -> list[str]:
    mbid = [f"{_RECORDING}{track.recording_mbid}"] if track.recording_mbid else []
    return mbid + ([f"isrc:{track.isrc}"] if track.isrc else [])


def _jspf_track(track: SourceTrack) -> dict[str, object]:
    facts: dict[str, object] = {
        "identifier": _identifiers(track),
        "location": [track.uri] if track.uri else [],
        "title": track.title,
        "creator": track.artist,
        "album": track.album,
        "duration": track.duration_ms,
    }
    if track.artists:
        people = [{"artist_credit_name": name, "join_phrase": ", "} for name in track.artists]
        facts["extension"] = {_LISTENBRAINZ_TRACK: {"additional_metadata": {"artists": people}}}
    return {field: value for field, value in facts.items() if value}


def _table(
    header: list[str], rows: Iterable[list[str]], *, quoting: int, delimiter: str = ",", bare_header: bool = False
) -> bytes:
    buffer = io.StringIO(newline="")
    if bare_header:
        buffer.write(delimiter.join(header) + "\n")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerows(rows if bare_header else [header, *rows])
    return buffer.getvalue().encode()
