"""The classroom: who is in which room, and what everybody does there together."""
