"""Once a second: is a report or a snapshot due that nobody has made? A process of its own makes it.

The scheduler only looks at the clock: to count and to draw takes longer than a timer may wait.
"""

from collections.abc import Callable
from datetime import datetime

from core.mailing import due_reports, name_of
from core.report_times import snapshot_slot
from core.times import from_epoch
from core.wiring import Rung

# After a process ended without having done it, so that one that cannot start does not start all the time.
_LOOK_AGAIN = 15.0  # seconds


class Bookkeeping:
    """Remembers what is done already, so that a look costs one round trip."""

    def __init__(self, rung: Rung, start: Callable[[], bool]) -> None:
        """Take the parts of this process; `start` starts what does the work unless it is at it."""
        self._rung = rung
        self._start = start
        self._since: datetime | None = None
        self._done: set[str] = set()
        self._slot = 0
        self._quiet_until = 0.0

    def look(self) -> bool:
        """Say whether something was due, and have it done."""
        now = self._rung.facts.now()
        is_quiet = 0 < self._quiet_until - now.timestamp() <= _LOOK_AGAIN  # more: the clock was put back
        if is_quiet or not self._is_due(now):
            return False
        if self._start():
            self._quiet_until = now.timestamp() + _LOOK_AGAIN
        return True

    def _is_due(self, now: datetime) -> bool:
        if self._since is None or self._since > now:
            self._since = self._rung.reports.since()
        return self._has_snapshot_due(now, self._since) or self._has_report_due(now, self._since)

    def _has_snapshot_due(self, now: datetime, since: datetime) -> bool:
        slot = snapshot_slot(now, self._rung.config.reporting.metrics_interval)
        if slot == self._slot or from_epoch(slot) <= since:
            return False
        if self._rung.reports.has_snapshot(slot):
            self._slot = slot
            return False
        return True

    def _has_report_due(self, now: datetime, since: datetime) -> bool:
        reports = self._rung.reports
        due = {name_of(each): each.end for _, each in due_reports(self._rung.config, since, now)}
        self._done &= due.keys()
        self._done |= {name for name in due.keys() - self._done if reports.is_done(name, due[name])}
        return any(reports.is_open(name) for name in due.keys() - self._done)
