"""A person, their sessions and tokens, their address, and their leaving."""
