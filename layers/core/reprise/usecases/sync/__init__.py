"""Does jobs: brings playlists on the music server in step with their sources."""
