"""What commands share that need no server: a folder's config, instants and spans as typed, a webhook's signals."""

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from functions.commands._client import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.config import Config
    from core.config.raw import Raw
    from core.signals import Signal

# `rung up` makes a source token where none is set; a command that opens no door needs none.
STAND_IN = "stand-in"

_YEARS = range(1971, 9000)  # in which a calendar knows the years before and after


def load_config(folder: str | None = None) -> "Config":
    """Give the config of a folder, of RUNG_CONFIG if none is named. Raises ConfigError."""
    from core.config.validation import validated

    return validated(read_config(folder))


def read_config(folder: str | None = None) -> "Raw":
    """Give what is written in a folder, not validated yet. Raises ConfigError when there is nothing to read.

    Files are named as one would type them from where one stands.
    """
    from pathlib import Path

    from core.adapters.config_files import read, variables
    from core.adapters.settings import config_folders

    config, base = config_folders(os.environ)
    if folder is not None:
        config = base = Path(folder).expanduser()
    here = Path.cwd()
    as_typed = config.relative_to(here) if config.is_relative_to(here) else config
    return read(as_typed, variables(os.environ, STAND_IN), base)


def now() -> datetime:
    """Give this machine's clock, to the second: nobody asks what would be paged at a millisecond."""
    return datetime.now(UTC).replace(microsecond=0)


def instant(text: str, config: "Config") -> datetime:
    """Read an instant; one without an offset is by the config's clock."""
    from core.local_time import aware

    try:
        found = aware(datetime.fromisoformat(text), ZoneInfo(config.timezone))
    except (ValueError, OverflowError):
        raise click.UsageError(
            f"{text!r} is no instant, such as 2026-11-20T16:30 or 2026-11-20T16:30:00+01:00"
        ) from None
    if found.year not in _YEARS:
        raise click.UsageError(f"{text!r}: a year from {_YEARS[0]} to {_YEARS[-1]}")
    return found


def seconds(text: str) -> int:
    """Read a span: `90`, `45s`, `5m`, `2h`, `1d`, `4w`."""
    from core.config.durations import parse_span

    try:
        return parse_span(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r}: {error}") from None


def signals_of(config: "Config", source: str, asked: dict[str, Any]) -> "tuple[Signal, ...]":
    """Give the signals of a webhook's body, or the one that --severity, --title and --label describe."""
    from core.config.heartbeats import HEARTBEAT
    from core.signals import SignalStatus
    from core.simulation.script import TITLE
    from core.sources.making import make

    if asked["payload"] is not None:
        if asked["severity"] or asked["title"] or asked["labels"]:
            raise click.UsageError(
                "--payload says what the alert is; --severity, --title and --label do not go with it"
            )
        return _read(config, source, asked["payload"].read_bytes())
    if asked["severity"] is None:
        raise click.UsageError("say what comes in: --severity critical, or --payload FILE")
    if asked["source"] is not None:
        check_name("source", source, [*config.sources, HEARTBEAT])
    labels, title = dict(_label(text) for text in asked["labels"]), asked["title"] or TITLE
    return (make(SignalStatus.FIRING, "simulated", title, severity=asked["severity"], labels=labels),)


def _label(text: str) -> tuple[str, str]:
    name, is_there, value = text.partition("=")
    if not is_there or not name:
        raise click.UsageError(f"--label {text}: write NAME=VALUE")
    return name, value


def _read(config: "Config", source: str, body: bytes) -> "tuple[Signal, ...]":
    from core.signals import UnreadableError
    from core.sources.filed import read_filed

    if source not in config.sources:
        raise click.UsageError(f"{no_such('source', source, config.sources)}: name one with --source")
    try:
        reading = read_filed(config, source, body)
    except UnreadableError as error:
        raise click.UsageError(f"{source} cannot read this body: {error}") from None
    for bad in reading.bad_items:
        click.echo(f"rung: item {bad.index + 1} of the body cannot be read: {bad.reason}", err=True)
    return reading.signals


def check_name(what: str, name: str, known: "Collection[str]") -> None:
    """Refuse a name that the config does not know. Raises WrongUsageError with the one that was probably meant."""
    if name not in known:
        raise WrongUsageError(no_such(what, name, known))


def no_such(what: str, name: str, known: "Collection[str]") -> str:
    """Say that the config knows no such name, and which was probably meant."""
    from core.config.names import hint

    return f"config has no {what} {name!r}{hint(name, list(known))}"
