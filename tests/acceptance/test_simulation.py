"""Simulation and live agree: the same plays through the real processes and through the simulation, event by event.

Times are shrunk to seconds. People answer live, and in the simulation at the instants at which their answers came. They
answer right after something has happened, so that nothing else is due for a while: a timer is some ms late live.
"""

import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.commands import Acknowledge, Clear, Escalate, Resolve, Update
from core.config import Config
from core.rules import Rules
from core.simulation.run import Act, Simulation
from core.simulation.steps import rows
from tests.adapters.servers import Answer, HttpSink
from tests.conftest import wait_for
from tests.processes import API_TOKEN, SOURCE_TOKEN, Api, Processes, running
from tests.samples import level, signal

GONE = "gone"  # the provider says that there is nobody of this name
ANSWERS = {"acknowledged": Acknowledge, "updated": Update, "escalated": Escalate, "resolved": Resolve}
# What stands in the timeline and not in a simulation, where every page arrives at once.
SILENT = frozenset({"delivered"})
OWN_LEVEL = frozenset({"triggered", "escalated", "skipped"})
LONGEST = 20.0  # seconds


def provider(handler: Any) -> Answer:
    """Take every message, but none for somebody who is gone."""
    return Answer(410) if handler.path.endswith(GONE) else Answer()


def policy(*levels: dict[str, Any]) -> dict[str, Any]:
    return {"levels": list(levels), "repeat_interval": 7, "max_repeats": 1, "sla_timeout": 3600}


def config_of(sink: HttpSink) -> dict[str, Any]:
    second = level("second", 3, ["post", "text"], ["bob", "carl"], 3)
    hour = {"acknowledgment_time": 3600, "resolution_time": 3600, "business_hours": False, "allowed_breaches": 0}
    return {
        "escalation": {
            "policies": {
                "critical": policy(level("first", 0, ["post"], ["anna"], 1), second),
                "high": policy(level("first", 0, ["post"], [GONE], 1), second),
            },
            "default_policy": "high",
            "catch_all": ["dora"],
        },
        "people": {name: {"hook": name} for name in ("anna", "bob", "carl", "dora", GONE)},
        "channels": {name: {"url": sink.url(path=f"{name}/{{hook}}")} for name in ("post", "text")},
        "sources": {"generic": {"token": SOURCE_TOKEN}},
        "response_tracking": {
            "timeouts": {"acknowledgment": {"critical": 2}, "updates": {"critical": 1}},
            "reminders": {"interval": {"critical": 600}, "max_reminders": 1, "channels": ["post"]},
        },
        "sla": {"definitions": {"critical": hour | {"acknowledgment_time": 6}, "high": hour}},
        "bundling": {"after": 0},
    }


class Live:
    """Six alerts at once; what people do about them; and their timelines when all is over."""

    def __init__(self, processes: Processes) -> None:
        self.api = Api(processes.url)
        self.ids: dict[str, int] = {}
        self.timelines: dict[str, list[dict[str, Any]]] = {}

    def play(self) -> "Live":
        for name in ("unanswered", "acknowledged", "escalated", "resolved", "cleared"):
            self._fires(name, "critical")
        self._fires("unreachable", "high")
        self._waits("escalated", "notified")
        self._says("escalated", "escalate", "anna")
        self._says("resolved", "resolve", "anna")
        self._fires("cleared", "critical", status="resolved")
        self._waits("acknowledged", "reminded")
        self._says("acknowledged", "ack", "anna")
        self._waits("escalated", "reminded")
        self._says("escalated", "ack", "bob")
        self._waits("acknowledged", "reminded", 2)
        self._says("acknowledged", "updates", "anna")
        for name in ("unanswered", "unreachable"):
            self._waits(name, "exhausted")
        time.sleep(0.5)  # for anything that should not come any more
        self.timelines = {name: self._timeline(name) for name in self.ids}
        return self

    def _fires(self, name: str, severity: str, status: str = "firing") -> None:
        body = {"title": name, "dedup_key": name, "severity": severity, "status": status}
        taken = self.api.post_until_accepted("/ingest/generic", body, SOURCE_TOKEN)
        self.ids[name] = taken["alerts"][0]["id"]

    def _says(self, name: str, what: str, by: str) -> None:
        self.api.post_until_accepted(f"/alerts/{self.ids[name]}/{what}", {"by": by}, API_TOKEN)

    def _waits(self, name: str, kind: str, count: int = 1) -> None:
        wait_for(lambda: self._count(name, kind) >= count, LONGEST, f"{kind} of {name}")

    def _count(self, name: str, kind: str) -> int:
        return [event["event"] for event in self._timeline(name)].count(kind)

    def _timeline(self, name: str) -> list[dict[str, Any]]:
        return list(self.api.get(f"/alerts/{self.ids[name]}/timeline")["events"])


