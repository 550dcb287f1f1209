"""Facts in Redis: `rung:facts:<UTC day>` has a row of every alert of which something happened that day.

A report reads the days of its window, so it costs what its window costs, whatever is open. It reads live what changed
since its row was written: what is marked, and what stands in `rung:wake` overdue, since a clock that runs out changes a
row before anybody has noticed.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import redis
from pydantic_core import from_json

from core.adapters.redis_client import unavailable
from core.adapters.redis_clock import Clock, seconds_now, server_clock
from core.adapters.scripts import register
from core.alert import Alert, load
from core.facts import DAY_MS, ROW_VERSION, Facts, day_name, days_between, to_ms
from core.facts_reading import Sla, facts_of
from core.facts_rows import is_newer, load_rows
from core.times import from_epoch

log = logging.getLogger("rung.facts")

UNDIGESTED = "rung:undigested"  # what is over
CHANGED = "rung:changed"  # what is open
DAYS = "rung:facts"
_OPEN = "rung:open"
_WRITTEN_AS = "rung:facts_as"
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
        return self._write_rows(UNDIGESTED, limit)

    def digest_open(self, is_told_to_stop: Callable[[], bool] = lambda: False) -> int:
        """Write the rows of all open alerts that changed since theirs were written, and say how many that were.

        It takes a third of a millisecond an alert: nothing for a process that others wait for.
        """
        self._mark_all_unless_written_alike()
        waiting, done = self.changed(), 0
        while done < waiting and not is_told_to_stop() and (written := self._write_rows(CHANGED, _AT_ONCE)):
            done += written
        return done

    def changed(self) -> int:
        """Say how many open alerts changed since their rows were written."""
        with unavailable():
            return self._client.zcard(CHANGED)

    def between(self, start: datetime, end: datetime) -> Iterator[Facts]:
        """Give every alert of which something happened in a window, each once, those still open as they stand."""
        now = self.now()
        live, kept = self._live_and_days(now)
        seen = set(live)
        for first in range(0, len(live), _AT_ONCE):
            yield from self._read(live[first : first + _AT_ONCE], now)
        for row in self._rows([day for day in days_between(start, end) if day in kept]):
            if row.id not in seen:
                seen.add(row.id)
                yield row

    def before(self, alert_id: int) -> list[Alert]:
        """Give an alert as it was each time it was over and opened again later; what cannot be read is left out."""
        with unavailable():
            records = cast("list[bytes]", self._client.lrange(f"rung:before:{alert_id}", 0, -1))
        return list(_readable(alert_id, records))

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

    def _write_rows(self, marked: str, limit: int) -> int:
        with unavailable():
            found = self._client.zrange(marked, 0, limit - 1, withscores=True)
        marks = {int(alert_id): score for alert_id, score in cast("list[tuple[bytes, float]]", found)}
        if not marks:
            return 0
        now = self.now()
        rows = {row.id: row for row in self._read(list(marks), now)}
        with unavailable(), self._client.pipeline(transaction=False) as pipe:
            for alert_id, mark in marks.items():
                self._digest(args=[marked, *_written(alert_id, mark, rows.get(alert_id), now)], client=pipe)
            pipe.execute()
        return len(marks)

    def _mark_all_unless_written_alike(self) -> None:
        """Mark every open alert when rows were written in another way: by a Rung of before, or with other labels."""
        with unavailable():
            if self._are_written_alike():
                return
            with self._client.pipeline(transaction=True) as pipe:
                # Below zero no other mark has the same number, and one that is there already stays.
                pipe.zunionstore(CHANGED, {CHANGED: 1, _OPEN: -1}, aggregate="MAX")
                pipe.set(_WRITTEN_AS, self._written_as())
                pipe.execute()

    def _are_written_alike(self) -> bool:
        return bool(self._client.get(_WRITTEN_AS) == self._written_as().encode())

    def _written_as(self) -> str:
        return json.dumps([ROW_VERSION, sorted(self._labels())])

    def _live_and_days(self, now: datetime) -> tuple[list[int], set[str]]:
        """Give the alerts whose rows are not what they are now, and the days of which there are rows."""
        with unavailable():
            still_open = CHANGED if self._are_written_alike() else _OPEN
            with self._client.pipeline(transaction=True) as pipe:
                pipe.zrange(UNDIGESTED, 0, -1)
                pipe.zrange(still_open, 0, -1)
                pipe.zrangebyscore("rung:wake", "-inf", now.timestamp())
                pipe.zrange(DAYS, 0, -1)
                *live, kept = pipe.execute()
        ids = dict.fromkeys(alert_id for some in live for alert_id in some)
        return [int(alert_id) for alert_id in ids], {day.decode() for day in kept}

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
            events, entries = _all_of(kept.timeline), _all_of(kept.ledger.values())
            ledger = {field.decode(): entry for field, entry in zip(kept.ledger, entries, strict=True)}
            before = [(each, self._sla_of(each, now)) for each in map(load, kept.before)]
            return facts_of(alert, events, ledger, self._sla_of(alert, now), self._labels(), before)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log.error("alert %d cannot be read and is left out of reports: %r", alert_id, error)  # noqa: TRY400
            return None


class _Kept(NamedTuple):
    """What Redis has of one alert."""

    record: bytes
    timeline: list[bytes]
    ledger: dict[bytes, bytes]
    before: list[bytes]


def _all_of(lines: Iterable[bytes]) -> Any:
    # One call for all of them: to begin again for each takes longer than to read it.
    return from_json(b"[" + b",".join(lines) + b"]", cache_strings="all")


def _readable(alert_id: int, records: Sequence[bytes]) -> Iterator[Alert]:
    for record in records:
        try:
            yield load(record)
        except (ValueError, KeyError, TypeError) as error:
            log.error("a record of alert %d of before cannot be read and is left out: %r", alert_id, error)  # noqa: TRY400


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
