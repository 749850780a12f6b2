"""The HTTP API and the page that a failure email leads to: one function behind API Gateway (payload version 2)."""
