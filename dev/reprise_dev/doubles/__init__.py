"""Stand-ins for what is outside: stores, queues, servers, mail. The contract suites hold them to the real ones."""
