"""What workflow decides: pure functions on plain data."""
