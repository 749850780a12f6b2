"""What sources remember, written down and read back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.ports.contents import SourceCache
from reprise.serialization.fields import WireError
from reprise.serialization.source_caches import decode_cache, encode_cache
from reprise_dev.samples.specimens import T0, milliseconds

CACHE = SourceCache(etag='"1"', last_modified="", version="v", content="c", fetched_at=T0)
caches = st.builds(
    SourceCache,
    etag=st.text(),
    last_modified=st.text(),
    version=st.text(),
    content=st.text(),
    fetched_at=milliseconds,
    not_before=st.none() | milliseconds,
)


@given(caches)
def test_what_is_written_is_read_back(cache: SourceCache) -> None:
    assert decode_cache(encode_cache(cache)) == cache


@pytest.mark.parametrize("field", ["kind", "v", "etag", "last_modified", "version", "content", "fetched_at"])
def test_a_document_with_something_missing_is_refused(field: str) -> None:
    document = json.loads(encode_cache(CACHE))
    del document[field]
    with pytest.raises(WireError):
        decode_cache(json.dumps(document))


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"kind": "source-cache", "v": 2}', '{"kind": "library-head", "v": 1}']
)
def test_what_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(WireError):
        decode_cache(text)
