"""Music servers: one folder per protocol."""
