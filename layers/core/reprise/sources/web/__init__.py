"""Playlists from files on the web: fetched from the address a person gave, and looked at again at every sync.

    source ── asks, remembers ──▶ client ── one request, one answer ──▶ address ▸ guard ▸ wire
                 │                                                       parse    vet     connect, read
                 └─ the file goes through the reader that uploads go through

Nobody is trusted: not the person who names the address, not its name server, not the server behind it.
"""
