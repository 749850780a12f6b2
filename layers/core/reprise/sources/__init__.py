"""Where playlists come from: one folder per kind, one line each in `registry`."""
