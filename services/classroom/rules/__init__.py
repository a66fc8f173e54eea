"""What the classroom decides: sizes of groups, who sits where, and how a room goes from one mode to the next."""
