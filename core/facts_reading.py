"""From an alert's record, timeline and ledger to its row of facts."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from core.alert import Alert
from core.facts import Clock, Facts, Instant, Life, Sent, Stay, to_ms
from core.ledger import Entry, Key, State
from core.timeline import EventKind

# The SLA of an alert as its JSON has it: a clock, or null where nothing is owed, under each of these names.
CLOCKS = ("acknowledgment", "resolution", "policy")
Sla = Mapping[str, Any]

_FIRED = frozenset({EventKind.TRIGGERED, EventKind.ESCALATED})
USED_UP = "the ladder was used up"
_LONGEST_TITLE = 120
_ENDED = frozenset({State.SENT, State.FAILED})


def facts_of(  # noqa: PLR0917 - the three things that are read come first
    alert: Alert,
    events: Iterable[Mapping[str, Any]],
    ledger: Mapping[str, Entry],
    sla: Sla | None = None,
    labels: Collection[str] = (),
    before: Iterable[tuple[Alert, Sla | None]] = (),
) -> Facts:
    """Give the row of an alert. `sla` is its outcome so far, `labels` are those to keep.

    `before` is the alert as it was each time it was over and opened again later, with its outcome then.
    """
    story = _Story(alert)
    for event in events:
        story.tell(event)
    return Facts(
        id=alert.id,
        title=alert.title[:_LONGEST_TITLE],
        source=alert.source,
        severity=alert.severity.value,
        policy=alert.policy_name,
        labels={name: value for name, value in alert.labels.items() if name in labels},
        signals=alert.count,
        lives=_with_clocks(story, sla, before),
        stays=tuple(story.stays),
        fired=tuple(story.fired),
        rounds=tuple(story.rounds),
        exhausted=tuple(story.exhausted),
        reminders=tuple(story.reminders),
        sent=tuple(sorted(_sent(alert.id, ledger), key=lambda sent: sent.settled_at)),
    )


def clocks_of(sla: Sla | None) -> tuple[Clock, ...]:
    """Give the clocks of an SLA as the alert's JSON has it; none when nothing is owed."""
    found = ((name, sla.get(name)) for name in CLOCKS) if sla else ()
    return tuple(
        Clock(name, _instant(clock["deadline"]), _maybe(clock.get("met_at")), _maybe(clock.get("breached_at")))
        for name, clock in found
        if clock
    )


class _Story:
    """Reads a timeline, event by event. Lives inside one call."""

    def __init__(self, alert: Alert) -> None:
        self.lives = [Life(to_ms(alert.created_at))]
        self.breached: list[list[Clock]] = [[]]
        self.stays: list[Stay] = []
        self.fired: list[tuple[str, Instant]] = []
        self.rounds: list[Instant] = []
        self.exhausted: list[Instant] = []
        self.reminders: list[Instant] = []
        self._round = 0
        self._level = ""  # where it stands unanswered
        self._reached = ""  # how far it had come when somebody answers
        self._since: Instant | None = None  # None under a silence, and when it stands nowhere
        self._stood = 0  # before the silence
        self._is_silenced = False

    def tell(self, event: Mapping[str, Any]) -> None:
        """Take in one event, in order."""
        kind, at = event["event"], _instant(event["at"])
        if kind in _FIRED:
            self._fires(event, at)
        elif _is_answer(event):
            self._is_answered(event, at)
        elif kind == EventKind.REMINDED:
            self.reminders.append(at)
        elif kind == EventKind.SLA_BREACHED:
            self._is_breached(event, at)
        else:
            self._goes_on(kind, event, at)
        if kind == EventKind.RESOLVED:
            self._stands_still(at)
            self.lives[-1] = self.lives[-1]._replace(resolved_at=at, resolved_by=str(event.get("by", "")))

    def _goes_on(self, kind: str, event: Mapping[str, Any], at: Instant) -> None:
        if kind == EventKind.SKIPPED and "level" in event:
            self._stands_still(at)
        elif kind == EventKind.EXHAUSTED:
            self._stands_still(at)
            self._reached = USED_UP
            self.exhausted.append(at)
        elif kind == EventKind.SUPPRESSED:
            self._waits(at)
        elif kind == EventKind.UNSUPPRESSED and self._is_silenced:
            self._is_silenced, self._since = False, at if self._level else None
        elif kind == EventKind.REOPENED:
            self.lives.append(Life(at))
            self.breached.append([])
            self._round, self._reached, self._is_silenced = 0, "", False

    def _fires(self, event: Mapping[str, Any], at: Instant) -> None:
        self._stands_still(at)
        if event["round"] > self._round:
            self.rounds.append(at)
        self._round, self._since = event["round"], None if self._is_silenced else at
        self._level = self._reached = f"{event['level'] + 1} ({event['level_name']})"
        self.fired.append((self._level, at))

    def _waits(self, at: Instant) -> None:
        if self._since is not None:
            self._stood += at - self._since
        self._since, self._is_silenced = None, True

    def _stands_still(self, at: Instant) -> None:
        if self._level:
            stood = self._stood + (at - self._since if self._since is not None else 0)
            self.stays.append(Stay(self._level, at - stood, at))
        self._level, self._since, self._stood = "", None, 0

    def _is_answered(self, event: Mapping[str, Any], at: Instant) -> None:
        self._stands_still(at)
        if self.lives[-1].answered_at is None:
            self.lives[-1] = self.lives[-1]._replace(
                answered_at=at,
                answered_by=str(event.get("by") or ""),
                answered_via=str(event.get("via") or ""),
                answered_level=self._reached,
            )

    def _is_breached(self, event: Mapping[str, Any], at: Instant) -> None:
        deadline = _maybe(event.get("deadline")) or at
        self.breached[-1].append(Clock(str(event.get("clock", "")), deadline, None, deadline))


def _is_answer(event: Mapping[str, Any]) -> bool:
    match event["event"]:
        case EventKind.ACKNOWLEDGED | EventKind.SNOOZED:
            return True
        case EventKind.UPDATED:
            return bool(event.get("acknowledges"))
        case EventKind.RESOLVED:
            return event.get("via") != "source"
    return False


def _with_clocks(story: _Story, sla: Sla | None, before: Iterable[tuple[Alert, Sla | None]]) -> tuple[Life, ...]:
    """Give the lives with their clocks; of a life whose record is gone the timeline still has the breaches."""
    earlier = {to_ms(alert.resolved_at): clocks_of(outcome) for alert, outcome in before if alert.resolved_at}
    *past, last = story.lives
    kept = (
        life._replace(clocks=earlier.get(life.resolved_at or 0) or tuple(breached))
        for life, breached in zip(past, story.breached, strict=False)
    )
    return (*kept, last._replace(clocks=clocks_of(sla)))


def _sent(alert_id: int, ledger: Mapping[str, Entry]) -> Iterable[Sent]:
    for field, entry in ledger.items():
        if entry.state in _ENDED and entry.settled_at is not None:
            key = Key.parse(alert_id, field)
            queued_at, settled_at = to_ms(entry.queued_at), to_ms(entry.settled_at)
            is_delivered = entry.state is State.SENT
            yield Sent(key.responder, key.channel, entry.kind.value, queued_at, settled_at, is_delivered)


def _instant(text: str) -> Instant:
    return to_ms(datetime.fromisoformat(text))


def _maybe(text: str | None) -> Instant | None:
    return _instant(text) if text else None
