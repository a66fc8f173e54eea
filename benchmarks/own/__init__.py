"""What our own system does, as a whole: recorded sign-offs, everybody coming back at once, a long replay."""
