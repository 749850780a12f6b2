"""Sync jobs as messages on the queue. Unknown fields are ignored, an unknown version is not."""

from __future__ import annotations

from reprise.domain.jobs import Operation, Reason, SyncJob
from reprise.serialization.fields import WireError, dump, load, moment_text

_KIND, _VERSION = "sync-job", 1


def encode_job(job: SyncJob) -> str:
    return dump(
        _KIND,
        _VERSION,
        {
            "job_id": job.job_id,
            "user_id": job.user_id,
            "playlist_ids": list(job.playlist_ids),
            "reason": job.reason.value,
            "asked_at": moment_text(job.asked_at),
            # The release before knows the time by this name: it can still read what is queued when one goes back to it.
            "slot": moment_text(job.asked_at),
            "operation": job.operation.value,
            "argument": job.argument,
            "waited": job.waited,
            "hops": job.hops,
        },
    )


def decode_job(text: str | bytes) -> SyncJob:
    """Raises `WireError`."""
    fields = load(text, _KIND, _VERSION)
    playlist_ids = fields.texts("playlist_ids")
    if not playlist_ids:
        raise WireError(f"{_KIND}.playlist_ids is empty")
    by_former_name = fields.moment_or_none("slot")
    asked_at = fields.moment_or_none("asked_at") or by_former_name
    if asked_at is None:
        raise WireError(f"{_KIND}.asked_at is missing")
    waited, hops = fields.integer_or_none("waited") or 0, fields.integer_or_none("hops")
    return SyncJob(
        job_id=fields.text("job_id"),
        user_id=fields.text("user_id"),
        playlist_ids=playlist_ids,
        reason=fields.member("reason", Reason),
        asked_at=asked_at,
        operation=fields.member("operation", Operation),
        argument=fields.text_or("argument"),
        waited=waited,
        # The release before counted its waits only.
        hops=waited if hops is None else hops,
    )
