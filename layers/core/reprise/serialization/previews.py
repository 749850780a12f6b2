"""Previews as stored documents."""

from __future__ import annotations

from reprise.domain.playlists import Counts
from reprise.domain.previews import Change, Preview, PreviewStep, Step
from reprise.serialization.fields import Fields, dump, load, moment_text, written

_KIND, _VERSION = "preview", 1


def encode_preview(preview: Preview) -> str:
    counts = preview.counts
    return dump(
        _KIND,
        _VERSION,
        {
            "job_id": preview.job_id,
            "created_at": moment_text(preview.created_at),
            "total": counts.total,
            "matched": counts.matched,
            "methods": [{"method": method, "tracks": tracks} for method, tracks in counts.by_method.items()],
            "kept": preview.kept,
            "held": preview.held,
            "steps": [_step_document(step) for step in preview.steps],
            **written({"threshold": preview.threshold}),
        },
    )


def decode_preview(text: str | bytes) -> Preview:
    """Raises `WireError`."""
    fields = load(text, _KIND, _VERSION)
    methods = {child.text("method"): child.integer("tracks") for child in fields.children("methods")}
    return Preview(
        job_id=fields.text("job_id"),
        created_at=fields.moment("created_at"),
        counts=Counts(total=fields.integer("total"), matched=fields.integer("matched"), by_method=methods),
        kept=fields.integer("kept"),
        held=fields.text("held"),
        steps=tuple(_step(child) for child in fields.children("steps")),
        threshold=fields.number_or_none("threshold"),
    )


def _step_document(shown: PreviewStep) -> dict[str, object]:
    step = shown.step
    return {
        "change": step.change.value,
        "library_id": step.library_id,
        "title": shown.title,
        "artist": shown.artist,
        "why": shown.why,
        **written({"before": step.before, "after": step.after}),
    }


def _step(fields: Fields) -> PreviewStep:
    step = Step(
        change=fields.member("change", Change),
        library_id=fields.text("library_id"),
        before=fields.integer_or_none("before"),
        after=fields.integer_or_none("after"),
    )
    return PreviewStep(step=step, title=fields.text("title"), artist=fields.text("artist"), why=fields.text("why"))
