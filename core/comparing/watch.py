"""What is owed by when, and on what people are told when it is not: SLA clocks and reminders, by the rules.

Not simulated: what is owed does not depend on when an alert comes in, only on which instants it falls.
"""

from collections.abc import Iterator, Mapping

from core.comparing.ladder import Way
from core.comparing.phrases import exactly, joined
from core.comparing.spans import say_days
from core.config import Config
from core.rules import Rules
from core.score_words import CLOCKS
from core.sla_clock import ClockKind
from core.sla_rules import Owed


def sla_changes(old: tuple[Way, Rules], new: tuple[Way, Rules]) -> Iterator[str]:
    """Say what differs in what is owed, by when it is at risk, in which hours, and who is told on which channels."""
    before, after = _owed(*old), _owed(*new)
    for kind in ClockKind:
        if before.get(kind) != after.get(kind):
            yield f"SLA {CLOCKS[kind]}: {_change(before.get(kind), after.get(kind))}"
    both = [kind for kind in ClockKind if kind in before and kind in after]
    if any(before[kind].in_business_hours and after[kind].in_business_hours for kind in both):
        hours = [_hours(rules.config) for _, rules in (old, new)]
        if hours[0] != hours[1]:
            yield f"SLA business hours: {hours[1]} instead of {hours[0]}"
    yield from _notices(both, old[1], new[1])


def reminder_channel_changes(old: Config, new: Config) -> Iterator[str]:
    """Say on which other channels reminders go out."""
    written = [each.response_tracking.reminders for each in (old, new)]
    before, after = (each.channels for each in written)
    if all(each.enabled and each.max_reminders for each in written) and set(before) != set(after):
        yield f"reminders: by {_channels(after)} instead of {_channels(before)}"


def _owed(way: Way, rules: Rules) -> Mapping[ClockKind, Owed]:
    return {each.kind: each for each in rules.sla.owed(way.severity, way.policy)}


def _change(old: Owed | None, new: Owed | None) -> str:
    if new is None:
        return "none any more"
    if old is None:
        return f"{_within(new)}, where there was none"
    if old.in_business_hours != new.in_business_hours:
        hours = [_of_hours(each) or " around the clock" for each in (old, new)]
        return f"within {exactly(new.within)}{hours[1]} instead of {exactly(old.within)}{hours[0]}"
    if old.within != new.within:
        return f"within {exactly(new.within)} instead of {exactly(old.within)}{_of_hours(new)}"
    return f"at risk after {exactly(new.at_risk_after)} instead of {exactly(old.at_risk_after)}"


def _within(owed: Owed) -> str:
    return f"within {exactly(owed.within)}{_of_hours(owed)}"


def _of_hours(owed: Owed) -> str:
    return " of business hours" if owed.in_business_hours else ""


def _hours(config: Config) -> str:
    hours = config.sla.business_hours
    if hours is None:
        return "none"
    zone = hours.timezone or config.timezone
    return f"{say_days(sorted(hours.weekdays))} {hours.start_time:%H:%M} to {hours.end_time:%H:%M} {zone}"


def _notices(kinds: list[ClockKind], old: Rules, new: Rules) -> Iterator[str]:
    """Say on which other channels the marks of these clocks are told, alike ones together."""
    alike: dict[str, list[str]] = {}
    for kind in kinds:
        before, after = old.sla.channels_for(kind), new.sla.channels_for(kind)
        if set(before) != set(after):
            alike.setdefault(f"by {_channels(after)} instead of {_channels(before)}", []).append(CLOCKS[kind])
    yield from (f"SLA {joined(names)}: told {change}" for change, names in alike.items())


def _channels(names: tuple[str, ...]) -> str:
    return joined(names) if names else "those of the level"
