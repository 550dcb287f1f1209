"""The `rung` command. One file beside this one is one command: its name, and `command` inside it.

A file is imported only when its command is used, so that each starts fast; `rung --help` reads the first
lines of the files' docstrings. Exit codes: 0 fine, 1 the answer is no, 2 wrong usage or bad config, 3 Rung or
Redis out of reach. What a person can put right is said on standard error; a traceback is a bug of ours.
"""

import ast
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from functions.commands._common import exit_code_of

_FOLDER = Path(__file__).parent


class Commands(click.Group):
    """A group that finds its commands among the files of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands."""
        del ctx
        return sorted(_name_of(path) for path in _FOLDER.glob("*.py") if not path.stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name, if there is one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"functions/commands/{cmd_name}.py: `command` is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their summaries, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(name)) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; say in one line what a person can put right, and exit with its code."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            code = exit_code_of(error)
            if code is None:
                raise
            click.echo(f"rung: {error}", err=True)
            sys.exit(code)


def _name_of(path: Path) -> str:
    return path.stem.replace("_", "-")


def _summary(name: str) -> str:
    source = (_FOLDER / f"{name.replace('-', '_')}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rung", message="%(prog)s %(version)s")
def main() -> None:
    """Page whoever is on call, climb when nobody answers, keep the score."""
