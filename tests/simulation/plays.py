"""Plays: what a source sends and what people do, played live (in simulated time) and through the simulation."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from core.commands import Acknowledge, Clear, Command, Escalate, Reassign, Resolve, Snooze, Update
from core.config import Config
from core.engine import RefusedError
from core.outcomes import Outcome, OutcomeKind
from core.rules import Rules
from core.signals import Signal
from core.simulation.beginnings import next_beginning
from core.simulation.run import Act, Simulation
from tests.samples import T0, at, cleared, signal
from tests.worlds import World

SOURCE = "generic"
MANY = 1000
A_MOMENT = timedelta(microseconds=1)
# What comes in no order, because senders work side by side.
OUTCOMES = frozenset({"delivered", "notification_failed", "failed_over"})

# Of an alert: the events of its timeline. By its key, since a failing channel makes operators an alert live.
Stories = dict[str, list[list[dict[str, Any]]]]


@dataclass(frozen=True)
class Deed:
    """Something happens so many seconds after T0, about the alert of a key; `word` is the rest of it."""

    at: int
    verb: str
    key: str = "a"
    by: str = "user1"
    word: Any = None


@dataclass(frozen=True)
class Play:
    """Deeds, and what fails all the while."""

    deeds: Sequence[Deed]
    unreachable: Sequence[str] = ()
    down: Sequence[str] = ()
    lasts: int = 40_000


@dataclass
class Played:
    """What came of a play: stories, and what was refused, when and why."""

    stories: Stories
    refused: list[tuple[float, str]] = field(default_factory=list)


def command_of(deed: Deed) -> Command:
    """The command of a deed that is about an alert."""
    if deed.verb == "snooze":
        return Snooze(deed.by, "simulation", until=at(deed.at + deed.word))
    if deed.verb == "reassign":
        return Reassign(deed.by, "simulation", to=deed.word)
    if deed.verb == "clear":
        return Clear(SOURCE)
    kinds = {"ack": Acknowledge, "update": Update, "resolve": Resolve, "escalate": Escalate}
    return kinds[deed.verb](deed.by, "simulation")


def signals_of(deed: Deed) -> list[Signal]:
    """The signals of a deed in which a source reports something; `word` is a list of (key, severity or None)."""
    return [signal(key, severity) if severity else cleared(key) for key, severity in deed.word]


def live(client, config: Config, play: Play) -> Played:
    """Play it through the engine, the scripts, a real Redis and the dispatcher."""
    client.flushall()
    world = World(client, config, slots=MANY)
    world.sender.outcomes = {
        **{f"/{person}/": Outcome(OutcomeKind.REJECTED, "unreachable") for person in play.unreachable},
        **{f"//{channel}.": Outcome(OutcomeKind.UNAVAILABLE, "down") for channel in play.down},
    }
    scheduler, refused = _Scheduler(world), []
    for deed in sorted(play.deeds, key=lambda deed: deed.at):
        scheduler.passes_until(at(deed.at), is_included=False)
        if deed.verb == "send":
            world.receive(*signals_of(deed))
            world.send()
        elif number := _last(_numbers(client), deed.key):
            try:
                world.says(number, command_of(deed))
            except RefusedError as error:
                refused.append((float(deed.at), _without_number(str(error))))
    scheduler.passes_until(at(play.lasts), is_included=True)
    return Played(_stories({n: world.store.timeline(n) for n in _numbers(client)}, _numbers(client)), refused)


class _Scheduler:
    """Lets time pass; when a silence begins it has open alerts reviewed, as the scheduler does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._begins = next_beginning(world.rules.silences, world.now)

    def passes_until(self, until: datetime, *, is_included: bool) -> None:
        world = self._world
        while self._begins and self._begins < until + is_included * A_MOMENT:
            world.passes_until(self._begins, is_included=False)
            world.engine.drain()
            world.engine.review(world.store.open_ids(0, MANY))
            world.send()
            self._begins = next_beginning(world.rules.silences, self._begins)
        world.passes_until(until, is_included=is_included)


def simulated(config: Config, play: Play) -> Played:
    """Play it through the simulation."""
    simulation = run(config, play)
    timelines: dict[int, list[dict[str, Any]]] = {}
    for each in simulation.happened:
        timelines.setdefault(each.alert.id, []).append(json.loads(each.event.dump()))
    refused = [((each.at - T0).total_seconds(), _without_number(each.reason)) for each in simulation.refusals]
    return Played(_stories(timelines, _keys(simulation)), refused)


def run(config: Config, play: Play) -> Simulation:
    """Give the simulation of a play, at its end."""
    simulation = Simulation(Rules(config), T0, play.unreachable, play.down)
    simulation.run([Act(at(deed.at), _doing(deed)) for deed in play.deeds], at(play.lasts))
    return simulation


def _doing(deed: Deed):
    def do(simulation: Simulation) -> None:
        if deed.verb == "send":
            simulation.receive(SOURCE, signals_of(deed))
        elif number := _last(_keys(simulation), deed.key):
            simulation.act(number, command_of(deed))

    return do


def _keys(simulation: Simulation) -> dict[int, str]:
    return {each.alert.id: each.alert.dedup_key for each in simulation.happened}


def _numbers(client) -> dict[int, str]:
    records = {int(key.rsplit(b":")[-1]): json.loads(client.hget(key, "d")) for key in client.keys("rung:alert:*")}
    return {n: record["dedup_key"] for n, record in sorted(records.items()) if record["source"] == SOURCE}


def _last(keys: Mapping[int, str], key: str) -> int | None:
    return max((number for number, each in keys.items() if each == key), default=None)


def _stories(timelines: Mapping[int, list[dict[str, Any]]], keys: Mapping[int, str]) -> Stories:
    stories: Stories = {}
    for number in sorted(timelines):
        stories.setdefault(keys[number], []).append(list(_comparable(timelines[number])))
    return stories


def _comparable(timeline: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The events without what a provider says and what names the alert; outcomes of one instant sorted."""
    for (instant, are_outcomes), events in groupby(timeline, lambda e: (e["at"], e["event"] in OUTCOMES)):
        del instant
        bare = [_bare(event) for event in events]
        yield from sorted(bare, key=json.dumps) if are_outcomes else bare


def _without_number(reason: str) -> str:
    return re.sub(r"^alert \d+", "it", reason)


def _bare(event: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in event.items() if name != "provider_id"}
    if "response_id" in kept:
        kept["response_id"] = kept["response_id"].rpartition("-")[2]
    if event["event"] == "notification_failed":
        del kept["reason"]
    return kept
