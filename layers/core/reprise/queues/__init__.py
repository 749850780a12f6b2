"""SQS: what is handed on to another function."""
