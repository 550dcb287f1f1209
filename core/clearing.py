"""What a source that says "it is over" means for an alert, and a source that says nothing any more.

Usually the alert is resolved. One that groups several signals is when the last of them is over. One whose source
changes its mind all the time stays open until it has settled; one that only people resolve stays open until they do.
"""

from datetime import datetime, timedelta

from core.answers import close
from core.commands import Clear
from core.decision import Draft
from core.due import source_quiet_at
from core.rules import Rules
from core.timeline import EventKind
from core.times import say_duration

_ONLY_PEOPLE = "the source says that it is over; only people resolve this alert"


def clear(draft: Draft, command: Clear, rules: Rules) -> str:
    """Resolve it, unless its source's word is not enough."""
    alert = draft.alert
    if command.member in alert.members:
        draft.change(members=tuple(member for member in alert.members if member != command.member))
    if draft.alert.members or alert.is_overfull:
        return "counted"
    if alert.cleared_at is not None:
        return "ignored"
    note_change(draft, rules)
    draft.change(cleared_at=draft.now)
    if not alert.auto_resolves or draft.alert.is_flapping:
        _say_why_it_stays(draft, command)
        return "counted"
    _resolve(draft, command.source, rules)
    return "resolved"


def ignore(_draft: Draft, _command: Clear, _rules: Rules) -> str:
    """Ignore a source that repeats what is known."""
    return "ignored"


def note_change(draft: Draft, rules: Rules) -> None:
    """Remember that the source changed its mind, and say so once it does it too often."""
    flapping = rules.config.flapping
    if not flapping.changes:
        return
    calm_down(draft)
    alert, window = draft.alert, timedelta(seconds=flapping.window)
    changes = (*(each for each in alert.changes if each > draft.now - window), draft.now)
    changes = changes[-flapping.changes - 1 :]
    draft.change(changes=changes)
    if len(changes) > flapping.changes and not alert.is_flapping:
        draft.record(EventKind.FLAPPING, changes=len(changes), within=say_duration(draft.now - changes[0]))
    if len(changes) > flapping.changes or alert.is_flapping:
        draft.change(flapping_until=draft.now + window)


def calm_down(draft: Draft) -> bool:
    """Believe a source again that has not changed its mind for long enough; say whether it became so now."""
    until = draft.alert.flapping_until
    if until is None or until > draft.now:
        return False
    draft.change(flapping_until=None, changes=())
    return True


def settle_source(draft: Draft, rules: Rules) -> bool:
    """Do what is due because the source settled or fell silent; say whether that resolved the alert."""
    alert = draft.alert
    if calm_down(draft) and alert.cleared_at is not None and alert.auto_resolves:
        _resolve(draft, alert.source, rules, f"it has been over for {_since(draft, alert.cleared_at)}")
        return True
    quiet_at = source_quiet_at(alert)
    if quiet_at is not None and quiet_at <= draft.now:
        _resolve(draft, alert.source, rules, f"nothing was heard of it for {_since(draft, alert.last_signal_at)}")
        return True
    return False


def _say_why_it_stays(draft: Draft, command: Clear) -> None:
    if not draft.alert.is_flapping:  # that was said, and each of its changes would be another line
        draft.record(EventKind.UPDATED, by=command.source, via="source", note=_ONLY_PEOPLE)


def _resolve(draft: Draft, source: str, rules: Rules, reason: str = "") -> None:
    why = {"reason": reason} if reason else {}
    number = draft.record(EventKind.RESOLVED, by=source, via="source", **why)
    close(draft, number, source, rules)


def _since(draft: Draft, then: datetime) -> str:
    return say_duration(draft.now - then)
