"""How a report says things: spans, shares, and what changed since the window before, in words a manager reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.figures import Figures

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHORT = 10  # below so many of a unit a tenth of it matters
_SHORTEST = 0.05  # seconds; what is less would be said to be none

# What changed by less than a tenth is said to be as before.
_NOTEWORTHY = 0.1


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that is not what it was in the window before, in a sentence."""

    what: str
    before: float
    now: float
    is_worse: bool
    text: str

    def view(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "what": self.what,
            "before": self.before,
            "now": self.now,
            "worse": self.is_worse,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class _Measure:
    what: str
    name: str
    of: Callable[[Figures], float | None]
    say: Callable[[float], str]
    more_is_worse: bool | None = True


def say_span(seconds: float | None) -> str:
    """Say a measured span for people: `4.2 s`, `3.5 min`, `26 min`, `1.8 h`, `1 day`; a dash for none."""
    if seconds is None:
        return "–"  # noqa: RUF001 - a dash is what people read there
    for size, unit in ((_DAY, "days"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= size:
            said = _short(seconds / size)
            return "1 day" if (said, unit) == ("1", "days") else f"{said} {unit}"
    return "< 0.1 s" if 0 < seconds < _SHORTEST else f"{_short(seconds)} s"


def say_share(share: float | None) -> str:
    """Say a share as per cent; 100 % only when it is all, 0 % only when it is none."""
    if share is None:
        return "–"  # noqa: RUF001 - a dash is what people read there
    percent = share * 100
    rounded = min(max(round(percent, 1), 0.1), 99.9) if 0 < share < 1 else percent
    return f"{rounded:.1f}".removesuffix(".0") + " %"


def count(number: float, one: str, many: str = "") -> str:
    """Say a number with its noun: `1 alert`, `1,200 alerts`."""
    return f"{number:,.0f} {one if number == 1 else many or one + 's'}"


def changes(now: Figures, before: Figures) -> Iterator[Change]:
    """Give what changed by a tenth or more since the window before, what got worse first."""
    found = [change for measure in _MEASURES if (change := _change(measure, now, before))]
    yield from sorted(found, key=lambda change: not change.is_worse)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number < _SHORT else f"{number:,.0f}"


def _change(measure: _Measure, now: Figures, before: Figures) -> Change | None:
    new, old = measure.of(now), measure.of(before)
    if new is None or old is None or abs(new - old) < max(_NOTEWORTHY * abs(old), 1e-9):
        return None
    went = "rose" if new > old else "fell"
    text = f"{measure.name} {went} from {measure.say(old)} to {measure.say(new)}."
    is_worse = measure.more_is_worse is not None and (new > old) == measure.more_is_worse
    return Change(measure.what, old, new, is_worse, text)


def _number(value: float) -> str:
    return f"{value:,.0f}"


_MEASURES = (
    _Measure("breaches", "SLA breaches", lambda f: f.sla.breached, _number),
    _Measure("compliance", "SLA compliance", lambda f: f.sla.share, say_share, more_is_worse=False),
    _Measure("exhausted", "Exhausted alerts", lambda f: f.exhausted, _number),
    _Measure("acknowledge", "Time to acknowledge (median)", lambda f: f.time_to_acknowledge.median, say_span),
    _Measure("resolve", "Time to resolve (median)", lambda f: f.time_to_resolve.median, say_span),
    _Measure("night_pages", "Pages at night", lambda f: f.night_pages, _number),
    _Measure("opened", "New alerts", lambda f: f.opened, _number),
    _Measure("repeats", "Repeats of the ladder", lambda f: f.repeats, _number),
    _Measure("reminders", "Reminders needed", lambda f: f.reminders, _number),
    _Measure(
        "failed",
        "Notifications that could not be delivered",
        lambda f: sum(each.failed for each in f.channels.values()),
        _number,
    ),
)
