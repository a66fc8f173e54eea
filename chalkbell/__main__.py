"""`python -m chalkbell`: the command line."""

from chalkbell.cli import main

main()
