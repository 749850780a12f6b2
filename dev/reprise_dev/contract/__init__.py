"""The Subsonic contract suite's own tools, and its runner for a server of your choice (`python -m`)."""
