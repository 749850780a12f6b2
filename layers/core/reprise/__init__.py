"""Reprise keeps playlists elsewhere in step with playlists on your own music server."""
