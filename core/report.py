"""A report: the figures of a window beside those of the one before, budgets, the trend, and the alerts to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from core.budgets import BreachTally, Budget
from core.config import Config
from core.facts import Facts, to_ms
from core.figures import Figures
from core.notable import Named, Notable
from core.report_times import Due, Kind, Schedule, before, last_due, periods, running, schedules_of
from core.report_words import Change, changes
from core.series import Series, SeriesTally
from core.tally import Tally
from core.times import rfc3339

MOST_NAMED = 200
_LONGEST = timedelta(days=3660)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_A_MOMENT = timedelta(milliseconds=1)


class WindowError(ValueError):
    """The window that was asked for is none. The message says why."""


class FactsStore(Protocol):
    """Where facts are kept. Every call raises StoreUnavailableError when it cannot be done."""

    def now(self) -> datetime:
        """Give the store's clock."""

    def between(self, start: datetime, end: datetime) -> Iterable[Facts]:
        """Give every alert of which something happened in a window, each once, those still open among them."""

    def snapshots(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """Give the snapshots of a window, oldest first."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says. `is_over`: the window has ended, so nothing of it will change.

    What happened before `kept_since` has been forgotten; a window that reaches back further is counted in part.
    """

    kind: Kind
    made_at: datetime
    zone: str
    is_over: bool
    kept_since: datetime
    figures: Figures
    previous: Figures
    changes: tuple[Change, ...]
    budgets: tuple[Budget, ...]
    snapshots: tuple[dict[str, Any], ...]
    standing: dict[str, Any] | None  # what was open when it was counted last: `at`, `open`, `unanswered`, `exhausted`
    series: Series
    named: tuple[Named, ...]
    named_in_all: int


def window(
    schedule: Schedule,
    now: datetime,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    current: bool = False,
) -> Due:
    """Give the window of a report: the one that was due last, the one that is running, or one of somebody's own.

    WindowError for one that ends before it starts, lies in the future, is longer than ten years, or out of all bounds.
    """
    if start is None and end is None:
        return running(schedule, now) if current else last_due(schedule, now)
    end = now if end is None else end
    if not _EARLIEST <= end <= now + _LONGEST:
        raise WindowError("the window has to end between 1970 and ten years from now")
    if start is None:
        start = last_due(schedule, end).start
    if start > now:
        raise WindowError("the window lies in the future: there is nothing to report yet")
    if start >= end:
        raise WindowError("the window is empty: `from` has to be before `to`, and `to` is now unless you say otherwise")
    if end - start > _LONGEST:
        raise WindowError("the window is longer than ten years")
    return Due(schedule.kind, start, end)


def kept_since(config: Config, now: datetime) -> datetime:
    """Give the instant from which facts are kept: they leave by whole days of UTC."""
    oldest = now - timedelta(seconds=config.retention.facts)
    return oldest.replace(hour=0, minute=0, second=0, microsecond=0)


def make_report(
    store: FactsStore,
    config: Config,
    due: Due,
    now: datetime,
    open_now: Mapping[str, int] | None = None,
) -> Report:
    """Read the facts of the window, of the one before and of the budgets' periods in one pass, and count.

    `open_now` is what is open at this instant, for a window that ends with it; of others the last snapshot tells.
    """
    schedule, zone = schedules_of(config)[due.kind], ZoneInfo(config.timezone)
    earlier = before(schedule, due)
    allowed = {severity.value: owed.allowed_breaches for severity, owed in config.sla.definitions.items()}
    spans = periods(config, due.start, due.end) if allowed else []
    edges = [due.start, due.end, *earlier, *(edge for span in spans for edge in (span.start, span.end))]
    tally, previous = Tally(due.start, due.end, zone), Tally(*earlier, zone)
    notable, breaches = Notable(due.start, due.end, MOST_NAMED), BreachTally(min(edges), max(edges))
    series, earlier_end = SeriesTally(due.start, due.end, zone), to_ms(earlier[1])
    for row in store.between(min(edges), max(edges)):
        tally.add(row)
        notable.add(row)
        series.add(row)
        breaches.add(row)
        if row.lives[0].opened_at < earlier_end:
            previous.add(row)
    figures, figures_before = tally.figures(), previous.figures()
    oldest = kept_since(config, now)
    snapshots = store.snapshots(due.start, due.end + _A_MOMENT)  # that of the end itself among them
    return Report(
        kind=due.kind,
        made_at=now,
        zone=config.timezone,
        is_over=due.end <= now,
        kept_since=oldest,
        figures=figures,
        previous=figures_before,
        changes=tuple(changes(figures, figures_before)) if earlier[0] >= oldest else (),
        budgets=tuple(breaches.budgets(spans, allowed)),
        snapshots=tuple(snapshots),
        standing={"at": rfc3339(now), **open_now} if open_now else _standing(snapshots),
        series=series.series(),
        named=tuple(notable.worst_first()),
        named_in_all=notable.total,
    )


def _standing(snapshots: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {name: snapshots[-1][name] for name in ("at", "open", "unanswered", "exhausted")} if snapshots else None
