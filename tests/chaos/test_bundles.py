"""500 alerts for one person, through the real processes: a handful of messages, every alert in one of them.

The issue's minute is shrunk to six seconds, window and interval alike. In a second storm workers are killed: then a
message may come twice, and still no alert is left out.
"""

import random
import re
import tempfile
import threading
import time
from pathlib import Path

import pytest
import requests

from core.outcomes import Message
from tests.adapters.servers import HttpSink
from tests.bundles import numbers
from tests.conftest import wait_for
from tests.processes import SOURCE_TOKEN, Api, Processes, running

ALERTS = 500
SECONDS = 6.0
SENDERS = 4
AFTER, WINDOW, EVERY = 5, 6, 2
KILLED_STORM = 200
KILLS = 3
SEED = 20261124


def bundling_config(hook: str) -> dict:
    only = {
        "level": "only",
        "delay": 0,
        "notification_channels": ["text"],
        "responders": ["anna"],
        "timeout": 3600,
    }
    policy = {"levels": [only], "repeat_interval": 7200, "max_repeats": 0, "sla_timeout": 3600}
    return {
        "escalation": {"policies": {"only": policy}, "default_policy": "only", "catch_all": [], "reopen_within": 300},
        "people": {"anna": {"hook": "anna"}},
        "channels": {"text": {"url": hook, "kind": "sms"}},
        "sources": {"generic": {"token": SOURCE_TOKEN}},
        "bundling": {"after": AFTER, "window": WINDOW, "every": EVERY},
    }


@pytest.fixture(scope="module")
def record():
    """Run both storms once; the tests below read what was seen."""
    with (
        tempfile.TemporaryDirectory(prefix="rung-bundles-") as folder,  # short: a socket's path has a limit
        HttpSink() as sink,
        running(Path(folder), bundling_config(sink.url(path="{hook}"))) as processes,
    ):
        yield Record(processes, sink).run()


class Record:
    """What came in, what arrived at the sink, and what one answer did."""

    def __init__(self, processes: Processes, sink: HttpSink) -> None:
        self.processes, self.sink = processes, sink
        self.api = Api(processes.url)
        self.ids: list[int] = []

    def run(self) -> "Record":
        self._storm("calm", ALERTS, SECONDS)
        self.sent = self._messages()
        first = next(message for _, message in self.sent if len(numbers(message)) > 1)
        self.acknowledged = set(numbers(first))
        self.answer = requests.post(_link(first, self.processes.url), timeout=20)
        self.after_answer = {alert: self.api.get(f"/alerts/{alert}") for alert in self.ids}
        self._storm("killed", KILLED_STORM, 4.0, self._kill)
        self.sent_in_all = self._messages()
        return self

    def _storm(self, mark: str, count: int, seconds: float, beside=lambda: None) -> None:
        began = time.monotonic()

        def send(part: int) -> None:
            for number in range(part, count, SENDERS):
                time.sleep(max(0.0, began + number * seconds / count - time.monotonic()))
                body = {"title": f"{mark} {number}", "severity": "critical" if number % 10 == 0 else "low"}
                answer = self.api.post_until_accepted("/ingest/generic", body, SOURCE_TOKEN)
                self.ids.append(answer["alerts"][0]["id"])

        threads = [threading.Thread(target=send, args=(part,)) for part in range(SENDERS)]
        threads.append(threading.Thread(target=beside))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_for(lambda: self._told() >= set(self.ids), 40, "every alert being in a message")

    def _kill(self) -> None:
        dice = random.Random(SEED)
        for _ in range(KILLS):
            time.sleep(1.2)
            self.processes.kill_one("worker", dice)

    def _told(self) -> set[int]:
        return {number for _, message in self._messages() for number in numbers(message)}

    def _messages(self) -> list[tuple[float, Message]]:
        whole = [each for each in list(self.sink.requests) if len(each.body) == int(each.headers["Content-Length"])]
        parsed = [(each.at, each.json()) for each in whole]
        return [(at, Message(body["title"], body["message"])) for at, body in parsed]


def _link(message: Message, url: str) -> str:
    found = re.search(r"/b/\S+", message.body)
    assert found, message.body
    return url + found[0]


def test_500_alerts_are_a_handful_of_messages_and_every_alert_is_in_exactly_one(record):
    listed = sorted(number for _, message in record.sent for number in numbers(message))
    assert listed == sorted(record.ids[:ALERTS])
    assert len(listed) == ALERTS
    assert len(record.sent) <= AFTER + (SECONDS + 2 * EVERY) / EVERY


def test_no_window_has_more_messages_than_the_config_says(record):
    times = [at for at, _ in record.sent]
    most = max(sum(start <= at < start + WINDOW for at in times) for start in times)
    assert most <= AFTER + WINDOW / EVERY + 1


def test_every_message_fits_into_three_parts_of_a_text(record):
    for _, message in record.sent_in_all:
        assert len(message.title) + 2 + len(message.body) <= 459


def test_the_link_of_a_bundle_acknowledges_all_of_it_and_nothing_else(record):
    assert record.answer.status_code == 200
    assert f"{len(record.acknowledged)} are anna" in record.answer.text
    answered = {alert for alert, shown in record.after_answer.items() if shown["acknowledged_by"] == "anna"}
    assert answered == record.acknowledged


def test_when_workers_are_killed_in_a_storm_no_alert_is_left_out_and_few_come_twice(record):
    killed = record.sent_in_all[len(record.sent) :]
    listed = [number for _, message in killed for number in numbers(message)]
    assert set(listed) >= set(record.ids[ALERTS:])
    assert len(killed) <= 2 * AFTER + 20 / EVERY + KILLS * AFTER, "nobody got a message for each"
