"""What all HTTP to addresses given by people shares, whoever calls: sources, targets, channels, generators.

    client ── one request, one response, one deadline ──▶ address ▸ guard ▸ exchange
                                                          parse     vet     connect, send, read

Nobody is trusted: not the person who names the address, not its name server, not the server behind it. Errors are
neutral: each caller says in its own words what they mean.
"""
