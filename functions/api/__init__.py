"""The HTTP API: one function behind API Gateway (payload version 2)."""
