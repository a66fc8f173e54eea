"""Which process runs on which core, and what the system says that it has used. Linux."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_ALLOWED = sorted(os.sched_getaffinity(0))
#: The server's core, and the other one, of the load and of everything else. The same where there is only one.
SERVER, LOAD = _ALLOWED[0], _ALLOWED[-1]


def on_core(core: int, command: list[str]) -> list[str]:
    """The command line that runs a command on one core. It does so by itself where `taskset` is missing."""
    taskset = shutil.which("taskset")
    return [taskset, "--cpu-list", str(core), *command] if taskset else command


@dataclass(frozen=True)
class Used:
    """What a process and its children have used: seconds of processor time, and bytes of memory that they have now."""

    processor: float
    memory: int


def used(group: int) -> Used:
    """What the processes of a group have used, by /proc/PID/stat."""
    ticks = pages = 0
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            # the name, in brackets, may hold anything
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
            pages += int(fields[21])
    return Used(ticks / _TICKS, pages * os.sysconf("SC_PAGE_SIZE"))
