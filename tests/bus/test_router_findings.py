"""What we found wrong upstream is still so: when one of these fails, the fault is gone, and what the lanes do about it may go too."""

import subprocess
from pathlib import Path

import pytest

from chalkbell.router.configuration import ROUTER_DIRECTORY

SCRIPTS = Path(__file__).parents[2] / "examples" / "router-findings"
PYTHON = ROUTER_DIRECTORY / ".venv" / "bin" / "python"


@pytest.mark.parametrize(
    ("script", "shows"),
    [
        ("no_delay", "on the socket: False"),
        ("closing_subscriber", "of the 20 who stayed got the event"),
        ("log_arguments", "texts coloured for each delivery"),
        ("slow_reader", "for one who does not read"),
    ],
)
def test_a_finding_can_be_shown(script: str, shows: str) -> None:
    done = subprocess.run([PYTHON, SCRIPTS / f"{script}.py"], capture_output=True, text=True, timeout=100, check=False)
    assert shows in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout
