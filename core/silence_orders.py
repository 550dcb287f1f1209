"""What people order about silences: a new one, and the end of one before its time. Pure: what is written comes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from core.config.matching import Match
from core.local_time import aware
from core.silences import RECORD_VERSION, Silence
from core.times import rfc3339

LONGEST = timedelta(days=366)  # what lasts longer belongs into the config

_SPAN_WANTED = 'say until when, {"to": "2026-11-22T07:00:00Z"}, or for how long, {"for": "2h"}'


class BadSilenceError(ValueError):
    """The order makes no sense as it stands; the message says what is wrong."""


class NoSuchSilenceError(LookupError):
    """There is no silence of this number."""


class SilenceEndedError(RuntimeError):
    """It has ended already, so there is nothing to end."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when (None: now) until when, or for how many seconds; without an offset by the clock of the config."""

    start: datetime | None = None
    end: datetime | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What becomes of a silence that is ended: it stays on record as it is now, or had not begun and goes."""

    silence: Silence
    stays: bool


def new_silence(  # noqa: PLR0917 - all that a silence is made of
    number: int, match: Match, span: Span, by: str, now: datetime, zone: tzinfo, reason: str = ""
) -> Silence:
    """Give the silence that was asked for; an empty match is everything. Raises BadSilenceError."""
    start, end = _instants(span, now, zone)
    return Silence.model_validate(
        {
            "record_version": RECORD_VERSION,
            "id": number,
            "match": match,
            "everything": match.is_empty,
            "from": start,
            "to": end,
            "reason": reason,
            "by": by,
            "created_at": now,
        }
    )


def ended(silences: Iterable[Silence], number: int, by: str, now: datetime) -> Ended:
    """Give what becomes of a silence that ends now. Raises NoSuchSilenceError, SilenceEndedError."""
    found = next((each for each in silences if each.id == number), None)
    if found is None:
        raise NoSuchSilenceError(f"there is no silence {number}; those of the config end when they are taken out of it")
    if found.end <= now:
        whom = f", by {found.ended_by}" if found.ended_by else ""
        raise SilenceEndedError(f"silence {number} ended at {rfc3339(found.end)} already{whom}")
    if found.start >= now:
        return Ended(found, stays=False)
    return Ended(found.model_copy(update={"end": now, "ended_by": by}), stays=True)


def _instants(span: Span, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    if (span.end is None) == (span.seconds is None):
        raise BadSilenceError(_SPAN_WANTED)
    asked = aware(span.start, zone) if span.start else now
    start = max(asked, now)  # what was paged before is not unsaid
    end = aware(span.end, zone) if span.end else _after(asked, span.seconds or 0)
    if span.start and end <= asked:
        raise BadSilenceError(f"it must end after it begins: from {rfc3339(asked)} to {rfc3339(end)} does not")
    if end <= now:
        raise BadSilenceError(f"that lies in the past: it would end at {rfc3339(end)}, and it is {rfc3339(now)} now")
    if end - start > LONGEST:
        raise BadSilenceError(f"a silence lasts at most {LONGEST.days} days; what lasts longer belongs into the config")
    return start, end


def _after(start: datetime, seconds: int) -> datetime:
    try:
        return (start + timedelta(seconds=seconds)).replace(microsecond=0)
    except OverflowError as error:
        raise BadSilenceError(f"that ends beyond the year 9999: {seconds} s from {rfc3339(start)}") from error
