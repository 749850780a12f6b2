"""The sync function's door: jobs from the queue."""
