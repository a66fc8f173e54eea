"""`make soak`: people at work, followers, and an adversary who kills, pauses, cuts and restarts, until a checker has the last word."""
