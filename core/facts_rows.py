"""Reading rows of facts, by the hundred thousand: as they were written, or not at all.

A row that is JSON but no row would break every report of its days, wherever it is counted. So each is checked as it is
read, which takes a microsecond.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from core.facts import ROW_VERSION, Clock, Facts, Life, Sent, Stay

_LATEST = 10**14  # the year 5138

# A report says when a life began and ended, whatever its window: no date can hold what lies further away. All other
# instants are only compared.
_Said = Annotated[int, Field(ge=0, le=_LATEST)]
_Instant = int
_Clock = tuple[str, _Instant, _Instant | None, _Instant | None]
_Life = tuple[_Said, _Said | None, str, str, str, _Said | None, str, tuple[_Clock, ...]]
_Stay = tuple[str, _Instant, _Instant]
_Sent = tuple[str, str, str, _Instant, _Instant, bool]
_Row = tuple[
    Annotated[int, Field(ge=ROW_VERSION, le=ROW_VERSION)],
    int,
    str,
    str,
    str,
    str,
    dict[str, str],
    int,
    Annotated[tuple[_Life, ...], Field(min_length=1)],
    tuple[_Stay, ...],
    tuple[tuple[str, _Instant], ...],
    tuple[_Instant, ...],
    tuple[_Instant, ...],
    tuple[_Instant, ...],
    tuple[_Sent, ...],
]
_ROWS = TypeAdapter(list[_Row])

# What a named tuple's own constructor does, without the function around it.
_new = tuple.__new__


def load_rows(rows: Sequence[bytes]) -> Iterator[Facts]:
    """Read rows. ValueError says what is wrong with one of them."""
    # One call for all of them: to begin again for each takes longer than to read it.
    try:
        found = _ROWS.validate_json(b"[" + b",".join(rows) + b"]")
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise ValueError(f"{'.'.join(map(str, fault['loc'][1:])) or 'row'}: {fault['msg']}") from None
    yield from map(_facts, found)


def is_newer(row: bytes) -> bool:
    """Say whether a row was written by a newer Rung, so that nobody here can know what it says."""
    try:
        found = from_json(row)
    except ValueError:
        return False
    match found:
        case [int(version), *_]:
            return version > ROW_VERSION
    return False


def _facts(row: tuple[Any, ...]) -> Facts:
    lives = tuple([_new(Life, (*each[:7], tuple([_new(Clock, clock) for clock in each[7]]))) for each in row[8]])
    stays = tuple([_new(Stay, each) for each in row[9]])
    sent = tuple([_new(Sent, each) for each in row[14]])
    return _new(Facts, (*row[1:8], lives, stays, *row[10:14], sent))
