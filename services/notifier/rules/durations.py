"""How long there is left, in short words: the largest unit, and the next smaller one if there is any of it."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

_SMALLER = (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60))


def time_left(deadline: datetime, now: datetime) -> str:
    """The time from `now` to `deadline`, such as `6 days, 23 hours`; `0 minutes` when none is left. Both in the same zone."""
    if deadline <= now:
        return "0 minutes"
    months = (deadline.year - now.year) * 12 + deadline.month - now.month
    if (deadline.day, deadline.time()) < (now.day, now.time()):
        months -= 1
    rest = int((deadline - _later(now, months)) / timedelta(seconds=1))
    counts = [("year", months // 12), ("month", months % 12)]
    for unit, seconds in _SMALLER:
        counts.append((unit, rest // seconds))
        rest %= seconds
    first = next((place for place, (_, count) in enumerate(counts) if count), None)
    if first is None:
        return "0 minutes"
    shown = [counts[first]]
    if first + 1 < len(counts) and counts[first + 1][1]:
        shown.append(counts[first + 1])
    return ", ".join(f"{count} {unit}{'' if count == 1 else 's'}" for unit, count in shown)


def _later(moment: datetime, months: int) -> datetime:
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
