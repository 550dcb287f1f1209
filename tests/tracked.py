"""A world with the tracking of the default config: its SLAs, reminders and timeouts are the requirement's."""

from datetime import datetime
from pathlib import Path

import yaml

from core.rules import Rules
from tests.samples import T0, config
from tests.worlds import World

TRACKING = yaml.safe_load((Path(__file__).parents[1] / "config" / "tracking.yaml").read_text("utf-8"))
TRACKED = Rules(config(**TRACKING))


def tracked(client, start: datetime = T0, **changes) -> World:
    """`changes` are sections of the config that are not the default's."""
    world = World(client, config(**TRACKING | changes))
    world.now = start
    return world


def pausing(*causes: str) -> dict:
    return {"sla": TRACKING["sla"] | {"pause_on": list(causes)}}


def with_tracking(**fields) -> dict:
    return {"response_tracking": TRACKING["response_tracking"] | fields}


def events(world: World, alert_id: int, *kinds: str) -> list[dict]:
    return [event for event in world.store.timeline(alert_id) if event["event"] in kinds]


def marks(world: World, alert_id: int) -> list[tuple[str, str, str, str]]:
    """(when, what, of which clock, its deadline) of every mark in the timeline; instants as `20T17:00:00`."""
    found = events(world, alert_id, "sla_at_risk", "sla_breached")
    return [(_short(e["at"]), e["event"].removeprefix("sla_"), e["clock"], _short(e["deadline"])) for e in found]


def reminders(world: World, alert_id: int) -> list[tuple[float, str]]:
    """(seconds since T0, what of) of every reminder in the timeline."""
    return [
        ((datetime.fromisoformat(event["at"]) - T0).total_seconds(), event["reason"])
        for event in events(world, alert_id, "reminded")
    ]


def heard(world: World, word: str) -> list[tuple[str, str, str]]:
    """(responder, channel, title) of every message whose title begins with a word."""
    return [each for each in world.told() if each[2].startswith(word)]


def bodies(world: World, word: str) -> list[str]:
    messages = reversed(world.ledger.messages(1000))
    return [message["body"] for message in messages if message["title"].startswith(word)]


def _short(instant: str) -> str:
    return datetime.fromisoformat(instant).strftime("%dT%H:%M:%S")
