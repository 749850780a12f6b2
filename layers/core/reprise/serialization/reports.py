"""Match reports as stored documents."""

from __future__ import annotations

from reprise.domain.matches import Candidate, Match, MatchReport, Method
from reprise.serialization.fields import Fields, WireError, dump, load, moment_text, written
from reprise.serialization.tracks import track_document, track_of

_KIND, _VERSION = "match-report", 1


def encode_report(report: MatchReport) -> str:
    return dump(
        _KIND,
        _VERSION,
        {
            "playlist_id": report.playlist_id,
            "report_id": report.report_id,
            "created_at": moment_text(report.created_at),
            "library_version": report.library_version,
            "policy_version": report.policy_version,
            "matches": [_match_document(match) for match in report.matches],
            **written({"threshold": report.threshold}),
        },
    )


def decode_report(text: str | bytes) -> MatchReport:
    """Raises `WireError`."""
    fields = load(text, _KIND, _VERSION)
    return MatchReport(
        playlist_id=fields.text("playlist_id"),
        report_id=fields.text("report_id"),
        created_at=fields.moment("created_at"),
        library_version=fields.text("library_version"),
        policy_version=fields.text("policy_version"),
        matches=tuple(_match(child) for child in fields.children("matches")),
        threshold=fields.number_or_none("threshold"),
    )


def _match_document(match: Match) -> dict[str, object]:
    return {
        "source": track_document(match.source),
        "method": match.method.value,
        "confidence": match.confidence,
        "reason": match.reason,
        **written(
            {
                "library_id": match.library_id,
                "candidates": [_candidate_document(candidate) for candidate in match.candidates],
            }
        ),
    }


def _match(fields: Fields) -> Match:
    match = Match(
        source=track_of(fields.child("source")),
        method=fields.member("method", Method),
        library_id=fields.text_or_none("library_id"),
        confidence=fields.number("confidence"),
        reason=fields.text("reason"),
        candidates=tuple(_candidate(child) for child in fields.children("candidates")),
    )
    if (match.library_id is None) is not (match.method is Method.NONE):
        raise WireError(f"{_KIND}: a match has a method without a song, or a song without a method")
    return match


def _candidate_document(candidate: Candidate) -> dict[str, object]:
    return {
        "library_id": candidate.library_id,
        "title": candidate.title,
        "artist": candidate.artist,
        "album": candidate.album,
        "confidence": candidate.confidence,
        "reasons": list(candidate.reasons),
    }


def _candidate(fields: Fields) -> Candidate:
    return Candidate(
        library_id=fields.text("library_id"),
        title=fields.text("title"),
        artist=fields.text("artist"),
        album=fields.text("album"),
        confidence=fields.number("confidence"),
        reasons=fields.texts("reasons"),
    )
