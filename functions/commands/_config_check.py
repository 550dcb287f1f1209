"""Validates the config in a process of its own: `python -m functions.commands._config_check`.

`rung up` asks it at start and at SIGHUP. Reading the config takes libraries that would otherwise stay in the
memory of `rung up` for good.
"""

import os
import sys

import click

from core.adapters.config_files import load
from core.adapters.settings import Settings
from core.config import Config, outbox_mode
from core.config.faults import ConfigError
from functions.commands._common import WRONG


def main() -> None:
    """Load the config as every process does; name all faults and exit 2 when it cannot be used."""
    settings = Settings.from_env(os.environ)
    try:
        faults = _address_faults(load(settings.config, os.environ))
    except ConfigError as error:
        faults = [str(fault) for fault in error.faults]
    if faults:
        click.echo(f"rung: the config in {settings.config} cannot be used:", err=True)
        for fault in faults:
            click.echo(f"  {fault}", err=True)
        sys.exit(WRONG)


def _address_faults(config: Config) -> list[str]:
    """Ask Apprise about each channel's URL: one with an unknown scheme passes the schema and pages nobody."""
    if outbox_mode(config):
        return []
    from core.adapters.sender import check_url

    return [
        f"channels.{name}.url: {complaint}"
        for name, channel in config.channels.items()
        if channel and channel.has_credentials
        for complaint in check_url(channel.url.get_secret_value())
    ]


if __name__ == "__main__":
    main()
