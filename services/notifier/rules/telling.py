"""Which events tell of a change, and in what words people are told why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from chalkbell.contracts import Event
from chalkbell.contracts.notifier import DeliveryState, MyTask, TaskAssigned, TaskChanged, TaskWithdrawn
from services.notifier.rules.reminders import LeftOut

Pair = tuple[str, str]


def assignment_events(
    came: Collection[Pair], went: Collection[Pair], mine: Mapping[Pair, MyTask], *, archived: Collection[str]
) -> list[Event]:
    """What people are told when tasks came to be for them or no longer are. Of archived tasks nobody is told."""
    events: list[Event] = [TaskAssigned(person=pair[1], task=mine[pair]) for pair in sorted(came) if pair in mine]
    events += [TaskWithdrawn(person=person, task=id) for id, person in sorted(went) if id not in archived]
    return events


def change_events(came: Collection[Pair], went: Collection[Pair], mine: Mapping[Pair, MyTask]) -> list[Event]:
    """What people are told when one task that is not archived has changed. `mine` is everybody's it is for now."""
    events = assignment_events(came, went, mine, archived=())
    events += [TaskChanged(person=pair[1], task=task) for pair, task in sorted(mine.items()) if pair not in came]
    return events


_LEFT_OUT = {
    LeftOut.NOTHING_OPEN: "Nothing was open: all tasks were done.",
    LeftOut.NOTHING_URGENT: "Only people with something urgent were reminded that day, and nothing was.",
    LeftOut.INACTIVE: "The account was not active.",
    LeftOut.ENOUGH_TODAY: "There had been a reminder that day already.",
}
_STATES = {
    DeliveryState.PENDING: "The mail waits to be sent.",
    DeliveryState.SENDING: "The mail is being sent.",
    DeliveryState.SENT: "The mail went out.",
    DeliveryState.UNKNOWN: "The mail was handed over, but we cannot know whether the mail server took it.",
    DeliveryState.FAILED: "The mail could not be sent yet and will be tried again.",
    DeliveryState.DEAD: "The mail could not be sent; an administrator can send it again.",
    DeliveryState.DROPPED: "The mail was not sent:",
}


def why_left_out(code: str) -> str:
    """Why somebody got no reminder."""
    return _LEFT_OUT[LeftOut(code)]


def why_sent(what: str, state: DeliveryState | None, error: str) -> str:
    """What became of a message, after the words for what it was."""
    if state is None:
        return f"{what} Shown on the pages only: mail of this kind was switched off."
    said = f" {error}" if error and state is not DeliveryState.SENT else ""
    return f"{what} {_STATES[state]}{said}"


def reminder_words(open_tasks: int, *, urgent: bool) -> str:
    """What a reminder was for."""
    count = "One task was open" if open_tasks == 1 else f"{open_tasks} tasks were open"
    return f"{count}{', something urgent among them' if urgent else ''}."


def why_next(left_out: LeftOut | None, open_tasks: int) -> str:
    """What will come at the next time of reminding, as things stand."""
    if left_out is None:
        count = "one task" if open_tasks == 1 else f"{open_tasks} tasks"
        return f"A reminder of {count}, unless done before."
    words: Mapping[LeftOut, str] = {
        LeftOut.NOTHING_OPEN: "Nothing: no task is open.",
        LeftOut.NOTHING_URGENT: "Nothing: only what is urgent is reminded of that day, and nothing will be.",
        LeftOut.INACTIVE: "Nothing: the account is not active.",
        LeftOut.ENOUGH_TODAY: "Nothing: there has been a reminder that day already.",
    }
    return words[left_out]


def counted(left_out: Iterable[LeftOut]) -> dict[str, int]:
    """How many people were not reminded for which reason."""
    counts: dict[str, int] = {}
    for reason in left_out:
        counts[reason.value] = counts.get(reason.value, 0) + 1
    return counts
