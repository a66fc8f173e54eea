"""Chalkbell's router beside others: fan-out and calls, in one interleaved run on the same cores."""
