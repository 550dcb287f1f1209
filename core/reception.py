"""Reception: what a signal means for the alert that holds its key, or for one that does not exist yet. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.alert import Alert, Status
from core.commands import Acknowledge, Clear, Command, Fire
from core.decision import Decision, Refused
from core.lifecycle import decide, trigger
from core.rules import Rules
from core.signals import Signal, SignalStatus
from core.store import Change, Identity, Stored, Unreadable

# An alert is read and written with its whole past, by reports too. commit.lua keeps the records of as many lives.
_MOST_LIVES = 100


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one signal. `alert_id` is None when it made and met no alert."""

    alert_id: int | None
    dedup_key: str
    result: str

    @classmethod
    def of(cls, identity: Identity, change: Change | None) -> "Received":
        """Give what became of a signal; no change when there was nothing it could be about."""
        if change is None:
            return cls(None, identity.dedup_key, "ignored")
        return cls(change.decision.alert.id, identity.dedup_key, change.decision.result)


@dataclass(frozen=True, slots=True)
class Offer:
    """One signal as it comes to the engine, and the identity of the alert it is about."""

    source: str
    signal: Signal
    identity: Identity
    member: str | None = None  # of a group: the signal's own key

    @classmethod
    def of(cls, source: str, signal: Signal, rules: Rules) -> "Offer":
        """Give the offer that a source makes with a signal."""
        key = rules.key_of(source, signal)
        return cls(source, signal, Identity(source, key.text), signal.dedup_key if key.is_of_a_group else None)


def waves(offers: Sequence[Offer]) -> list[dict[int, Offer]]:
    """Split so that no wave holds one identity twice: what comes later is decided after what came before."""
    found: list[dict[int, Offer]] = []
    before: Counter[Identity] = Counter()
    for index, offer in enumerate(offers):
        if offer.signal.status is SignalStatus.TEST:
            continue
        if before[offer.identity] == len(found):
            found.append({})
        found[before[offer.identity]][index] = offer
        before[offer.identity] += 1
    return found


def change_for(
    offer: Offer, stored: Stored | Unreadable | None, new_id: int, now: datetime, rules: Rules
) -> Change | None:
    """Decide about one signal; None when there is nothing it could be about."""
    source, signal = offer.source, offer.signal
    known = stored if isinstance(stored, Stored) else None
    if signal.status is SignalStatus.RESOLVED:
        return Change(certain(known, Clear(source, offer.member), now, rules), known) if known else None
    if signal.status is SignalStatus.ACKNOWLEDGED:
        return Change(_taken_at(source, known, now, rules), known) if known else None
    fire = _fire(offer, known, now, rules)
    if known is not None and not _is_over(known.alert, now, rules):
        return Change(certain(known, fire, now, rules), known)
    return Change(trigger(new_id, fire, now, rules), None, offer.identity, _id_of(stored))


def certain(stored: Stored, command: Command, now: datetime, rules: Rules) -> Decision:
    """Decide about a command that the state machine refuses in no status."""
    decision = decide(stored.alert, command, now, rules)
    if isinstance(decision, Refused):
        raise TypeError(f"{type(command).__name__} was refused although its row is full: {decision.reason}")
    return decision


def _fire(offer: Offer, known: Stored | None, now: datetime, rules: Rules) -> Fire:
    way = rules.way_of(offer.source, offer.signal, now)
    return Fire(
        source=offer.source,
        signal=offer.signal,
        dedup_key=offer.identity.dedup_key,
        severity=way.severity,
        policy_name=way.policy_name,
        policy=way.policy,
        routes=way.routes,
        auto_resolve=way.auto_resolve,
        member=offer.member,
        changes=known.alert.changes if known else (),
    )


def _taken_at(source: str, stored: Stored, now: datetime, rules: Rules) -> Decision:
    """Acknowledge in the name of the source; when somebody was quicker, it is nothing to tell a sender about."""
    decision = decide(stored.alert, Acknowledge(source, "source"), now, rules)
    return Decision(stored.alert, "ignored", now) if isinstance(decision, Refused) else decision


def _is_over(alert: Alert, now: datetime, rules: Rules) -> bool:
    if alert.status is not Status.RESOLVED or alert.resolved_at is None:
        return False
    return alert.lives >= _MOST_LIVES or now - alert.resolved_at > rules.reopen_within


def _id_of(stored: Stored | Unreadable | None) -> int | None:
    if stored is None:
        return None
    return stored.alert.id if isinstance(stored, Stored) else stored.alert_id
