"""`rung simulate` as a terminal runs it, on the default config unless told otherwise."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from functions.commands import main

DEFAULT = Path(__file__).parents[2] / "config"
FRIDAY = "2026-11-20T16:30:00+00:00"  # user1 and user4 are on call

Row = dict[str, Any]


def simulate(*words: object, config: Path = DEFAULT, **env: str | None) -> Result:
    """Run it and give what it said and how it exited."""
    return CliRunner().invoke(main, ["simulate", "--config", str(config), *map(str, words)], env=env)


def rows(*words: object, **given: Any) -> list[Row]:
    """The rows of a simulation that begins on that Friday."""
    said = simulate("--at", FRIDAY, *words, "--json", **given)
    assert said.exit_code == 0, said.output
    return list(json.loads(said.stdout))


def told(found: list[Row]) -> list[tuple[Any, ...]]:
    """(seconds, event, level, round) of everything but who was told and what became of that."""
    silent = {"notified", "notification_failed", "failed_over"}
    return [(r["offset_seconds"], r["event"], r["level"], r["round"]) for r in found if r["event"] not in silent]


def firings(found: list[Row]) -> list[tuple[Any, ...]]:
    """(seconds, event, level, its name, round) of levels that fired, and of the end."""
    kinds = {"triggered", "escalated", "exhausted"}
    return [
        (r["offset_seconds"], r["event"], r["level"], r["level_name"], r["round"]) for r in found if r["event"] in kinds
    ]


def pages(found: list[Row], second: float) -> list[tuple[str, str]]:
    """(responder, channel) of whom was told anything at a second."""
    return [(r["responder"], r["channel"]) for r in found if r["event"] == "notified" and r["offset_seconds"] == second]


def marks(found: list[Row]) -> list[tuple[str, str, str]]:
    """(instant, event, clock) of the SLA marks."""
    return [(r["at"], r["event"], r["clock"]) for r in found if r["event"].startswith("sla_")]


def reminders(found: list[Row]) -> list[tuple[float, str]]:
    """(seconds, what of)."""
    return [(r["offset_seconds"], r["reason"]) for r in found if r["event"] == "reminded"]
