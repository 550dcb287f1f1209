"""How long foresight takes: `rung simulate` from a cold start, and a year of simulated time in the processor's time."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from benchmarks.measures import Row
from benchmarks.stack import ROOT
from core.adapters.config_files import load
from core.commands import Fire, Wake
from core.config import Config
from core.decision import Decision
from core.lifecycle import decide, trigger
from core.rules import Rules
from core.severity import Severity
from core.signals import Signal, SignalStatus
from core.simulation.run import Act, Simulation

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
COLD = 0.5  # seconds
GOAL = 1.0  # seconds
_SOURCE = "generic"


def rows(runs: int = 5) -> list[Row]:
    """Start the command, and let a year pass in several ways, on the default config."""
    rules = Rules(load(ROOT / "config", {"RUNG_SOURCE_TOKEN": "stand-in"}))
    bare = _processor_seconds(lambda: _bare_decisions(rules), 1) * YEAR.days
    said = f"its decisions alone, without store, pages and clock, {bare:.2f} s"
    each = {severity: _processor_seconds(lambda it=severity: _one(rules, it), runs) for severity in Severity}
    slowest = max(each, key=lambda severity: each[severity])
    medium = _processor_seconds(lambda: _one(_repeating(rules.config, Severity.MEDIUM), Severity.MEDIUM), runs)
    daily = _processor_seconds(lambda: _daily(rules), max(1, runs // 2))
    return [
        _cold(runs),
        _row(f"a year ahead of one alert, the slowest policy ({slowest.value})", each[slowest], ""),
        _row("one medium alert that repeats its rounds all year", medium, "1,096 rounds"),
        _row("a critical alert every day of a year, none answered", daily, said),
    ]


def _row(what: str, seconds: float, baseline: str) -> Row:
    return Row(f"simulation: {what}", f"< {GOAL:g} s", _said(seconds), baseline, seconds < GOAL)


def _said(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms" if seconds < GOAL / 10 else f"{seconds:.2f} s"


def _cold(runs: int) -> Row:
    """From the start of the process to its end; the bytecode is there, as after the first time."""
    python, rung = [sys.executable, "-c", "pass"], [sys.executable, "-m", "functions.commands"]
    commands = (python, [*rung, "--help"], [*rung, "simulate", "--severity", "critical"])
    spans: list[list[float]] = [[], [], []]
    for _ in range(runs + 1):
        for kept, command in zip(spans, commands, strict=True):
            kept.append(_wall_seconds(command))
    bare, help_page, simulate = (statistics.median(kept[1:]) for kept in spans)
    said = f"`python -c pass` {bare:.2f} s, `rung --help` {help_page:.2f} s"
    return Row("`rung simulate` from a cold start", f"<= {COLD} s", f"{simulate:.2f} s", said, simulate <= COLD)


def _wall_seconds(command: list[str]) -> float:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def _processor_seconds(run: Callable[[], object], runs: int) -> float:
    spans = []
    for _ in range(runs):
        began = time.process_time()
        run()
        spans.append(time.process_time() - began)
    return statistics.median(spans)


def _one(rules: Rules, severity: Severity) -> Simulation:
    simulation = Simulation(rules, START)
    simulation.receive(_SOURCE, [_signal("one", severity)])
    simulation.run(until=START + YEAR)
    return simulation


def _daily(rules: Rules) -> Simulation:
    simulation = Simulation(rules, START)
    simulation.run((Act(START + timedelta(days=day), _fires(day)) for day in range(YEAR.days)), START + YEAR)
    return simulation


def _fires(day: int) -> Callable[[Simulation], None]:
    def do(simulation: Simulation) -> None:
        simulation.receive(_SOURCE, [_signal(f"of day {day}", Severity.CRITICAL)])

    return do


def _repeating(config: Config, severity: Severity) -> Rules:
    """Give rules by which the rounds of a severity's policy repeat for a year."""
    policy = config.escalation.policies[severity.value]
    often = policy.model_copy(update={"max_repeats": int(YEAR.total_seconds()) // policy.repeat_interval})
    policies = {**config.escalation.policies, severity.value: often}
    escalation = config.escalation.model_copy(update={"policies": policies})
    return Rules(config.model_copy(update={"escalation": escalation}))


def _bare_decisions(rules: Rules) -> int:
    """Decide what becomes of one critical alert that nobody answers, and keep nothing."""
    signal = _signal("bare", Severity.CRITICAL)
    fire = Fire(_SOURCE, signal, Severity.CRITICAL, *rules.policy_for(_SOURCE, Severity.CRITICAL))
    alert, count = trigger(1, fire, START, rules).alert, 1
    while alert.wake_at is not None:
        decision = decide(alert, Wake(), alert.wake_at, rules)
        assert isinstance(decision, Decision)
        alert, count = decision.alert, count + 1
    return count


def _signal(key: str, severity: Severity) -> Signal:
    return Signal(SignalStatus.FIRING, key, "Disk is full", severity.value)
