"""Playlists from files on the web: fetched from the address a person gave, and looked at again at every sync.

source ── asks, remembers ──▶ client ── conditional GET, failures ──▶ reprise.http
             │
             └─ the file goes through the reader that uploads go through
"""
