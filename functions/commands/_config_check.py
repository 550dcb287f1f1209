"""Validates the config in a process of its own: `python -m functions.commands._config_check`.

`rung up` asks it at start and at SIGHUP. Reading the config takes libraries that would otherwise stay in the
memory of `rung up` for good.
"""

import os
import sys

import click

from core.adapters.config_files import load
from core.adapters.settings import Settings
from core.config.faults import ConfigError
from functions.commands._common import WRONG


def main() -> None:
    """Load the config as every process does; name all faults and exit 2 when it cannot be used."""
    settings = Settings.from_env(os.environ)
    try:
        load(settings.config, os.environ)
    except ConfigError as error:
        click.echo(f"rung: the config in {settings.config} cannot be used:", err=True)
        for fault in error.faults:
            click.echo(f"  {fault}", err=True)
        sys.exit(WRONG)


if __name__ == "__main__":
    main()
