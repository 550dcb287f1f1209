"""The day in the life: fifty alerts, each with a fate of its own, told over HTTP while the real processes run.

A fate is a generator: it does something, and yields how many seconds to pace the story, or a condition to wait for.
"""

import contextlib
import os
import re
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any

import redis
import requests

from tests.adapters.servers import Answer, Request
from tests.processes import API_TOKEN, SOURCE_TOKEN, Api, Processes

Pause = float | Callable[[], object]
Fate = Generator[Pause, None, None]
View = dict[str, Any]

LOOK_EVERY = 0.15  # seconds
PATIENCE = 25.0  # seconds for a condition: an exhausted ladder is the longest of them


@dataclass(frozen=True)
class Arrival:
    """One message as the sink saw it. `at` is seconds since 1970, `status` what the sink answered."""

    channel: str
    person: str
    alert: int | None
    link: str | None
    at: float
    status: int


class Providers:
    """What stands behind the channels: turns away every third text and whatever is for `lost`, and is busy at times."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self._lock = threading.Lock()
        self._seen: dict[str, int] = defaultdict(int)

    def __call__(self, handler: Any) -> Answer:
        at, request = time.time(), handler.taken
        _, channel, person = request.path.split("/")
        with self._lock:
            self._seen[channel] += 1
            status = _answer(channel, person, self._seen[channel])
            self.arrivals.append(_arrival(request, channel, person, at, status))
        return Answer(status)


def _answer(channel: str, person: str, number: int) -> int:
    if person == "lost" or (channel == "sms" and number % 3 == 0):
        return 400
    return 503 if channel == "chat" and number % 9 == 4 else 200


def _arrival(request: Request, channel: str, person: str, at: float, status: int) -> Arrival:
    text = request.json()
    words = f"{text['title']}\n{text['message']}"
    alert, link = re.search(r"[Aa]lert (\d+)", words), re.search(r"http\S+/a/\S+", words)
    return Arrival(channel, person, int(alert[1]) if alert else None, link[0] if link else None, at, status)


class Day:
    """What the fates do to alerts, and what they see of them."""

    def __init__(self, processes: Processes, providers: Providers) -> None:
        self.api = Api(processes.url)
        self.processes = processes
        self.providers = providers
        self.fate = ""
        self.fates: dict[int, str] = {}
        self.open: dict[int, View] = {}
        self._keys = count(1)
        self._key_of: dict[int, str] = {}
        self._labels = cycle([{"team": "web", "service": "cart"}, {"team": "db"}, {"service": "cart"}, {}])

    def fires(self, severity: str, source: str = "shop", **labels: str) -> int:
        """A new alert."""
        key = f"key-{next(self._keys)}"
        signal = {"title": f"Story of {key}", "dedup_key": key, "severity": severity}
        [taken] = self._send(source, signal | {"labels": next(self._labels) | labels})
        assert taken["result"] == "triggered"
        self._key_of[taken["id"]] = f"{source}/{key}"
        self.fates[taken["id"]] = self.fate
        return taken["id"]

    def fires_again(self, alert: int, severity: str) -> str:
        return self._signal(alert, status="firing", severity=severity)

    def clears(self, alert: int) -> str:
        return self._signal(alert, status="resolved")

    def says(self, alert: int, what: str, by: str, **more: Any) -> View:
        """A person answers over the API."""
        return self.api.post_until_accepted(f"/alerts/{alert}/{what}", {"by": by, **more}, API_TOKEN)

    def silences(self, service: str, seconds: int) -> int:
        order = {"match": {"labels": {"service": service}}, "for": seconds, "by": "dora", "reason": "planned work"}
        return self.api.post_until_accepted("/silences", order, API_TOKEN)["id"]

    def ends_silence(self, silence: int) -> None:
        self.api.post_until_accepted(f"/silences/{silence}/end", {"by": "dora"}, API_TOKEN)

    def presses(self, alert: int, action: str) -> None:
        """Somebody follows the link in the newest message about the alert and presses a button."""
        answer = requests.post(str(self.link_of(alert)), data={"action": action}, timeout=10)
        assert answer.status_code == 200, answer.text

    def link_of(self, alert: int) -> str | None:
        found = [each.link for each in self.providers.arrivals if each.alert == alert and each.status == 200]
        return next(filter(None, reversed(found)), None)

    def undigested(self) -> set[int]:
        """Alerts that are over and whose facts nobody has written yet; reports read those from their timelines."""
        with redis.Redis.from_url(self.processes.redis.url) as client:
            return set(map(int, client.zrange("rung:undigested", 0, -1)))

    def kills(self, *names: str) -> None:
        """SIGKILL these processes and all their children; the supervisor starts them again."""
        for pid in [pid for name in names for pid in self.processes.pids(name)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def until(self, alert: int, holds: Callable[[View], object]) -> Callable[[], object]:
        """A condition on an open alert as the API shows it."""
        return lambda: alert in self.open and holds(self.open[alert])

    def look(self) -> None:
        self.open = {each["id"]: each for each in self.api.get("/alerts?limit=500")["alerts"]}

    def _signal(self, alert: int, **fields: str) -> str:
        source, key = self._key_of[alert].split("/")
        [taken] = self._send(source, {"title": f"Story of {key}", "dedup_key": key, **fields})
        assert taken["id"] == alert
        return taken["result"]

    def _send(self, source: str, signal: View) -> list[View]:
        return self.api.post_until_accepted(f"/ingest/{source}", signal, SOURCE_TOKEN)["alerts"]


class _Actor:
    """One fate under way: what it waits for, and since when."""

    def __init__(self, fate: Fate, start: float) -> None:
        self._fate = fate
        self._since = time.monotonic()
        self._pause: Pause = start

    def is_ready(self, now: float) -> bool:
        if not callable(self._pause):
            return self._since + self._pause <= now
        assert now - self._since < PATIENCE, f"{self._fate.__name__} waited in vain"
        return bool(self._pause())

    def goes_on(self, day: Day) -> bool:
        """Let it do what comes next; say whether more is to come."""
        day.fate = self._fate.__name__
        pause = next(self._fate, None)
        self._since = time.monotonic()
        self._pause = pause or 0.0
        return pause is not None


def play(day: Day, fates: Iterable[tuple[float, Fate]]) -> None:
    """Let every fate run from its second on, until all have come to their end."""
    actors = [_Actor(fate, start) for start, fate in fates]
    while actors:
        day.look()
        now = time.monotonic()
        actors = [each for each in actors if not each.is_ready(now) or each.goes_on(day)]
        time.sleep(LOOK_EVERY)
