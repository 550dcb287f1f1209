"""Receipts: what a provider says later of a message that it took, and what follows from it.

They come in any order and more than once, so the order must not matter: that a message arrived outweighs that it did
not, which outweighs that it was taken. Nothing else than what is told last of a message is heard at all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from core.bundles import Bundle
from core.decision import NotificationKind
from core.delivery import Attempt, events_of, fail_over
from core.ledger import Entry, Key, State, Verdict
from core.outcomes import Outcome, OutcomeKind
from core.rules import Rules
from core.store import Claim, Ledger, Settlement, StoreUnavailableError

# Each try loses to somebody who has written about the same notification meanwhile.
_TRIES = 10


class Fate(Enum):
    """What became of a message. `taken up`: somebody, or something, picked up; nobody knows who heard it."""

    ARRIVED = "arrived"
    TAKEN_UP = "taken up"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was said. `word` is the provider's, `reason` is for people.

    `fault` is what operators are told of the channel; None when nothing is wrong with it, as when nobody picks up.
    """

    provider_id: str
    fate: Fate
    word: str
    reason: str = ""
    fault: OutcomeKind | None = None


class Receipts:
    """Takes receipts. `tell` hears what was recorded of channels at fault; `wake` whose page has failed."""

    def __init__(
        self,
        ledger: Ledger,
        rules: Callable[[], Rules],
        wake: Callable[[int], None],
        tell: Callable[[Sequence[Settlement]], None],
    ) -> None:
        """Take the parts; `rules` gives those in force."""
        self._ledger = ledger
        self._rules = rules
        self._wake = wake
        self._tell = tell

    def take(self, key: Key, receipt: Receipt) -> list[Settlement]:
        """Record it for all that the message was about, let what failed fail over, and give what was recorded.

        Raises StoreUnavailableError; then it may be taken again.
        """
        recorded = [done for each in self._sent_with(key) if (done := self._settled(each, receipt))]
        failed = [settlement for settlement in recorded if settlement.entry.state is State.FAILED]
        for settlement in failed:
            self._wake(settlement.key.alert)
        if any(settlement.failed_over_to for settlement in failed):
            self._ledger.hint()
        self._tell([settlement for settlement in failed if settlement.outcome])
        return recorded

    def bundle(self, key: Key) -> Bundle | None:
        """Give the bundle in which a notification went out; None when it went by itself."""
        claim = self._ledger.read(key)
        return self._ledger.bundle(claim.entry.bundle) if claim and claim.entry.bundle else None

    def _sent_with(self, key: Key) -> Iterator[Key]:
        """Give the key, or those of all that went out in the same bundle."""
        bundle = self.bundle(key)
        if bundle is None:
            yield key
            return
        for alert, entries in zip(bundle.alerts, self._ledger.entries_of(bundle.alerts), strict=True):
            for field, entry in entries.items():
                if entry.bundle == bundle.id:
                    yield Key.parse(alert, field)

    def _settled(self, key: Key, receipt: Receipt) -> Settlement | None:
        """Record it for one notification; None when it says nothing new."""
        for _ in range(_TRIES):
            claim = self._ledger.read(key)
            settlement = received(claim, receipt, self._rules()) if claim else None
            if settlement is None or all(self._ledger.settle([settlement])):
                return settlement
        raise StoreUnavailableError("the same notification keeps being changed by others; try again")


def received(claim: Claim, receipt: Receipt, rules: Rules) -> Settlement | None:
    """Decide what a receipt means for a notification as it stands; None when it says nothing new."""
    if _is_news(claim.entry, receipt):
        return _failed(claim, receipt, rules) if receipt.fate is Fate.LOST else _arrived(claim, receipt)
    return None


def _is_news(entry: Entry, receipt: Receipt) -> bool:
    if entry.receipt in _ARRIVED or entry.state is State.WITHDRAWN:
        return False
    if receipt.fate is Fate.ARRIVED:
        return True
    # Of an earlier attempt nobody knew how it ended; the one that counts is another message.
    is_this_one = entry.provider_id in {None, receipt.provider_id}
    if receipt.fate is Fate.LOST:
        return entry.state is State.SENDING or (entry.state is State.SENT and is_this_one)
    return entry.state is State.SENT and is_this_one and not entry.receipt


# Of a call: a key was pressed, whatever else is said of who picked up.
ANSWERED = "answered"
_ARRIVED = frozenset({"delivered", "read", ANSWERED})


def _arrived(claim: Claim, receipt: Receipt) -> Settlement:
    """Record that it is there. The timeline says so when it has not said yet that the provider took it."""
    entry, is_known = claim.entry, claim.entry.state is State.SENT
    changes: dict[str, Any] = {"receipt": receipt.word, "state": State.SENT, "error": None}
    if not is_known:
        changes |= {"settled_at": claim.now, "provider_id": receipt.provider_id}
    return Settlement(
        key=claim.key,
        token=entry.token,
        entry=entry.model_copy(update=changes),
        events=() if is_known else _told(claim, receipt, Verdict(State.SENT)),
        instead_of=claim.raw,
    )


def _failed(claim: Claim, receipt: Receipt, rules: Rules) -> Settlement:
    """Record that it did not arrive; a page that still asks for an answer goes to the person's next channel."""
    entry, now = claim.entry, claim.now
    is_asking = entry.kind is NotificationKind.PAGE and claim.alert.is_unanswered
    over = fail_over(claim, rules, now) if is_asking else ()
    changes = {
        "state": State.FAILED,
        "settled_at": now,
        "error": receipt.reason,
        "provider_id": receipt.provider_id,
        "receipt": receipt.word,
    }
    return Settlement(
        key=claim.key,
        token=entry.token,
        entry=entry.model_copy(update=changes),
        events=_told(claim, receipt, Verdict(State.FAILED), over),
        did_not_go_as=claim.sent_as,
        failed_over_to=over,
        outcome=receipt.fault,
        instead_of=claim.raw,
    )


def _told(
    claim: Claim, receipt: Receipt, verdict: Verdict, over: tuple[tuple[Key, Entry], ...] = ()
) -> tuple[str, ...]:
    kind = OutcomeKind.SENT if verdict.state is State.SENT else OutcomeKind.REJECTED
    attempt = Attempt(claim, None, Outcome(kind, receipt.reason, receipt.provider_id), took=0.0)
    return tuple(event.dump() for event in events_of(attempt, verdict, over))
