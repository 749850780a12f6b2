"""The pages for people: one function behind API Gateway (payload version 2)."""
