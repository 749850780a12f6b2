"""What a person does with their playlists: take in, look at, change, ask for work."""
