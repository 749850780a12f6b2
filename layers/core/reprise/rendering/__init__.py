"""Jinja2: what people read."""
