"""Counts calls, sizes and costs, and writes the figures down."""
