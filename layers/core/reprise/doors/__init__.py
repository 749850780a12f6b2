"""What the functions share at their doors: they know Lambda's events and responses, and no adapter."""