@pytest.fixture(scope="module")
def live():
    with (
        tempfile.TemporaryDirectory(prefix="rung-simulation-") as folder,  # short: a socket's path has a limit
        HttpSink(provider) as sink,
        running(Path(folder), config_of(sink)) as processes,
    ):
        yield Live(processes).play()


def simulated(timeline: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The rows of a simulation in which everybody answers when they did live."""
    with HttpSink() as sink:
        rules = Rules(Config.model_validate(config_of(sink)))
    start = datetime.fromisoformat(timeline[0]["at"])
    simulation = Simulation(rules, start, unreachable=[GONE])
    simulation.receive("generic", [signal(name, "high" if name == "unreachable" else "critical")])
    answered = [event for event in timeline if event.get("by")]
    end = datetime.fromisoformat(timeline[-1]["at"])
    simulation.run([Act(datetime.fromisoformat(event["at"]), _answer(event)) for event in answered], end)
    return rows(simulation.happened, start)


def _answer(event: dict[str, Any]):
    command = Clear("generic") if event["via"] == "source" else ANSWERS[event["event"]](event["by"], "simulation")
    return lambda simulation: simulation.act(1, command)


def told(event: dict[str, Any]) -> tuple[Any, ...]:
    """What happened, on which level of which round, to whom, on which channel, and by whom."""
    place = (event["level"], event["round"]) if event["event"] in OWN_LEVEL else ()
    return (event["event"], *place, event.get("responder"), event.get("channel"), event.get("by"))


def expected_and_found(live: Live, name: str) -> tuple[list[Any], list[Any]]:
    timeline = [event for event in live.timelines[name] if event["event"] not in SILENT]
    return [told(event) for event in timeline], [told(row) for row in simulated(timeline, name)]


@pytest.mark.parametrize("name", ["unanswered", "acknowledged", "escalated", "resolved", "cleared", "unreachable"])
def test_the_same_happens_in_the_same_order_to_the_same_people_on_the_same_channels(live, name):
    expected, found = expected_and_found(live, name)
    assert found == expected


def test_the_plays_were_what_they_are_called(live):
    kinds = {name: [event["event"] for event in timeline] for name, timeline in live.timelines.items()}
    assert [(kinds["unanswered"].count(kind)) for kind in ("triggered", "escalated", "reminded", "exhausted")] == [
        1,
        3,
        4,
        1,
    ]
    assert {"sla_at_risk", "sla_breached"} <= set(kinds["unanswered"])
    assert "acknowledged" in kinds["acknowledged"]
    assert "updated" in kinds["acknowledged"]
    assert next(e["by"] for e in live.timelines["escalated"] if e["event"] == "escalated") == "anna"
    assert kinds["resolved"].count("resolved") == kinds["cleared"].count("resolved") == 1
    assert {"notification_failed", "failed_over", "skipped"} <= set(kinds["unreachable"])


def test_what_is_due_at_an_instant_happens_live_soon_after_it(live):
    """Within what counts as on time, so that small delays do not add up over the rounds."""
    timeline = [event for event in live.timelines["unanswered"] if event["event"] not in SILENT]
    start = datetime.fromisoformat(timeline[0]["at"])
    late = [
        (datetime.fromisoformat(event["at"]) - start).total_seconds() - row["offset_seconds"]
        for event, row in zip(timeline, simulated(timeline, "unanswered"), strict=True)
    ]
    assert all(0 <= each < 5 for each in late)
