"""One page, or a few that belong together, a file."""
