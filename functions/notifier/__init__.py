"""outcomes queue → notifier."""
