"""Silences: whether an alert may page now, or until when not. Planned ones stand in the config, others are added."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field, ValidationInfo, field_validator

from core.config import Config
from core.config.silences import Maintenance, Note, PlannedSilence, Scope
from core.local_time import aware
from core.matching import Facts, Holds, compiled
from core.times import rfc3339
from core.windows import Window

RECORD_VERSION = 1
_TOLD = 3  # a reason names so many, and how many more there are
_ROUNDS = 10  # windows that take turns may never end; then it is looked at again

Instant = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]


class Silence(Scope):
    """A silence that a person added. Times are aware and kept in UTC; the id is a small integer."""

    record_version: int
    id: int
    start: Annotated[Instant, Field(alias="from", description="an instant with its offset")]
    end: Annotated[Instant, Field(alias="to", description="an instant with its offset, after from")]
    by: Note
    created_at: Instant
    ended_by: Note = ""  # who ended it before its time

    @field_validator("end")
    @classmethod
    def _later(cls, end: datetime, info: ValidationInfo) -> datetime:
        if "start" in info.data and end <= info.data["start"]:
            raise ValueError("an instant after from")
        return end

    def dump(self) -> str:
        """Give the record as JSON; what stands at its default is left out."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)


def load_silence(record: str | bytes) -> Silence:
    """Read a record. Raises ValueError for one that a newer Rung wrote, or that is damaged."""
    fields = json.loads(record)
    version = fields.get("record_version") if isinstance(fields, dict) else None
    if isinstance(version, int) and version > RECORD_VERSION:
        raise ValueError(f"silence {fields.get('id')} was written by a newer Rung (record version {version})")
    return Silence.model_validate_json(record)


@dataclass(frozen=True, slots=True)
class Silenced:
    """Why an alert pages nobody: which silences cover it; `until` is when to look again."""

    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Once:
    """A time that comes once."""

    start: datetime
    end: datetime

    def ends_at(self, now: datetime) -> datetime | None:
        """Give its end; None when it does not hold at `now`."""
        return self.end if self.start <= now < self.end else None


@dataclass(frozen=True, slots=True)
class Cover:
    """One silence or maintenance window, compiled; `written` is what it was made of."""

    what: str
    written: Silence | PlannedSilence | Maintenance
    holds: Holds
    times: Once | Window


class Silences:
    """All that can silence an alert, compiled. Cheap to ask; holds no state of its own."""

    def __init__(self, config: Config, standing: Iterable[Silence] = ()) -> None:
        """Take a validated config, and the silences that people added; when these change, make another."""
        self.once = (
            *map(_standing, standing),
            *(_planned(silence, ZoneInfo(config.timezone)) for silence in config.silences),
        )
        self.recurring = tuple(_recurring(window, config.timezone) for window in config.maintenance)

    def covering(self, facts: Facts, now: datetime) -> Silenced | None:
        """Say what silences an alert at `now`, if anything does.

        `until` is the first instant at which what covers it now covers it no longer; another may have begun by then,
        so ask again.
        """
        # Those that come once are kept when they are over, and it costs least to see that. Of windows it costs most.
        covers = [each for each in self.once if each.times.ends_at(now) and each.holds(facts)]
        covers += [each for each in self.recurring if each.holds(facts) and each.times.ends_at(now)]
        if not covers:
            return None
        return Silenced(_told(covers), _until([each.times for each in covers], now))

    def digest(self, now: datetime) -> str:
        """Give a word that changes whenever a silence or window begins or ends, and when one of these is changed."""
        running = ((each, end) for each in (*self.once, *self.recurring) if (end := each.times.ends_at(now)))
        text = "".join(f"{each.what}{each.written.match.model_dump_json()}{rfc3339(end)}" for each, end in running)
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _standing(silence: Silence) -> Cover:
    what = f"silence {silence.id}{_words(silence.reason, silence.by)}"
    return Cover(what, silence, compiled(silence.match), Once(silence.start, silence.end))


def _planned(silence: PlannedSilence, zone: tzinfo) -> Cover:
    what = f'silence "{silence.name}"{_words(silence.reason, silence.by)}'
    return Cover(what, silence, compiled(silence.match), Once(aware(silence.start, zone), aware(silence.end, zone)))


def _recurring(window: Maintenance, timezone: str) -> Cover:
    what = f'maintenance window "{window.name}"{_words(window.reason)}'
    return Cover(what, window, compiled(window.match), Window.of(window, timezone))


def _words(reason: str, by: str = "") -> str:
    words = ", ".join(filter(None, (reason, by and f"by {by}")))
    return f" ({words})" if words else ""


def _until(times: Sequence[Once | Window], now: datetime) -> datetime:
    until = now
    for _ in range(_ROUNDS):
        ends = [end for each in times if (end := each.ends_at(until))]
        if not ends:
            break
        until = max(ends)
    return until


def _told(covers: Sequence[Cover]) -> str:
    told = [each.what for each in covers[:_TOLD]]
    more = len(covers) - _TOLD
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")
