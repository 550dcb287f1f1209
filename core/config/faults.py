"""Fault: one thing wrong in the config, told so that it can be mended: where, found, wanted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `found` never shows a secret, nor what came from the environment or a file."""

    file: str
    path: str
    found: str
    wanted: str
    line: int | None = None

    def __str__(self) -> str:
        file = f"{self.file}:{self.line}" if self.line else self.file
        where = f"{file}: {self.path}" if self.path else file
        return f"{where}: found {self.found}, wanted {self.wanted}"


class ConfigError(Exception):
    """The config cannot be used. `faults` are all that is wrong with it, and so is the text, one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def path_text(place: Place) -> str:
    """Give a place as people write it: `escalation.policies.high.levels[1].timeout`."""
    return "".join(_step(part) for part in place).removeprefix(".")


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _PLAIN_KEY.fullmatch(part) else f'."{part}"'
