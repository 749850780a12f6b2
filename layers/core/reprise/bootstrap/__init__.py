"""Chooses which implementation to use: one module per function, so that each imports only what it runs."""
