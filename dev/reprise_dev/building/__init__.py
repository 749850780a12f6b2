"""Environments, layers and functions, and questions about the template."""
