"""Compares two tracks. The only room that imports rapidfuzz."""
