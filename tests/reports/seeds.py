"""Facts by the thousand, put where a digest puts them: what a busy team sees, made up by dice."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import redis

from core.facts import Clock, Facts, Life, Sent, Stay, to_ms
from core.times import rfc3339

LEVELS = ("1 (primary)", "2 (secondary)", "3 (manager)")
PEOPLE = ("user1", "user4", "team_manager")
OWED = {"critical": (300, 3600), "high": (1800, 14400), "medium": (3600, 28800)}
TITLES = ("Checkout is down", "Disk is nearly full on db-2", "Certificate ends in 3 days", "Queue of mails grows")
SOURCES = ("grafana", "alertmanager", "uptime-kuma")
SEVERITIES = ("critical", "high", "high", "medium", "medium", "medium")


def seeded(count: int, start: datetime, end: datetime, seed: int = 5) -> Iterable[Facts]:
    """Give so many alerts that were opened between these instants and are over."""
    dice = random.Random(seed)
    seconds = (end - start).total_seconds()
    for number in range(1, count + 1):
        yield _alert(number, start + timedelta(seconds=dice.random() * seconds), dice)


def keep(client: redis.Redis, rows: Iterable[Facts]) -> None:
    """Write rows as the digest does."""
    days: dict[str, dict[str, bytes]] = {}
    for row in rows:
        for day in row.days():
            days.setdefault(day, {})[str(row.id)] = row.dump()
    for day, found in days.items():
        client.hset(f"rung:facts:{day}", mapping=found)
        client.zadd("rung:facts", {day: 0})


def snapshots_of(rows: Iterable[Facts], start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Give what the hourly snapshots would have counted of these alerts, from `start` until just before `end`."""
    kept, hours = list(rows), range(0, int((end - start).total_seconds()), 3600)
    return [_snapshot(kept, start + timedelta(seconds=second)) for second in hours]


class Shelf:
    """Facts in memory, where a report looks for them."""

    def __init__(self, now: datetime, rows: Iterable[Facts], snapshots: Iterable[dict[str, Any]] = ()) -> None:
        self._now, self._rows, self._snapshots = now, list(rows), list(snapshots)

    def now(self) -> datetime:
        return self._now

    def between(self, _start: datetime, _end: datetime) -> Iterable[Facts]:
        return self._rows

    def snapshots(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        return [each for each in self._snapshots if start <= datetime.fromisoformat(each["at"]) < end]


def _snapshot(rows: list[Facts], instant: datetime) -> dict[str, Any]:
    at = to_ms(instant)
    still_open = [row for row in rows if row.lives[0].opened_at <= at < (row.lives[0].resolved_at or at + 1)]
    unanswered = [row for row in still_open if at < (row.lives[0].answered_at or at + 1)]
    exhausted = sum(any(each <= at for each in row.exhausted) for row in unanswered)
    return {"at": rfc3339(instant), "open": len(still_open), "unanswered": len(unanswered), "exhausted": exhausted}


def _alert(number: int, opened: datetime, dice: random.Random) -> Facts:
    severity = dice.choice(SEVERITIES)
    at = to_ms(opened)
    wait = round(1000 * dice.lognormvariate(5.0, 1.1))
    level = min(2, wait // 600_000)
    answered, resolved = at + wait, at + wait + round(1000 * dice.lognormvariate(7.2, 1.0))
    within, until = OWED[severity]
    return Facts(
        number,
        dice.choice(TITLES),
        dice.choices(SOURCES, (5, 3, 1))[0],
        severity,
        severity,
        {"team": dice.choice(("shop", "platform"))},
        dice.choice((1, 1, 2, 5)),
        (
            Life(
                at,
                answered,
                PEOPLE[level],
                "link",
                LEVELS[level],
                resolved,
                PEOPLE[level],
                (_clock("acknowledgment", at, within, answered), _clock("resolution", at, until, resolved)),
            ),
        ),
        tuple(Stay(LEVELS[n], at + n * 600_000, min(answered, at + (n + 1) * 600_000)) for n in range(level + 1)),
        tuple((LEVELS[n], at + n * 600_000) for n in range(level + 1)),
        (),
        (answered,) if wait > 3_600_000 else (),
        (at + 300_000,) if wait > 300_000 else (),
        tuple(
            _sent(n, channel, at, dice) for n in range(level + 1) for channel in ("email", "slack", "sms")[: 1 + n + 1]
        ),
    )


def _clock(name: str, at: int, seconds: int, met: int) -> Clock:
    deadline = at + 1000 * seconds
    return Clock(name, deadline, met, deadline if met > deadline else None)


def _sent(level: int, channel: str, at: int, dice: random.Random) -> Sent:
    queued = at + level * 600_000
    return Sent(PEOPLE[level], channel, "page", queued, queued + dice.randint(300, 4000), dice.random() > 0.01)
