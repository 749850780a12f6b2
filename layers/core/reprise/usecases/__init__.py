"""Steps in order, and what happens on failure. One verb a file."""
