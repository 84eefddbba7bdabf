"""`python -m timebank.cli` is the `timebank` command."""

from timebank.cli import main

main()
