"""Lint: what `rung check` says about a config that Rung takes: what will not work as one thinks. Pure.

A rule is a function: it looks at a Survey and gives findings. It says nothing about what may be meant as it is written,
and where it cannot know, it is advice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from core.config.raw import Raw
from core.lint import channels, coverage, doubled, dst, durations, reaching, silencing, sla_order, starving, ways_in
from core.lint.codes import Code, FindingSeverity
from core.lint.faults import is_refused, is_unreadable, of_faults
from core.lint.finding import Finding
from core.lint.survey import Survey
from core.rules import Rules

DAYS = 90

Rule = Callable[[Survey], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    reaching.unreachable_people,
    reaching.people_never_woken,
    reaching.dead_levels,
    reaching.unused,
    reaching.empty_catch_all,
    coverage.uncovered_ladders,
    coverage.uncovered_levels,
    coverage.uncovered_catch_all,
    doubled.same_people,
    starving.starved_members,
    starving.hidden_layers,
    sla_order.late_levels,
    sla_order.late_policies,
    sla_order.late_reminders,
    sla_order.contradicting_definitions,
    durations.idle_delays,
    durations.idle_repeats,
    durations.missed_reminders,
    durations.unreminded_expiry,
    durations.edge_thresholds,
    durations.early_auto_resolve,
    durations.slow_bundles,
    durations.short_facts,
    durations.graceless_heartbeats,
    silencing.hiding_silences,
    channels.missing_credentials,
    channels.unmailable_reports,
    ways_in.half_set_replies,
    dst.changing_clocks,
)

__all__ = [
    "DAYS",
    "RULES",
    "Code",
    "Finding",
    "FindingSeverity",
    "in_files",
    "is_refused",
    "is_unreadable",
    "lint",
    "of_faults",
]


def lint(rules: Rules, now: datetime, days: int = DAYS, written: Raw | None = None) -> list[Finding]:
    """Give what is to be said about a config, the worst first and by place, looking so many days ahead from `now`.

    `written` is what the config was made of: from it findings know in which file something stands.
    """
    raw = written or Raw("")
    survey = Survey(rules, now, days, raw)
    found = (finding for rule in RULES for finding in rule(survey))
    return sorted(in_files(found, raw), key=lambda finding: finding.rank)


def in_files(findings: Iterable[Finding], written: Raw) -> Iterator[Finding]:
    """Give findings with the file in which each stands: the folder when it is in none."""
    for finding in findings:
        section = finding.path.partition(".")[0].partition("[")[0]
        file = written.files.get(section, written.folder) if finding.path else ""
        yield replace(finding, file=file)
