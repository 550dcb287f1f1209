"""Facts in Redis: `rung:facts:<UTC day>` has a row of every alert of which something happened that day.

A report reads the days of its window, and live what is open or not digested yet, so it costs what its window costs.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import redis

from core.adapters.redis_client import unavailable
from core.adapters.redis_clock import Clock, seconds_now, server_clock
from core.adapters.scripts import register
from core.alert import Alert, load
from core.facts import DAY_MS, Facts, day_name, days_between, to_ms
from core.facts_reading import Sla, facts_of
from core.facts_rows import is_newer, load_rows
from core.ledger import Entry
from core.times import from_epoch

log = logging.getLogger("rung.facts")

UNDIGESTED = "rung:undigested"
DAYS = "rung:facts"
_OPEN = "rung:open"
_AT_ONCE = 200
_ROWS_AT_ONCE = 20  # what is alive at a time the garbage collector walks over, again and again


class RedisFacts:
    """Writes and reads them. Every call raises StoreUnavailableError when it cannot be done.

    `labels` gives the labels to keep, `sla_of` the outcome of an alert's clocks at an instant, None without any.
    """

    def __init__(
        self,
        client: redis.Redis,
        clock: Clock | None = None,
        labels: Callable[[], Sequence[str]] = tuple,
        sla_of: Callable[[Alert, datetime], Sla | None] = lambda _alert, _now: None,
    ) -> None:
        """Take a client; nothing is sent until the first call."""
        self._client = client
        self._clock = clock or server_clock
        self._labels = labels
        self._sla_of = sla_of
        self._digest = register(client, "digest")

    def now(self) -> datetime:
        """Give the store's clock."""
        return from_epoch(seconds_now(self._client, self._clock))

    def digest(self, limit: int = _AT_ONCE) -> int:
        """Write the rows of alerts that are over, so many at most, and say how many that were.

        Twice, or by two at once, it is harmless: a row is made from what is kept, and an old one is not written.
        """
        with unavailable():
            found = self._client.zrange(UNDIGESTED, 0, limit - 1, withscores=True)
        marks = {int(alert_id): score for alert_id, score in cast("list[tuple[bytes, float]]", found)}
        if not marks:
            return 0
        now = self.now()
        rows = {row.id: row for row in self._read(list(marks), now)}
        with unavailable(), self._client.pipeline(transaction=False) as pipe:
            for alert_id, mark in marks.items():
                self._digest(args=_written(alert_id, mark, rows.get(alert_id), now), client=pipe)
            pipe.execute()
        return len(marks)

    def between(self, start: datetime, end: datetime) -> Iterator[Facts]:
        """Give every alert of which something happened in a window, each once, those still open among them."""
        with unavailable(), self._client.pipeline(transaction=True) as pipe:
            pipe.zrange(UNDIGESTED, 0, -1)
            pipe.zrange(_OPEN, 0, -1)
            pipe.zrange(DAYS, 0, -1)
            undigested, still_open, kept = pipe.execute()
        live = [int(alert_id) for alert_id in dict.fromkeys([*undigested, *still_open])]
        seen = set(live)
        now = self.now()
        for first in range(0, len(live), _AT_ONCE):
            yield from self._read(live[first : first + _AT_ONCE], now)
        there = {day.decode() for day in kept}
        for row in self._rows([day for day in days_between(start, end) if day in there]):
            if row.id not in seen:
                seen.add(row.id)
                yield row

    def snapshots(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """Give the snapshots of a window [start, end), oldest first."""
        with unavailable():
            found = self._client.zrangebyscore("rung:snapshots", start.timestamp(), f"({end.timestamp()}")
        return [json.loads(line) for line in cast("list[bytes]", found)]

    def forget(self, keep: timedelta) -> int:
        """Drop the days that ended longer ago than `keep`, and say how many."""
        oldest = day_name(to_ms(self.now() - keep) // DAY_MS)
        with unavailable():
            found = self._client.zrangebylex(DAYS, "-", f"({oldest}")
            days = cast("list[bytes]", found)
            if days:
                self._client.unlink(*(f"{DAYS}:{day.decode()}" for day in days))
                self._client.zrem(DAYS, *days)
        return len(days)

    def _rows(self, days: Sequence[str]) -> Iterator[Facts]:
        for day in days:
            with unavailable():
                rows = cast("list[bytes]", self._client.hvals(f"{DAYS}:{day}"))
            for first in range(0, len(rows), _ROWS_AT_ONCE):
                yield from _loaded(day, rows[first : first + _ROWS_AT_ONCE])

    def _read(self, ids: Sequence[int], now: datetime) -> Iterator[Facts]:
        """Give the facts of these alerts as they stand; those that are gone or cannot be read are left out."""
        with unavailable(), self._client.pipeline(transaction=True) as pipe:
            for alert_id in ids:
                pipe.hget(f"rung:alert:{alert_id}", "d")
                pipe.lrange(f"rung:timeline:{alert_id}", 0, -1)
                pipe.hgetall(f"rung:ledger:{alert_id}")
                pipe.lrange(f"rung:before:{alert_id}", 0, -1)
            answers = iter(pipe.execute())
        for alert_id in ids:
            kept = _Kept(next(answers), next(answers), next(answers), next(answers))
            if kept.record and (row := self._facts(alert_id, kept, now)):
                yield row

    def _facts(self, alert_id: int, kept: "_Kept", now: datetime) -> Facts | None:
        try:
            alert = load(kept.record)
            events = map(json.loads, kept.timeline)
            ledger = {field.decode(): Entry.model_validate_json(raw) for field, raw in kept.ledger.items()}
            before = [(each, self._sla_of(each, now)) for each in map(load, kept.before)]
            return facts_of(alert, events, ledger, self._sla_of(alert, now), self._labels(), before)
        except (ValueError, KeyError, TypeError) as error:
            log.error("alert %d cannot be read and is left out of reports: %r", alert_id, error)  # noqa: TRY400
            return None


class _Kept(NamedTuple):
    """What Redis has of one alert."""

    record: bytes
    timeline: list[bytes]
    ledger: dict[bytes, bytes]
    before: list[bytes]


def _loaded(day: str, rows: Sequence[bytes]) -> Iterator[Facts]:
    """Read rows; of a batch with one that cannot be read each is read by itself, and only that one is left out."""
    try:
        yield from load_rows(rows)
    except ValueError as error:
        if len(rows) > 1:
            for row in rows:
                yield from _loaded(day, [row])
        elif not is_newer(rows[0]):
            log.error("a row of facts of %s cannot be read and is left out: %s", day, error)  # noqa: TRY400


def _written(alert_id: int, mark: float, row: Facts | None, now: datetime) -> list[str | int | bytes]:
    days = row.days() if row else []
    first = min(life.opened_at for life in row.lives) // DAY_MS if row else 0
    others = [day_name(day) for day in range(first, to_ms(now) // DAY_MS + 1)] if row else []
    return [
        alert_id,
        f"{mark:.0f}",
        row.dump() if row else b"",
        len(days),
        *days,
        *(d for d in others if d not in days),
    ]
