"""The day is told once, and everything that there is to read of it is read: what the tests compare.

Reports are asked for while nothing of the last hours is digested, again, and once more when everything was killed and
the facts of what is over are written down.
"""

import contextlib
import csv
import io
import os
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from tests.acceptance.day.config import DAYLIGHT, closing_time, day_config, zone_in
from tests.acceptance.day.fates import fates
from tests.acceptance.day.story import Arrival, Day, Providers, View, play
from tests.acceptance.day.things import Raw, Thing, moment, things_of_the_day
from tests.adapters.servers import HttpSink
from tests.conftest import wait_for
from tests.processes import API_TOKEN, running, write_config

KINDS = ("sla", "daily", "weekly")
WINDOWS = ("whole", "first", "second")

# The office closes while the story is told: after so much of it at least, which leaves time for processes to start.
_BEFORE_CLOSING = timedelta(seconds=20)
_AT_MOST_BEFORE_CLOSING = 29.0  # seconds: some alerts are to be opened after it
_SETTLED = 2.0  # seconds until what was decided before the end is committed

Window = tuple[int, int]
Reports = dict[tuple[str, str], View]  # by kind and window


@dataclass(frozen=True)
class Record:
    """What was read. Instants are milliseconds since 1970."""

    raw: Raw
    things: list[Thing]
    fates: Mapping[int, str]
    arrivals: list[Arrival]
    closes_at: int
    windows: Mapping[str, Window]
    reports: Mapping[str, Reports]  # by when they were asked for: live, again, digested
    undigested: Mapping[str, set[int]]
    csv: list[dict[str, str]]
    by_day: View  # the whole window once more, where the config's clock shows that it is day
    daylight: Raw


def told(folder: Path) -> Record:
    """Tell the day."""
    providers = Providers()
    closes_at = closing_time(datetime.now(UTC), _BEFORE_CLOSING)
    with HttpSink(providers) as sink:
        config = day_config(sink.url("json").rstrip("/"), closes_at)
        with running(folder, config) as processes:
            return _Telling(Day(processes, providers), config, closes_at).run()


class _Telling:
    """The story, and then the questions."""

    def __init__(self, day: Day, config: View, closes_at: datetime) -> None:
        self._day = day
        self._config = config
        self._closes_at = closes_at

    def run(self) -> Record:
        starts = self._closes_at.timestamp() - _AT_MOST_BEFORE_CLOSING
        wait_for(lambda: time.time() >= starts, 90, "the right moment before the office closes")
        start = _now()
        play(self._day, fates(self._day))
        with self._nobody_digests():
            self._last_word()
            end = _now()
            wait_for(lambda: _now() > end + _SETTLED * 1000, what="the last commit")
            raw = self._read()
            things = things_of_the_day(raw, end)
            split = _split(things, start, end)
            windows = {"whole": (start, end), "first": (start, split), "second": (split, end)}
            undigested = {"live": self._day.undigested()}
            reports = {"live": self._ask(windows)}
            self._life_goes_on()
            reports["again"] = self._ask(windows)
        self._day.kills("web", "worker", "scheduler")
        wait_for(self._day.processes.is_ready, 20, "web being ready again")
        wait_for(lambda: not self._day.undigested(), 30, "the facts being written")
        reports["digested"] = self._ask(windows)
        undigested["digested"] = self._day.undigested()
        lines = list(csv.DictReader(io.StringIO(self._get("sla", windows["whole"], format="csv").text)))
        daylight = replace(raw, config=self._config | {"timezone": zone_in(DAYLIGHT, datetime.now(UTC))})
        return Record(
            raw=raw,
            things=things,
            fates={alert: fate for alert, fate in self._day.fates.items() if alert in raw.alerts},
            arrivals=list(self._day.providers.arrivals),
            closes_at=int(self._closes_at.timestamp() * 1000),
            windows=windows,
            reports=reports,
            undigested=undigested,
            csv=lines,
            by_day=self._asked_by_another_clock(daylight.config, windows["whole"]),
            daylight=daylight,
        )

    @contextlib.contextmanager
    def _nobody_digests(self) -> Iterator[None]:
        """Hold the scheduler, which writes facts twice a minute."""
        scheduler = self._day.processes.pids("scheduler")[0]
        os.kill(scheduler, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(scheduler, signal.SIGCONT)

    def _last_word(self) -> None:
        self._day.says(self._first("left_to_the_end"), "resolve", "dora")

    def _life_goes_on(self) -> None:
        """What happens after the end is nothing to a window that is over."""
        alert = self._first("left_alone")
        self._day.says(alert, "ack", "ann")
        self._day.says(alert, "resolve", "ann")
        self._day.fires("critical")

    def _first(self, fate: str) -> int:
        return next(alert for alert, each in self._day.fates.items() if each == fate)

    def _read(self) -> Raw:
        api = self._day.api
        lists = [api.get(f"/alerts?limit=500{status}")["alerts"] for status in ("", "&status=resolved")]
        numbers = sorted(alert["id"] for found in lists for alert in found)
        return Raw(
            self._config,
            {number: api.get(f"/alerts/{number}") for number in numbers},
            {number: api.get(f"/alerts/{number}/timeline")["events"] for number in numbers},
        )

    def _ask(self, windows: Mapping[str, Window]) -> Reports:
        return {(kind, name): self._get(kind, windows[name]).json() for kind in KINDS for name in WINDOWS}

    def _get(self, kind: str, window: Window, **more: str) -> requests.Response:
        start, end = (moment(at).isoformat(timespec="milliseconds") for at in window)
        answer = requests.get(
            f"{self._day.processes.url}/reports/{kind}",
            params={"from": start, "to": end, **more},
            headers={"Authorization": f"Bearer {API_TOKEN}"},
            timeout=20,
        )
        assert answer.ok, answer.text
        return answer

    def _asked_by_another_clock(self, config: View, window: Window) -> View:
        write_config(self._day.processes.folder / "config", config)
        os.kill(self._day.processes.pids("web")[0], signal.SIGHUP)
        found: dict[str, Any] = {}

        def has_reloaded() -> bool:
            found.update(self._get("sla", window).json())
            return found["timezone"] == config["timezone"]

        wait_for(has_reloaded, 20, "web going by another clock")
        return found


def _split(things: list[Thing], start: int, end: int) -> int:
    """Give an instant in the middle at which something counts, so that it has to be told which side that is on."""
    middle = (start + end) // 2
    return min((thing.at for thing in things if thing.what == "answered"), key=lambda at: abs(at - middle))


def _now() -> int:
    return int(time.time() * 1000)
