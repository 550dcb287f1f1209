"""Policies: by which one each event of a timeline went. The alert's record holds the last one only.

The one before an alert was opened again is in the record of that time. The one before it got worse is nowhere; config
has one of that name, which may have changed since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.config.policy import Policy
from core.severity import Severity
from core.timeline import EventKind
from core.times import rfc3339
from core.why.case import Case, Event

_BEGINNINGS = frozenset({EventKind.ROUTED, EventKind.REOPENED, EventKind.SEVERITY_CHANGED})


@dataclass(frozen=True, slots=True)
class Kept:
    """A policy and its name. `is_copied`: it is the very one the alert went by, and not what config has now."""

    name: str
    policy: Policy
    is_copied: bool = True


def policies(case: Case) -> list[Kept | None]:
    """Give for each event the policy that was in force from it on; None where it is not kept."""
    beginnings = [place for place, event in enumerate(case.events) if event["event"] in _BEGINNINGS]
    found: list[Kept | None] = [None] * len(case.events)
    for start, end in pairwise(sorted({0, *beginnings, len(case.events)})):
        kept = next(
            (each for each in _candidates(case, start, end) if _fits(each.policy, case.events[start:end])), None
        )
        found[start:end] = [kept] * (end - start)
    return found


def _candidates(case: Case, start: int, end: int) -> Iterator[Kept]:
    if end == len(case.events):
        yield Kept(case.alert.policy_name, case.alert.policy)
        return
    if case.events[end]["event"] == EventKind.REOPENED:
        over = [event["at"] for event in case.events[start:end] if event["event"] == EventKind.RESOLVED]
        records = (each for each in case.before if each.resolved_at and rfc3339(each.resolved_at) in over)
        yield from (Kept(record.policy_name, record.policy) for record in records)
    first = case.events[start]
    if "policy" in first and first["policy"] in case.rules.config.escalation.policies:
        name, policy = case.rules.policy_for(case.alert.source, Severity(first["severity"]), first["policy"])
        yield Kept(name, policy, is_copied=False)


def _fits(policy: Policy, events: Sequence[Event]) -> bool:
    """Say whether the levels that these events name are those of the policy."""
    names = [level.level for level in policy.levels]
    named = [(event["level"], event["level_name"]) for event in events if "level_name" in event]
    return all(level < len(names) and names[level] == name for level, name in named)
