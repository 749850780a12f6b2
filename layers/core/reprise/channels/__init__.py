"""Ways to reach a person: one folder per kind."""
