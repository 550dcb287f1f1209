"""The dispatcher empties the outbox: claims what is due, hands it to senders, records what became of it.

A target that hangs holds up one sender, never the others; retries and fail-over are decided here, from the ledger.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Protocol

from core.delivery import Attempt, Immediate, Prepared, conclude, prepare
from core.ledger import Key, State
from core.links import Links
from core.outcomes import Message, Outcome, OutcomeKind
from core.rules import Rules
from core.store import Claim, Ledger, Settlement

log = logging.getLogger("rung.dispatcher")

_LOOK_EVERY = 0.05  # seconds between looks at the outbox while sends are under way
_RENEW_EVERY = 1.5  # seconds; well within the lease
_AT_ONCE = 100  # how many to claim when nothing has to be sent over a wire
_OPERATORS_HEAR_EVERY = 3600  # seconds, for each channel


class Sender(Protocol):
    """Sends one message to one address, in a process of its own, within a deadline."""

    def submit(self, url: str, message: Message) -> "Future[Outcome]":
        """Start a send; the future always gives an Outcome."""


@dataclass(slots=True)
class _Flight:
    claim: Claim
    message: Message
    started: float


class Dispatcher:
    """One per process that sends. `monotonic` gives seconds that never go back."""

    def __init__(  # noqa: PLR0917 - wired in one place, by name
        self,
        ledger: Ledger,
        rules: Rules,
        links: Links,
        sender: Sender,
        slots: int,
        on_failed: Callable[[int], None],
        monotonic: Callable[[], float],
    ) -> None:
        """Take the parts. `slots`: sends under way at most; `on_failed` hears whose page failed for good."""
        self.rules = rules
        self._ledger = ledger
        self._links = links
        self._sender = sender
        self._slots = slots
        self._on_failed = on_failed
        self._monotonic = monotonic
        self._flights: dict[Future[Outcome], _Flight] = {}
        self._renewed = 0.0

    def drain(self, budget: float) -> int:
        """Send what is due until nothing is, and give how many attempts were made; take in no more after `budget` s."""
        until = self._monotonic() + budget
        attempts = 0
        while True:
            launched = self._launch() if self._monotonic() < until else 0
            attempts += launched
            if not launched and not self._flights:
                return attempts
            self._land()
            self._renew()

    def _launch(self) -> int:
        claims = self._ledger.claim(*self._room())
        immediate: list[Settlement] = []
        for claim in claims:
            prepared = prepare(claim, self.rules, self._links)
            if isinstance(prepared, Immediate):
                immediate.append(self._concluded(claim, prepared.message, prepared.outcome, 0.0))
            else:
                self._submit(claim, prepared)
        self._record(immediate)
        return len(claims)

    def _room(self) -> tuple[int, int, dict[str, int]]:
        if self.rules.outbox_mode:
            return _AT_ONCE, _AT_ONCE, {}
        busy = Counter(flight.claim.key.channel for flight in self._flights.values())
        most = max(1, self._slots * 3 // 4)  # a channel that hangs leaves room for the others
        return self._slots - len(self._flights), most, dict(busy)

    def _submit(self, claim: Claim, prepared: Prepared) -> None:
        future = self._sender.submit(prepared.url, prepared.message)
        self._flights[future] = _Flight(claim, prepared.message, self._monotonic())

    def _land(self) -> None:
        if not self._flights:
            return
        landed, _ = wait(self._flights, timeout=_LOOK_EVERY, return_when=FIRST_COMPLETED)
        self._record([self._landed(future) for future in landed])

    def _landed(self, future: "Future[Outcome]") -> Settlement:
        flight = self._flights.pop(future)
        took = self._monotonic() - flight.started
        return self._concluded(flight.claim, flight.message, future.result(), took)

    def _concluded(self, claim: Claim, message: Message | None, outcome: Outcome, took: float) -> Settlement:
        self._tell_operators(claim.key, outcome)
        return conclude(Attempt(claim, message, outcome, took), self.rules)

    def _record(self, settlements: Sequence[Settlement]) -> None:
        recorded = self._ledger.settle(settlements)
        for settlement, done in zip(settlements, recorded, strict=True):
            _log(settlement, done=done)
            if done and settlement.entry.state is State.FAILED:
                self._on_failed(settlement.key.alert)

    def _renew(self) -> None:
        now = self._monotonic()
        if self._flights and now - self._renewed >= _RENEW_EVERY:
            self._ledger.renew([flight.claim.key for flight in self._flights.values()])
            self._renewed = now

    def _tell_operators(self, key: Key, outcome: Outcome) -> None:
        """Say once an hour that a channel turns messages away: it will not mend itself."""
        if outcome.kind not in {OutcomeKind.REJECTED, OutcomeKind.MISCONFIGURED}:
            return
        if self._ledger.first_in(f"channel-fails:{key.channel}", _OPERATORS_HEAR_EVERY):
            log.error("channel %s turns messages away: %s; mend it in channels.yaml", key.channel, outcome.reason)


def _log(settlement: Settlement, *, done: bool) -> None:
    key, entry = settlement.key, settlement.entry
    what = entry.state.value if done else f"{entry.state.value}, too late to count"
    log.info(
        "alert %d page to %s on %s: %s%s",
        *(key.alert, key.responder, key.channel, what, f" ({entry.error})" if entry.error else ""),
        extra={"alert": key.alert},
    )
