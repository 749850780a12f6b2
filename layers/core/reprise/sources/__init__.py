"""Where playlists come from: one folder per kind."""
