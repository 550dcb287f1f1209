"""Messages: what became of each one that an event caused, attempt by attempt, from the ledger and the timeline."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.decision import NotificationKind
from core.ledger import Entry, Key, State
from core.timeline import EventKind
from core.times import say_duration
from core.views import notification_view
from core.why.case import Case, Event
from core.why.words import listed
from core.wording import outcome, what

_AT_ONCE = timedelta(seconds=1)
_ASKING = frozenset(
    {EventKind.TRIGGERED, EventKind.ESCALATED, EventKind.REASSIGNED, EventKind.EXHAUSTED, EventKind.SKIPPED}
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message: what it was about, to whom on what, what became of it in words, and its state, '' when unknown."""

    about: str
    person: str
    channel: str
    became: str
    state: str
    is_page: bool


def messages_of(number: int | None, kind: str, case: Case) -> list[Sent]:
    """Give what became of each message that an event of this number and kind caused, in the order they came about."""
    if number is None:
        return []
    pairs = dict.fromkeys((str(e["responder"]), str(e["channel"])) for e in case.events_of(number, *_MOVES))
    return [_sent(Key(case.alert.id, number, *pair), kind, case) for pair in pairs]


_MOVES = (EventKind.NOTIFIED, EventKind.FAILED_OVER)


def _sent(key: Key, kind: str, case: Case) -> Sent:
    about = [e for e in case.events_of(key.event, *_OUTCOMES) if _is_of(e, key)]
    entry = case.ledger.get(key.field)
    state, became = _from_ledger(key, entry, about, case) if entry else _from_timeline(about)
    over = [e["channel"] for e in case.events_of(key.event, EventKind.FAILED_OVER) if _is_over(e, key)]
    after = [e["after"] for e in case.events_of(key.event, EventKind.FAILED_OVER) if _is_of(e, key)]
    more = [
        *(f", in place of {channel}, which failed" for channel in after),
        *(f"; it went to {channel} instead" for channel in over),
    ]
    is_page = entry.kind is NotificationKind.PAGE if entry else kind in _ASKING
    about_what = what(notification_view(key, entry)) if entry else kind.replace("_", " ")
    return Sent(about_what, key.responder, key.channel, "".join([became, *more]), state, is_page)


_OUTCOMES = (EventKind.DELIVERED, EventKind.NOTIFICATION_FAILED)


def _is_of(event: Event, key: Key) -> bool:
    return (event["responder"], event["channel"]) == (key.responder, key.channel)


def _is_over(event: Event, key: Key) -> bool:
    return (event["responder"], event.get("after")) == (key.responder, key.channel)


def _from_ledger(key: Key, entry: Entry, about: Sequence[Event], case: Case) -> tuple[str, str]:
    said = outcome(notification_view(key, entry))
    if entry.state is State.WITHDRAWN and not entry.error:
        said += ": somebody had answered before it was sent"
    elif entry.state is State.QUEUED:
        said += _waiting(entry, about, case)
    elif entry.state in {State.SENT, State.FAILED}:
        said += "".join(_how_it_went(entry, about))
    return entry.state.value, said


def _how_it_went(entry: Entry, about: Sequence[Event]) -> Iterator[str]:
    """Say what is worth telling of a message that is settled: how late it was, its attempts before, and the others."""
    late = (entry.settled_at or entry.queued_at) - entry.queued_at
    if late >= _AT_ONCE:
        yield f", {say_duration(late)} later"
    failures = Counter(str(e.get("reason") or "no reason given") for e in about[:-1] if _has_failed(e))
    if failures:
        yield f" (before: {listed(reason + _times(count) for reason, count in failures.items())})"
    if entry.unknown:
        yield f", and of {entry.unknown} attempt{'s' if entry.unknown > 1 else ''} nobody knows the end"
    together = next((e["bundle"] for e in about if e["event"] == EventKind.DELIVERED and e.get("bundle")), 0)
    if together > 1:
        others = together - 1
        yield f", bundled: one message about this and {others} other alert{'s' if others > 1 else ''}"


def _times(count: int) -> str:
    return {1: "", 2: " twice"}.get(count, f", {count} times")


def _waiting(entry: Entry, about: Sequence[Event], case: Case) -> str:
    """Say since when it waits, and for what as far as that is known."""
    failed = [e for e in about if _has_failed(e)]
    if failed:
        again = failed[-1].get("retry_at")
        return f"; next at {case.say(datetime.fromisoformat(again))}" if again else ""
    storm = ", in a storm to go together with others" if case.rules.config.bundling.after else ""
    return f" {say_duration(case.now - entry.queued_at)} ago and not sent yet{storm}"


def _from_timeline(about: Sequence[Event]) -> tuple[str, str]:
    """Give it without a line of the ledger, which may be damaged."""
    if not about:
        return "", "the ledger has no line of it, so nobody knows what became of it"
    last = about[-1]
    return ("failed", f"failed: {last.get('reason', '')}") if _has_failed(last) else ("sent", "sent")


def _has_failed(event: Event) -> bool:
    return bool(event["event"] == EventKind.NOTIFICATION_FAILED)
