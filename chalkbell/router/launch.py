"""Become a child that ends when the process that started it ends. Run as a script: `launch.py PARENT COMMAND...`.

A supervisor that is killed with -9 cannot end its child; on Linux the kernel does it then. The child leads its own
process group, so that Ctrl-C in a terminal reaches the supervisor alone, which lets the services finish before the
router goes.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask for a signal at the parent's death, check that it has not died before that, and become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
