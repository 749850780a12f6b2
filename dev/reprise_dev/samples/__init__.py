"""Songs, playlists and messages to try things on."""
