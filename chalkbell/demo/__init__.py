"""A believable university, made by our own code from a seed: what a campus looks like when it is lived in."""

from chalkbell.demo.accounts import draw_passwords
from chalkbell.demo.fill import Campus, Progress, fill
from chalkbell.demo.university import Account, University, make_university

__all__ = ["Account", "Campus", "Progress", "University", "draw_passwords", "fill", "make_university"]
