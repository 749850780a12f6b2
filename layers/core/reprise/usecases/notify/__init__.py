"""Tells people what happened, once, and keeps what became of it."""
