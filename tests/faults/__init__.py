"""Processes killed and cut off, while a checker compares what was acknowledged with what was received."""
