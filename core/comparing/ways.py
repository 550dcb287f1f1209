"""What differs between the ways that alerts of a case take under two configs, whenever and to whomever."""

from collections.abc import Iterator
from datetime import timedelta

from core.comparing.changes import Change, Kind
from core.comparing.course import course_of, reminder_changes, reminding, round_changes, timing
from core.comparing.ladder import Way
from core.comparing.phrases import exactly
from core.comparing.watch import reminder_channel_changes, sla_changes
from core.rules import Rules


def way_changes(old: tuple[Way, Rules], new: tuple[Way, Rules]) -> Iterator[Change]:
    """Say what differs in policy, severity, rounds, reminders, SLA, and in what resolves an alert."""
    before, after = old[0], new[0]
    if before.policy_name != after.policy_name:
        yield Change(Kind.POLICY, f"takes the policy {after.policy_name} instead of {before.policy_name}")
    if before.severity is not after.severity:
        yield Change(Kind.POLICY, f"is made {after.severity.value} instead of {before.severity.value}")
    resolved = [_resolves(before), _resolves(after)]
    if resolved[0] != resolved[1]:
        yield Change(Kind.RESOLVING, f"is resolved {resolved[1]} instead of {resolved[0]}")
    yield from _course(old, new)
    yield from (Change(Kind.SLA, text) for text in sla_changes(old, new))
    yield from (Change(Kind.REMINDERS, text) for text in reminder_channel_changes(old[1].config, new[1].config))


def _resolves(way: Way) -> str:
    if way.quiet_after is not None:
        return f"after {exactly(timedelta(seconds=way.quiet_after))} of silence of its source"
    return "when its source says so" if way.auto_resolves else "by people only"


def _course(old: tuple[Way, Rules], new: tuple[Way, Rules]) -> Iterator[Change]:
    """Say what differs in rounds and reminders; not in what of the reminders only follows from other rounds."""
    has_other_rounds, has_other_reminders = timing(*old) != timing(*new), reminding(*old) != reminding(*new)
    if not has_other_rounds and not has_other_reminders:
        return
    before, after = course_of(old[0], old[1].config), course_of(new[0], new[1].config)
    yield from (Change(Kind.ROUNDS, text) for text in round_changes(before, after))
    if has_other_reminders:
        yield from (Change(Kind.REMINDERS, text) for text in reminder_changes(before, after))
