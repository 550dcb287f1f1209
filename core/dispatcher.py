"""The dispatcher empties the outbox: claims what is due, hands it to senders, records what became of it.

A target that hangs holds up one sender, never the others; retries and fail-over are decided here, from the ledger.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Protocol

from core.delivery import Attempt, Immediate, Prepared, Withdrawn, conclude, prepare, withdraw
from core.ledger import State
from core.links import Links
from core.operators import Operators
from core.outcomes import Message, Outcome, OutcomeKind
from core.packing import Parcel, pack, put_back, units
from core.rules import Rules
from core.slots import Slots
from core.store import Claim, Ledger, Settlement

log = logging.getLogger("rung.dispatcher")

_LOOK_EVERY = 0.05  # seconds between looks at the outbox while sends are under way
_RENEW_EVERY = 1.5  # seconds; well within the lease
_AT_ONCE = 100  # how many to claim when nothing has to be sent over a wire
_HUNG = 4.0  # seconds without an answer: a connection that cannot be made is given up after five


class Sender(Protocol):
    """Sends one message to one address, in a process of its own, within a deadline."""

    def submit(self, url: str, message: Message) -> "Future[Outcome]":
        """Start a send; the future always gives an Outcome."""


@dataclass(slots=True)
class _Flight:
    """`claimed` is when its claims were asked for, `started` when it went to a sender: much may go before it."""

    claims: tuple[Claim, ...]
    message: Message
    claimed: float
    started: float


class Dispatcher:
    """One per process that sends. `monotonic` gives seconds that never go back.

    What is under way when a drain ends is carried on by the next one.
    """

    def __init__(  # noqa: PLR0917 - wired in one place, by name
        self,
        ledger: Ledger,
        rules: Callable[[], Rules],
        links: Links,
        sender: Sender,
        slots: int,
        on_failed: Callable[[int], None],
        operators: Operators,
        monotonic: Callable[[], float],
    ) -> None:
        """Take the parts; `rules` gives those in force.

        `slots`: sends under way at most. `on_failed` hears whose page failed for good, `operators` of all
        that was recorded.
        """
        self._rules = rules
        self._ledger = ledger
        self._links = links
        self._sender = sender
        self._slots = Slots(slots)
        self._on_failed = on_failed
        self._operators = operators
        self._monotonic = monotonic
        self._flights: dict[Future[Outcome], _Flight] = {}
        self._unsettled: list[Settlement] = []
        self._renewed = 0.0

    def drain(self, budget: float, stopping: Callable[[], bool] = lambda: False) -> int:
        """Send what is due until nothing is, and give how many attempts were made.

        After `budget` seconds it asks to be called again and returns at once, with sends still under way: a hung
        target holds up nobody. When `stopping`, it takes in no more and waits for what is under way.
        """
        until = self._monotonic() + budget
        attempts = 0
        while self._monotonic() < until:
            launched = 0 if stopping() else self._launch()
            attempts += launched
            if not launched and not self._flights:
                return attempts
            self._land()
            self._renew()
        self._ledger.hint()
        return attempts

    def _launch(self) -> int:
        """Claim and start; channels that hang never take the last slot of one that works, nor many slots for long.

        First one for each channel with nothing under way, then what each has earned, as long as that leaves a slot
        free for each of the others.
        """
        if self._rules().outbox_mode:
            return self._claim(_AT_ONCE, _AT_ONCE, {})
        slots, channels = self._slots, self._rules().channels_in_use
        started = 0
        if slots.idle(channels):
            started = self._claim(slots.free, 1, slots.under_way())
        spare = slots.free - slots.idle(channels)
        if spare > 0:
            started += self._claim(spare, slots.size, slots.kept_from(channels))
        slots.forget_idle()
        return started

    def _claim(self, limit: int, per_channel: int, busy: dict[str, int]) -> int:
        claimed = self._monotonic()  # before, since nothing is to be delivered sooner than it was
        return self._start(self._ledger.claim(limit, per_channel, busy, self._rules().config.bundling), claimed)

    def _start(self, claims: Sequence[Claim], claimed: float) -> int:
        parcels = [parcel for unit in units(claims) for parcel in self._packed(unit)]
        for parcel in parcels:
            if parcel.bundle:  # before the message, which has a link to it
                self._ledger.keep_bundle(parcel.bundle, self._rules().config.retention.resolved)
        immediate: list[Settlement] = []
        for parcel in parcels:
            prepared = parcel.content
            if isinstance(prepared, Prepared):
                self._submit(parcel, prepared, claimed)
            elif isinstance(prepared, Immediate):
                immediate.extend(self._all_concluded(parcel.claims, prepared.message, prepared.outcome, 0.0))
            elif isinstance(prepared, Withdrawn):
                immediate.extend(withdraw(claim, prepared) for claim in parcel.claims)
            else:
                immediate.extend(map(put_back, parcel.claims))
        self._record(immediate)
        return len(claims)

    def _packed(self, unit: tuple[Claim, ...]) -> list[Parcel]:
        rules, links = self._rules(), self._links
        return [Parcel(unit, prepare(unit[0], rules, links))] if len(unit) == 1 else pack(unit, rules, links)

    def _submit(self, parcel: Parcel, prepared: Prepared, claimed: float) -> None:
        started = self._monotonic()
        future = self._sender.submit(prepared.url, prepared.message)
        self._flights[future] = _Flight(parcel.claims, prepared.message, claimed, started)
        self._slots.take(parcel.claims[0].key.channel)

    def _land(self) -> None:
        if not self._flights:
            return
        landed, _ = wait(self._flights, timeout=_LOOK_EVERY, return_when=FIRST_COMPLETED)
        self._record([settlement for future in landed for settlement in self._landed(future)])

    def _landed(self, future: "Future[Outcome]") -> list[Settlement]:
        flight = self._flights.pop(future)
        outcome, now = future.result(), self._monotonic()
        hung = outcome.kind is OutcomeKind.UNAVAILABLE and now - flight.started >= _HUNG
        self._slots.give_back(flight.claims[0].key.channel, hung=hung)
        return self._all_concluded(flight.claims, flight.message, outcome, now - flight.claimed)

    def _all_concluded(
        self, claims: Sequence[Claim], message: Message | None, outcome: Outcome, took: float
    ) -> list[Settlement]:
        """Conclude for all that the message was about; the message itself is kept once."""
        messages = [message, *[None] * (len(claims) - 1)]
        return [self._concluded(claim, kept, outcome, took) for claim, kept in zip(claims, messages, strict=True)]

    def _concluded(self, claim: Claim, message: Message | None, outcome: Outcome, took: float) -> Settlement:
        return conclude(Attempt(claim, message, outcome, took), self._rules())

    def _record(self, settlements: Sequence[Settlement]) -> None:
        """Record outcomes. Those that the store could not take are kept, and recorded before the next ones."""
        self._unsettled.extend(settlements)
        recorded = self._ledger.settle(self._unsettled)
        settled, self._unsettled = self._unsettled, []
        self._operators.hear(settlement for settlement, done in zip(settled, recorded, strict=True) if done)
        for settlement, done in zip(settled, recorded, strict=True):
            _log(settlement, done=done)
            if done and settlement.entry.state is State.FAILED:
                self._on_failed(settlement.key.alert)

    def _renew(self) -> None:
        now = self._monotonic()
        if self._flights and now - self._renewed >= _RENEW_EVERY:
            self._ledger.renew([claim.key for flight in self._flights.values() for claim in flight.claims])
            self._renewed = now


def _log(settlement: Settlement, *, done: bool) -> None:
    key, entry = settlement.key, settlement.entry
    what = entry.state.value if done else f"{entry.state.value}, too late to count"
    log.info(
        "alert %d page to %s on %s: %s%s",
        *(key.alert, key.responder, key.channel, what, f" ({entry.error})" if entry.error else ""),
        extra={"alert": key.alert},
    )
