"""Lets `python -m functions.commands` stand for `rung`, whatever is installed."""

from functions.commands import main

if __name__ == "__main__":
    main(prog_name="rung")
