"""Facts about playlists, tracks, runs, failures and time windows. Pure: no I/O, no clock, no randomness of its own."""
