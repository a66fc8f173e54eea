"""`chalkbell doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

from chalkbell.cli import _out, app
from chalkbell.cli._who import AsJson, Data


@app.command()
def doctor(json: AsJson = False, data: Data = None) -> None:
    """Look at everything that a campus needs, running or not. Exit code 3 when something is wrong."""
    from chalkbell.cli._checks import Verdict, examine

    findings = examine(data)
    wrong = [one for one in findings if one.verdict is Verdict.WRONG]
    if json:
        _out.data({"healthy": not wrong, "findings": findings})
    else:
        marks = {Verdict.FINE: ("ok   ", "green"), Verdict.NOTE: ("note ", "yellow"), Verdict.WRONG: ("WRONG", "red")}
        for one in findings:
            word, style = marks[one.verdict]
            _out.line(word, style, f"{one.what}: {one.says}", one.do)
        count = len(wrong)
        _out.say("Nothing is wrong." if not count else "One thing is wrong." if count == 1 else f"{count} things are wrong.")
    if wrong:
        raise SystemExit(_out.UNHEALTHY)
