"""The schedule's door: queues what is due."""
