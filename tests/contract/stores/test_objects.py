"""Uploaded playlists, match reports and library indexes: what every store of them does, in memory and in S3."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from moto import mock_aws

from reprise.domain.matches import MatchReport
from reprise.domain.playlists import SourcePlaylist
from reprise.domain.tracks import SourceTrack
from reprise.ports.contents import LibraryHead, LibraryIndexStore, ReportStore, SourceContentStore
from reprise.serialization.fields import WireError
from reprise.stores.s3.library_indexes import S3LibraryIndexes
from reprise.stores.s3.reports import S3Reports
from reprise.stores.s3.source_contents import S3SourceContents
from reprise_dev.doubles.fakes import MemoryLibraryIndexes, MemoryReports, MemorySourceContents
from reprise_dev.samples.specimens import T0, match_reports, source_playlists

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MIX = SourcePlaylist(name="Mix “7”", version="v", tracks=(SourceTrack(title="Élan", artist="東京"),) * 3)
REPORT = MatchReport(playlist_id="p-1", report_id="r-1", created_at=T0, library_version="l", policy_version="p")
SERVER = "https://music.example"
# The indexes' ages are the bucket's own times.
NOW = datetime.now(UTC)
HEAD = LibraryHead(version="v1", stamp="s1", song_count=3, checked_at=NOW)

several = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def s3() -> S3Client:
    """One for all tests: making a client costs more than most of them."""
    return boto3.client("s3", region_name="eu-west-1")


@dataclass
class Objects:
    contents: SourceContentStore
    reports: ReportStore
    indexes: LibraryIndexStore


@pytest.fixture
def in_s3(_no_account: None) -> Iterator[Objects]:
    with mock_aws():
        client = s3()
        client.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield Objects(
            S3SourceContents(client=client, bucket="data"),
            S3Reports(client=client, bucket="data"),
            S3LibraryIndexes(client=client, bucket="data"),
        )


@pytest.fixture(params=["memory", "s3"])
def objects(request: pytest.FixtureRequest) -> Objects:
    if request.param == "memory":
        return Objects(MemorySourceContents(), MemoryReports(), MemoryLibraryIndexes())
    found: Objects = request.getfixturevalue("in_s3")
    return found


def keys() -> set[str]:
    return {found["Key"] for found in s3().list_objects_v2(Bucket="data").get("Contents", [])}


def put(key: str, body: bytes) -> None:
    s3().put_object(Bucket="data", Key=key, Body=body)


# --- uploaded playlists ------------------------------------------------------------------------------------------


@several
@given(playlist=source_playlists)
def test_an_uploaded_playlist_comes_back(objects: Objects, playlist: SourcePlaylist) -> None:
    locator = objects.contents.save("u-1", playlist)
    assert objects.contents.load("u-1", locator) == playlist
    assert objects.contents.load("u-2", locator) is None


def test_equal_content_has_equal_locators_and_other_content_others(objects: Objects) -> None:
    locator = objects.contents.save("u-1", MIX)
    assert objects.contents.save("u-1", replace(MIX)) == locator
    assert objects.contents.save("u-2", MIX) == locator
    assert objects.contents.save("u-1", replace(MIX, tracks=MIX.tracks[:2])) != locator


def test_content_of_a_place_of_its_own_is_dropped_and_that_of_others_stays(objects: Objects) -> None:
    shared = objects.contents.save("u-1", MIX)
    places = ("p-1", "p-1/01H", "p-2")
    own = [objects.contents.save("u-1", MIX, place=place) for place in places]
    theirs = objects.contents.save("u-2", MIX, place="p-1")
    assert len({shared, *own}) == 4
    for locator in (own[0], own[0], shared, "", "nothing", "p-1/../p-2"):
        objects.contents.drop("u-1", locator)
    assert objects.contents.load("u-1", own[0]) is None
    for kept in (shared, *own[1:]):
        assert objects.contents.load("u-1", kept) == MIX
    assert objects.contents.load("u-2", theirs) == MIX


@pytest.mark.parametrize("place", ["", "p-1", "p-1/01H"])
def test_content_that_was_lost_comes_back_with_the_same_content_only(objects: Objects, place: str) -> None:
    locator = objects.contents.save("u-1", MIX, place=place)
    assert objects.contents.renew("u-1", MIX, locator)
    assert not objects.contents.renew("u-1", replace(MIX, tracks=MIX.tracks[:2]), locator)
    objects.contents.drop("u-1", locator)
    assert objects.contents.renew("u-1", MIX, locator)
    assert objects.contents.load("u-1", locator) == MIX
    assert not objects.contents.renew("u-1", MIX, "nothing")


@pytest.mark.parametrize("locator", ["", "nothing", "../../u-2/x", "f" * 64, "p-1/" + "f" * 64, "../u-2/" + "f" * 64])
def test_an_unknown_locator_is_none(objects: Objects, locator: str) -> None:
    assert objects.contents.load("u-1", locator) is None


def test_contents_are_compressed_under_their_users_folder(in_s3: Objects) -> None:
    locator = in_s3.contents.save("u-1", MIX)
    assert keys() == {f"sources/u-1/{locator}.json.gz"}
    stored = s3().get_object(Bucket="data", Key=f"sources/u-1/{locator}.json.gz")
    assert (stored["ContentType"], stored["ContentEncoding"]) == ("application/json", "gzip")
    assert json.loads(gzip.decompress(stored["Body"].read()))["name"] == MIX.name


def test_what_we_did_not_write_is_not_taken_for_a_playlist(in_s3: Objects) -> None:
    put(f"sources/u-1/{'0' * 64}.json.gz", gzip.compress(b'{"kind": "source-playlist", "v": 2}'))
    with pytest.raises(WireError):
        in_s3.contents.load("u-1", "0" * 64)


def test_a_bucket_that_refuses_is_an_error_and_not_an_absence(in_s3: Objects) -> None:
    with pytest.raises(ClientError):
        S3SourceContents(client=s3(), bucket="no-such-bucket").load("u-1", "0" * 64)


# --- reports -----------------------------------------------------------------------------------------------------


@several
@given(report=match_reports)
def test_a_report_comes_back(objects: Objects, report: MatchReport) -> None:
    named = replace(report, playlist_id="p-1", report_id="r-1")
    objects.reports.save("u-1", named)
    assert objects.reports.load("u-1", "p-1", "r-1") == named


def test_a_report_is_found_by_all_of_its_names(objects: Objects) -> None:
    objects.reports.save("u-1", REPORT)
    asked = [("u-1", "p-1", "r-1"), ("u-2", "p-1", "r-1"), ("u-1", "p-2", "r-1"), ("u-1", "p-1", "r-2")]
    assert [objects.reports.load(*names) for names in asked] == [REPORT, None, None, None]


def test_a_report_that_is_removed_is_gone_and_the_others_stay(objects: Objects) -> None:
    for report_id in ("r-1", "r-2", "r-3"):
        objects.reports.save("u-1", replace(REPORT, report_id=report_id))
    objects.reports.remove("u-1", [("p-1", "r-1"), ("p-1", "r-3"), ("p-1", "never was"), ("p-2", "r-2")])
    objects.reports.remove("u-2", [("p-1", "r-2")])
    found = [objects.reports.load("u-1", "p-1", report_id) is not None for report_id in ("r-1", "r-2", "r-3")]
    assert found == [False, True, False]


def test_more_reports_than_one_request_takes_are_removed(in_s3: Objects) -> None:
    in_s3.reports.save("u-1", REPORT)
    in_s3.reports.remove("u-1", [*(("p-1", f"none-{number}") for number in range(1500)), ("p-1", "r-1")])
    assert in_s3.reports.load("u-1", "p-1", "r-1") is None


@pytest.mark.parametrize("name", ["", ".", "..", "../u-2", "a/b", "x" * 5000, "\x00"])
def test_no_path_leads_to_anothers_report(objects: Objects, name: str) -> None:
    objects.reports.save("u-1", REPORT)
    assert objects.reports.load("u-1", name, "r-1") is None
    assert objects.reports.load("u-1", "p-1", name) is None


def test_a_name_with_a_slash_is_never_part_of_a_key(in_s3: Objects) -> None:
    in_s3.reports.save("u-1", replace(REPORT, playlist_id="a/b"))
    assert in_s3.reports.load("u-1", "a/b", "r-1") is None
    assert in_s3.reports.load("u-1", "a", "b/r-1") is None


def test_reports_are_compressed_under_their_playlists_folder(in_s3: Objects) -> None:
    in_s3.reports.save("u-1", REPORT)
    assert keys() == {"reports/u-1/p-1/r-1.json.gz"}


# --- library indexes ---------------------------------------------------------------------------------------------


def test_a_library_nobody_read_has_no_head(objects: Objects) -> None:
    assert objects.indexes.head("u-1", SERVER) is None
    assert objects.indexes.load("u-1", SERVER, "v1") is None


def test_a_saved_index_is_current(objects: Objects) -> None:
    objects.indexes.save("u-1", SERVER, HEAD, b"\x00index")
    assert objects.indexes.head("u-1", SERVER) == HEAD
    assert objects.indexes.load("u-1", SERVER, "v1") == b"\x00index"


def test_libraries_of_others_and_of_other_servers_are_apart(objects: Objects) -> None:
    objects.indexes.save("u-1", SERVER, HEAD, b"index")
    for user_id, server in [("u-2", SERVER), ("u-1", "https://other.example")]:
        assert objects.indexes.head(user_id, server) is None
        assert objects.indexes.load(user_id, server, "v1") is None


def test_the_head_moves_without_the_index(objects: Objects) -> None:
    objects.indexes.save("u-1", SERVER, HEAD, b"index")
    checked = replace(HEAD, stamp="s2", checked_at=NOW + timedelta(hours=1))
    objects.indexes.save("u-1", SERVER, checked, None)
    assert objects.indexes.head("u-1", SERVER) == checked
    assert objects.indexes.load("u-1", SERVER, "v1") == b"index"


def test_a_job_may_go_on_reading_the_version_before(objects: Objects) -> None:
    objects.indexes.save("u-1", SERVER, HEAD, b"one")
    objects.indexes.save("u-1", SERVER, replace(HEAD, version="v2"), b"two")
    assert objects.indexes.load("u-1", SERVER, "v1") == b"one"
    assert objects.indexes.load("u-1", SERVER, "v2") == b"two"


def indexes_in_bucket() -> set[str]:
    return {key.rpartition("/")[2] for key in keys() if key.endswith(".idx")}


def test_old_versions_go_once_nobody_can_be_reading_them(in_s3: Objects) -> None:
    def save(version: str, hours: int, user_id: str = "u-1") -> None:
        head = replace(HEAD, version=version, checked_at=NOW + timedelta(hours=hours))
        in_s3.indexes.save(user_id, SERVER, head, version.encode())

    save("other", 0, "u-2")
    save("v1", 0)
    save("v2", 0)
    save("v3", 0)
    assert indexes_in_bucket() == {"other.idx", "v1.idx", "v2.idx", "v3.idx"}, (
        "a job of a moment ago may still read the first"
    )
    save("v4", 2)
    assert indexes_in_bucket() == {"other.idx", "v3.idx", "v4.idx"}
    assert in_s3.indexes.load("u-1", SERVER, "v1") is None
    assert in_s3.indexes.load("u-1", SERVER, "v2") is None
    assert in_s3.indexes.load("u-1", SERVER, "v3") == b"v3"
    assert in_s3.indexes.load("u-2", SERVER, "other") == b"other"


def test_saving_the_same_version_again_removes_nothing(in_s3: Objects) -> None:
    in_s3.indexes.save("u-1", SERVER, HEAD, b"one")
    for hours in range(3):
        again = replace(HEAD, version="v2", checked_at=NOW + timedelta(hours=hours))
        in_s3.indexes.save("u-1", SERVER, again, b"two")
    assert in_s3.indexes.load("u-1", SERVER, "v1") == b"one"
    assert in_s3.indexes.load("u-1", SERVER, "v2") == b"two"


def test_a_crash_before_the_head_leaves_the_old_one_whole(in_s3: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    in_s3.indexes.save("u-1", SERVER, HEAD, b"one")

    def crash(head: LibraryHead) -> str:
        raise RuntimeError("killed")

    monkeypatch.setattr("reprise.stores.s3.library_indexes.encode_head", crash)
    with pytest.raises(RuntimeError):
        in_s3.indexes.save("u-1", SERVER, replace(HEAD, version="v2"), b"two")
    assert in_s3.indexes.head("u-1", SERVER) == HEAD
    assert in_s3.indexes.load("u-1", SERVER, "v1") == b"one"


def test_a_version_is_no_path(in_s3: Objects) -> None:
    with pytest.raises(ValueError, match="no version"):
        in_s3.indexes.load("u-1", SERVER, "../../u-2/secret")


def test_a_damaged_head_is_an_error_and_not_an_absence(in_s3: Objects) -> None:
    in_s3.indexes.save("u-1", SERVER, HEAD, b"one")
    (key,) = (key for key in keys() if key.endswith("head.json"))
    put(key, b"{}")
    with pytest.raises(WireError):
        in_s3.indexes.head("u-1", SERVER)
