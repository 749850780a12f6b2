"""CSV: finding the table in the text, and the tracks in the table. What columns mean is in `csv_columns`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from reprise.domain.tracks import parse_isrc
from reprise.ports.sources import InvalidUpload
from reprise.sources.files.cleaning import quoted
from reprise.sources.files.csv_columns import COLUMNS, SERVICE_IDS, STYLES, Style, plain
from reprise.sources.files.facts import duration, milliseconds, recording_mbid, song_uri
from reprise.sources.files.tracks import ParsedFile, RawTrack, TrackList, clean_name

_DELIMITERS: Final = (",", ";", "\t", "|")
# Rows that may stand before the header ("Shazam Library", "sep=;").
_PREAMBLE_MAX = 3
# Characters within which the header has to be found.
_HEAD_MAX = 64 * 1024
_COLUMNS_MAX = 300
_CELL_LINES_MAX = 6
_END = "reprise-end-of-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where the header is and which field is in which column. `header_line` is the row's last line, from 1."""

    delimiter: str
    header_line: int
    headers: tuple[str, ...]
    columns: dict[str, int]
    style: Style

    @property
    def convincing(self) -> bool:
        """True when more than a title was recognised: no list of file names looks like that by chance."""
        return len(self.columns) > 1

    def where(self, line: int, field: str) -> str:
        """ "line 7, column "Track Name"", or the line alone for what is no column of this table."""
        position = self.columns.get("artist" if field == "artists" else field)
        return f"line {line}" if position is None else f"line {line}, column {quoted(self.headers[position])}"


def find_table(text: str) -> Table | None:
    """The reading (of all delimiters, and of the first few rows as header) that recognises most columns, with a title
    among them. None where no reading does."""
    tables = [table for delimiter in _DELIMITERS for table in _candidates(text, delimiter)]
    return max(tables, key=lambda table: len(table.columns), default=None)


def parse(text: str, table: Table) -> ParsedFile:
    """Raises `InvalidUpload` naming line and column."""
    found = TrackList()
    names: dict[str, None] = {}
    for line, cells in _rows(text, table.delimiter):
        if line <= table.header_line:
            continue
        _refuse_shifted(cells, table, line)
        row = _Row(cells=cells, table=table)
        if row.is_blank or row.text("kind").casefold() in table.style.not_songs:
            continue
        names[clean_name(row.text("playlist"), table.where(line, "playlist"))] = None
        found.add(row.track(), partial(table.where, line))
    return ParsedFile(name=_only_name(names, table), tracks=tuple(found.tracks), label=table.style.label)


def not_a_table(text: str) -> InvalidUpload:
    """The error for text in which no table was found: says what was found where the header should be."""
    first = next((cells for _, cells in _first_rows(text, _likely_delimiter(text)) if any(cells)), [])
    shown = ", ".join(quoted(cell) for cell in first[:6] if cell.strip())
    return InvalidUpload(
        f"No column holds the title; found {shown or 'none'}, expected one like "
        '"Track Name" or "Title" (and the file is not JSPF, XSPF or M3U).',
        "line 1",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    cells: Sequence[str]
    table: Table

    def text(self, field: str) -> str:
        """The cell of that field, "" where there is none."""
        position = self.table.columns.get(field)
        return self.cells[position].strip() if position is not None and position < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        """True when nothing in it names a song: exports keep such rows for songs that have left their service."""
        return not any(self.text(field) for field in ("title", "artist", "album", "isrc", "recording_mbid"))

    def track(self) -> RawTrack:
        credit = self.text("artist")
        people = self.table.style.people(credit)
        return RawTrack(
            title=self.text("title"),
            artist=", ".join(people) or credit,
            artists=people,
            album=self.text("album"),
            duration_ms=milliseconds(self.text("duration_ms")) or duration(self.text("duration")),
            isrc=parse_isrc(self.text("isrc")[:100]),
            recording_mbid=recording_mbid(self.text("recording_mbid")),
            uri=song_uri(self.text("uri")) or self._service_uri(),
        )

    def _service_uri(self) -> str | None:
        for header, service in SERVICE_IDS.items():
            if found := self.text(header):
                return song_uri(found) or song_uri(f"{service}:track:{found}")
        return None


def _candidates(text: str, delimiter: str) -> Iterator[Table]:
    """Each of the first rows taken for the header, where it holds a title's column."""
    for line, cells in _first_rows(text, delimiter):
        columns = _columns_of(cells)
        if "title" in columns:
            present = frozenset(map(plain, cells))
            style = next(style for style in STYLES if style.fits(present))
            yield Table(delimiter=delimiter, header_line=line, headers=tuple(cells), columns=columns, style=style)


def _columns_of(cells: Sequence[str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, cell in enumerate(cells[:_COLUMNS_MAX]):
        positions.setdefault(plain(cell), position)
    columns = {}
    for field, names in COLUMNS.items():
        if (name := next((name for name in names if name in positions), None)) is not None:
            columns[field] = positions[name]
    return columns | {name: positions[name] for name in SERVICE_IDS if name in positions}


def _first_rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows that are not empty, and the line each ends on. The text looked at is shorter than the longest
    cell that `csv` takes, so this does not fail."""
    reader = csv.reader(io.StringIO(text[:_HEAD_MAX], newline=""), delimiter=delimiter)
    return [(reader.line_num, cells) for cells in islice(filter(None, reader), _PREAMBLE_MAX)]


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, and the line it begins on. Raises `InvalidUpload` for a quote that is never closed.

    A line of our own at the end tells whether one is: an open quote would swallow it.
    """
    reader = csv.reader(io.StringIO(f"{text}\n{_END}\n", newline=""), delimiter=delimiter)
    line = begun = 1
    cells: list[str] = []
    try:
        for cells in reader:
            begun = line
            if any(cell.count("\n") > _CELL_LINES_MAX for cell in cells):
                raise InvalidUpload("A cell is opened with a quote here and not closed.", f"line {line}")
            if any(cells) and cells != [_END]:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise InvalidUpload("A cell is too long, or opened with a quote and not closed.", f"line {line}") from None
    if cells != [_END]:
        raise InvalidUpload("A cell is opened with a quote and not closed.", f"line {begun}")


def _refuse_shifted(cells: Sequence[str], table: Table, line: int) -> None:
    if any(cell.strip() for cell in cells[len(table.headers) :]):
        raise InvalidUpload(
            f"The row has more cells than the header has columns ({len(table.headers)}); "
            "a cell that holds the separator must be in quotes.",
            f"line {line}",
        )


def _only_name(names: dict[str, None], table: Table) -> str:
    """The playlist's name. Several are refused: merged they would be nobody's playlist, and one alone would lose the
    others unseen."""
    if len(names) <= 1:
        return next(iter(names), "")
    shown = ", ".join(quoted(name) for name in list(names)[:3]) + (", …" if len(names) > 3 else "")
    raise InvalidUpload(
        f"The file holds {len(names)} playlists ({shown}); export them one at a time, or keep the rows of one.",
        f"column {quoted(table.headers[table.columns['playlist']])}",
    )


def _likely_delimiter(text: str) -> str:
    head = text[:2000]
    return max(_DELIMITERS, key=head.count)
