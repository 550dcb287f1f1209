"""What commands share that need no running Rung: the config of a folder, read as every process reads it.

They make and read no secret: `rung up` makes a token for the senders, and here something stands in for it. Files are
named as one would type them from where one stands.
"""

import os
from pathlib import Path
from typing import Final

from core.adapters.config_files import read, variables
from core.adapters.settings import config_folders
from core.config import Config
from core.config.raw import Raw
from core.config.validation import validated
from core.rules import Rules

STAND_IN: Final = "the-token-that-rung-up-makes"


def load_config(folder: str | None = None) -> Config:
    """Give the config of a folder, of RUNG_CONFIG unless told. Raises ConfigError with all faults."""
    return validated(read_config(folder))


def load_rules(folder: str | None = None) -> Rules:
    """Give what the config of a folder says, with nothing that people ordered for a while. Raises ConfigError."""
    return Rules(load_config(folder))


def read_config(folder: str | None = None) -> Raw:
    """Give what is written in a folder, not validated yet. Raises ConfigError when there is nothing to read."""
    config, base = config_folders(os.environ)
    if folder is not None:
        config = base = Path(folder).expanduser()
    return read(_as_typed(config), variables(os.environ, STAND_IN), base)


def _as_typed(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
