"""`rung check` of a large config: 200 people, 50 rotations with layers and restrictions, 20 policies, 90 days."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from benchmarks.measures import Row
from benchmarks.stack import ROOT

PEOPLE, ROTATIONS, POLICIES = 200, 50, 20
GOAL = 3.0  # seconds
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC")
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def rows(runs: int = 5) -> list[Row]:
    """Run the command as an operator does, from a cold start."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "large.yaml").write_text(yaml.safe_dump(_config()), "utf-8")
        seconds = statistics.median(_seconds(folder) for _ in range(runs))
    return [
        Row(
            f"`rung check` of {PEOPLE} people, {ROTATIONS} rotations, 90 days",
            f"< {GOAL:.0f} s",
            f"{seconds:.2f} s",
            f"{POLICIES} policies of 3 levels, 3 layers a rotation, from a cold start",
            seconds < GOAL,
        )
    ]


def _seconds(folder: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "functions.commands", "check", folder, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return time.perf_counter() - began


def _config() -> dict:
    names = [f"p{number}" for number in range(PEOPLE)]
    people = {name: {"email": f"{name}@example.com", "phone": f"+1555010{n:04}"} for n, name in enumerate(names)}
    return {
        "escalation": {
            "default_policy": "policy0",
            "catch_all": ["p0"],
            "policies": {f"policy{number}": _policy(number) for number in range(POLICIES)},
        },
        "rotations": {f"r{number}": _rotation(number, names) for number in range(ROTATIONS)},
        "people": people,
        "channels": {
            "email": {"url": "mailtos://rung:secret@smtp.example.com?to={email}"},
            "sms": {"url": "twilio://AC1:secret@+15550109999/{phone}"},
        },
        "routes": [{"match": {"labels": {"team": f"t{n}"}}, "policy": f"policy{n}"} for n in range(POLICIES)],
        "holidays": {"countries": ["DE-BY", "US-CA"]},
    }


def _policy(number: int) -> dict:
    responders = [f"r{(number * 3 + step) % ROTATIONS}" for step in range(3)]
    levels = [
        {"level": name, "delay": 0, "timeout": "10m", "notification_channels": ["email", "sms"], "responders": [who]}
        for name, who in zip(("primary", "secondary", "manager"), responders, strict=True)
    ]
    return {"levels": levels, "repeat_interval": "2h", "max_repeats": 2, "sla_timeout": "2h"}


def _rotation(number: int, names: list[str]) -> dict:
    """Give a rotation of office hours by the day, its nights by the week, and its weekends and holidays beside."""
    own = [names[(number * 4 + step) % PEOPLE] for step in range(12)]
    office = [{"weekdays": WORKDAYS, "from": "09:00", "to": "17:00", "holidays": "excluded"}]
    night = [{"weekdays": WORKDAYS, "from": "17:00", "to": "09:00"}]
    weekend = [{"weekdays": ["saturday", "sunday"]}, {"holidays": "only"}]
    return {
        **_turns("daily", own[:5]),
        "timezone": ZONES[number % len(ZONES)],
        "restrictions": office,
        "layers": [
            {**_turns("weekly", own[5:9]), "restrictions": night},
            {**_turns("weekly", own[9:]), "restrictions": weekend},
        ],
    }


def _turns(kind: str, members: list[str]) -> dict:
    monday = {"handoff_day": "monday"} if kind == "weekly" else {}
    return {"type": kind, "members": members, "start_time": "09:00", **monday}


if __name__ == "__main__":
    for row in rows():
        print(row)
