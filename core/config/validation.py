"""From what was written to a Config, or to every fault at once, the schema's and those between sections.

Other files that people write (scenarios) are read by the same rule, with a schema and checks of their own.
"""

import difflib
from collections.abc import Callable, Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.config.checks import check
from core.config.config import Config
from core.config.faults import ConfigError, Fault, FaultKind, Place
from core.config.raw import Raw, shown_text, value_at
from core.config.wanted import keys_at, wanted_at, wanted_key_at

Model = TypeVar("Model", bound=BaseModel)


def validated(raw: Raw) -> Config:
    """Give the Config of what was written. Raises ConfigError with all faults, sorted by file."""
    return validated_as(Config, raw, check)


def validated_as(schema: type[Model], raw: Raw, check_more: Callable[[Raw], list[Fault]]) -> Model:
    """Give the model of what was written. Raises ConfigError with the schema's faults and what `check_more` finds.

    They are sorted by file, and by line where lines are known.
    """
    model, errors = _modelled(schema, raw)
    later = [_fault(schema, raw, error) for error in errors if raw.complete or not _is_absent(error)]
    later += check_more(raw) if raw.complete else []
    faults = [*raw.faults, *_unexplained(later, raw.faults)]
    if faults or model is None:
        raise ConfigError(sorted(faults, key=lambda fault: (fault.file, fault.line or 0)))
    return model


def _modelled(schema: type[Model], raw: Raw) -> tuple[Model | None, list[ErrorDetails]]:
    try:
        return schema.model_validate(raw.values), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _is_absent(error: ErrorDetails) -> bool:
    """Say whether a whole section is missing, which a file that cannot be read may hold."""
    return error["type"] == "missing" and len(error["loc"]) == 1


def _unexplained(later: Iterable[Fault], reading: Iterable[Fault]) -> list[Fault]:
    """Leave out the faults of a place where reading found the cause already, such as a variable not set."""
    explained = {fault.path for fault in reading}
    return [fault for fault in later if fault.path not in explained]


def _fault(schema: type[BaseModel], raw: Raw, error: ErrorDetails) -> Fault:
    place = tuple(part for part in error["loc"] if not str(part).startswith("["))
    if error["type"] == "extra_forbidden":
        return raw.fault(place, _known_keys(schema, place), "an unknown key", FaultKind.KEY)
    if _is_key(raw, error, place):
        found = f"the key {shown_text(str(place[-1]))}"
        return raw.fault(place, wanted_key_at(schema, place), found, FaultKind.KEY_FORM)
    kind = FaultKind.MISSING if error["type"] == "missing" else FaultKind.VALUE
    return raw.fault(place, _wanted(schema, error, place), kind=kind)


def _is_key(raw: Raw, error: ErrorDetails, place: Place) -> bool:
    """Say whether an error is about a key: pydantic tells in its place, or gives the key as the input."""
    in_loc = error["loc"][-1:] == ("[key]",)
    return in_loc or (error["input"] == place[-1] and value_at(raw.values, place) != error["input"])


def _wanted(schema: type[BaseModel], error: ErrorDetails, place: Place) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return wanted_at(schema, place)


def _known_keys(schema: type[BaseModel], place: Place) -> str:
    known = keys_at(schema, place[:-1])
    nearest = difflib.get_close_matches(str(place[-1]), known, n=1)
    hint = f" (did you mean {nearest[0]}?)" if nearest else ""
    return f"one of {', '.join(known)}{hint}"
