"""The campus in containers: the file that describes it, and the real thing where there is an engine."""
