"""The demo: a music library and the playlists of somebody who has it, as two reviewable tables."""
