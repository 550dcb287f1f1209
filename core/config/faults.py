"""Fault: one thing wrong in the config, told so that it can be mended: where, found, wanted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Place = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[\w-]+")


class FaultKind(StrEnum):
    """What kind of fault it is: the code that `rung check` prints, explained in docs/checks.md."""

    UNREADABLE = "config-unreadable"
    SECRET = "secret-unreadable"  # noqa: S105 - the name of a fault
    VARIABLE = "variable-unset"
    REFERENCE = "reference-malformed"
    YAML = "yaml-refused"
    TWICE = "key-twice"
    KEY = "key-unknown"
    MISSING = "key-missing"
    KEY_FORM = "key-malformed"
    VALUE = "value-refused"
    NAME = "name-unknown"
    NAME_TAKEN = "name-taken"
    EMPTY_LEVEL = "level-empty"
    PLACEHOLDER = "placeholder-unknown"
    CREDENTIALS = "channel-without-credentials"
    SECTION = "section-missing"
    ROUTE = "route-never-reached"
    SILENCE = "silence-never-begins"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `found` never shows a secret, nor what came from the environment or a file."""

    file: str
    path: str
    found: str
    wanted: str
    kind: FaultKind = FaultKind.VALUE
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
