"""From what was written to a Config, or to every fault at once, the schema's and those between sections."""

import difflib
from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.config.checks import check
from core.config.config import Config
from core.config.faults import ConfigError, Fault, FaultKind, Place
from core.config.raw import Raw, shown_text, value_at
from core.config.wanted import keys_at, wanted_at, wanted_key_at


def validated(raw: Raw) -> Config:
    """Give the Config of what was written. Raises ConfigError with all faults, sorted by file."""
    config, errors = _modelled(raw)
    later = [_fault(raw, error) for error in errors if raw.complete or not _is_absent(error)]
    later += check(raw) if raw.complete else []
    faults = [*raw.faults, *_unexplained(later, raw.faults)]
    if faults or config is None:
        raise ConfigError(sorted(faults, key=lambda fault: fault.file))
    return config


def _modelled(raw: Raw) -> tuple[Config | None, list[ErrorDetails]]:
    try:
        return Config.model_validate(raw.values), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _is_absent(error: ErrorDetails) -> bool:
    """Say whether a whole section is missing, which a file that cannot be read may hold."""
    return error["type"] == "missing" and len(error["loc"]) == 1


def _unexplained(later: Iterable[Fault], reading: Iterable[Fault]) -> list[Fault]:
    """Leave out the faults of a place where reading found the cause already, such as a variable not set."""
    explained = {fault.path for fault in reading}
    return [fault for fault in later if fault.path not in explained]


def _fault(raw: Raw, error: ErrorDetails) -> Fault:
    place = tuple(part for part in error["loc"] if not str(part).startswith("["))
    if error["type"] == "extra_forbidden":
        return raw.fault(place, _known_keys(place), "an unknown key", FaultKind.KEY)
    if _is_key(raw, error, place):
        found = f"the key {shown_text(str(place[-1]))}"
        return raw.fault(place, wanted_key_at(Config, place), found, FaultKind.KEY_FORM)
    kind = FaultKind.MISSING if error["type"] == "missing" else FaultKind.VALUE
    return raw.fault(place, _wanted(error, place), kind=kind)


def _is_key(raw: Raw, error: ErrorDetails, place: Place) -> bool:
    """Say whether an error is about a key: pydantic tells in its place, or gives the key as the input."""
    in_loc = error["loc"][-1:] == ("[key]",)
    return in_loc or (error["input"] == place[-1] and value_at(raw.values, place) != error["input"])


def _wanted(error: ErrorDetails, place: Place) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return wanted_at(Config, place)


def _known_keys(place: Place) -> str:
    known = keys_at(Config, place[:-1])
    nearest = difflib.get_close_matches(str(place[-1]), known, n=1)
    hint = f" (did you mean {nearest[0]}?)" if nearest else ""
    return f"one of {', '.join(known)}{hint}"
