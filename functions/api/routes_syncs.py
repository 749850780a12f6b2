"""Asking for a sync: it is queued, and the answer comes at once (`S1-13`)."""

from __future__ import annotations

from api.answers import TOKEN, answers
from api.auth import signed_in
from api.parts import parts
from api.routing import new_router
from api.shapes import JobAnswer, JobsAnswer
from reprise.usecases.request_sync import request_sync, request_sync_of_all

router = new_router()


@router.post(
    "/playlists/<playlist_id>/sync",
    summary="Sync a playlist now",
    description="Also one that is disabled: it stays so. Poll `sync-status` until `last_job_id` is the job's id.",
    status_code=202,
    responses=answers(202, JobAnswer, 401, 404, 503),
    security=TOKEN,
    tags=["syncs"],
    operation_id="syncPlaylist",
)
def sync_one(playlist_id: str) -> JobAnswer:
    job = request_sync(
        user_id=signed_in(router).user_id,
        playlist_id=playlist_id,
        playlists=parts().playlists,
        queue=parts().jobs,
        clock=parts().clock,
        new_id=parts().new_id,
        interval=parts().settings.interval,
    )
    return JobAnswer(job_id=job.job_id, playlist_ids=list(job.playlist_ids))


@router.post(
    "/sync",
    summary="Sync every enabled playlist now",
    status_code=202,
    responses=answers(202, JobsAnswer, 401, 503),
    security=TOKEN,
    tags=["syncs"],
    operation_id="syncAll",
)
def sync_all() -> JobsAnswer:
    jobs = request_sync_of_all(
        user_id=signed_in(router).user_id,
        playlists=parts().playlists,
        queue=parts().jobs,
        clock=parts().clock,
        new_id=parts().new_id,
        interval=parts().settings.interval,
    )
    return JobsAnswer(
        job_ids=[job.job_id for job in jobs],
        playlist_ids=[playlist_id for job in jobs for playlist_id in job.playlist_ids],
    )
