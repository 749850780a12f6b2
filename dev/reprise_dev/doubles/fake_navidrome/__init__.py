"""A double of Navidrome: its answers, its quirks and, on demand, its bad days. For tests and the local run.

    with FakeNavidrome(users={"alice": "sesame"}, admins={"alice"}) as server:
        ids = server.add_songs(sample_songs(100))
        server.fail_next(Fault.http(502), Fault.lost_reply(method="createPlaylist"))
        ...                                   # talk to server.url, or in process through server.transport()
        assert server.playlists("alice")[0].song_ids == tuple(ids)

The quirks are those of 0.63: unknown song ids are taken and never shown, songs of missing files are hidden but keep
their row, a replace without songs changes nothing, a replace ignores the name, more than 10,000 form parameters are
refused, failing searches are answered with an empty page, administrators see everybody's lists.
"""

from reprise_dev.doubles.fake_navidrome.faults import Fault
from reprise_dev.doubles.fake_navidrome.server import FakeNavidrome, RecordedRequest
from reprise_dev.doubles.fake_navidrome.state import PlaylistView

__all__ = ["FakeNavidrome", "Fault", "PlaylistView", "RecordedRequest"]
