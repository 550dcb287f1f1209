"""Operators hear of a failing channel by an alert of its own, which is over when the channel sends again.

It is raised once an hour at most, so its own pages cannot feed it when they fail on the same channel.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.ledger import Key, State
from core.outcomes import OutcomeKind
from core.rules import Rules
from core.severity import Severity
from core.signals import Signal, SignalStatus
from core.sources.making import make
from core.store import Ledger, Settlement, StoreUnavailableError

log = logging.getLogger("rung.operators")

SOURCE = "rung"
_TOLD_EVERY = 3600  # seconds, for each alert
_LOOK_EVERY = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class _Fault:
    """How a channel fails, as a title, and what is to be done."""

    title: str
    remedy: str


_FAULTS: Mapping[OutcomeKind, _Fault] = {
    OutcomeKind.MISCONFIGURED: _Fault("channel {channel} turns messages away", "Mend it in channels.yaml."),
    OutcomeKind.REJECTED: _Fault(
        "channel {channel} turns {person} away",
        "Mend the address of {person} in oncall.yaml, or the channel in channels.yaml.",
    ),
    OutcomeKind.UNAVAILABLE: _Fault(
        "channel {channel} cannot be reached",
        "See whether its provider is down and whether this machine gets out to it; mend it in channels.yaml.",
    ),
    OutcomeKind.RATE_LIMITED: _Fault(
        "channel {channel} keeps putting messages off",
        "Ask its provider for a higher limit, or name another channel beside it in escalation.yaml.",
    ),
    OutcomeKind.GIVEN_UP: _Fault(
        "workers die or stall while they send on channel {channel}",
        "The channel itself may be well: the log and the memory of the workers say more.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Failure:
    title: str
    description: str
    reason: str
    at: datetime


class Operators:
    """One per process that sends, used by one thread. `monotonic` gives seconds that never go back."""

    def __init__(
        self,
        receive: Callable[[str, Sequence[Signal]], object],
        ledger: Ledger,
        rules: Callable[[], Rules],
        monotonic: Callable[[], float],
    ) -> None:
        """Take what takes in the signals of a source, and the ledger; `rules` gives those in force."""
        self._receive = receive
        self._ledger = ledger
        self._rules = rules
        self._monotonic = monotonic
        self._failed: dict[str, _Failure] = {}
        self._untold: dict[str, _Failure] = {}
        self._sent: dict[str, datetime] = {}
        self._failing: dict[str, datetime] = {}
        self._look_at = float("-inf")

    def hear(self, recorded: Iterable[Settlement]) -> None:
        """Take in what was recorded of attempts. What the store does not take is tried again with the next ones."""
        recorded = tuple(recorded)
        if not recorded or self._rules().outbox_mode:
            return
        for settlement in recorded:
            self._note(settlement)
        try:
            self._raise()
            self._clear()
        except StoreUnavailableError as error:
            log.error("operators could not be told how channels do: %s", error)  # noqa: TRY400 - it says it all

    def _note(self, settlement: Settlement) -> None:
        key, entry, kind = settlement.key, settlement.entry, settlement.outcome
        if kind is None or entry.settled_at is None:
            return
        if entry.state is State.SENT:
            self._sent |= {key.channel: entry.settled_at, _for_person(key): entry.settled_at}
        elif entry.state is State.FAILED:
            self._note_failed(key, kind, entry.error or "no reason was given", entry.settled_at)

    def _note_failed(self, key: Key, kind: OutcomeKind, reason: str, at: datetime) -> None:
        rules = self._rules()
        if not rules.can_reach(key.responder, key.channel):  # whoever changed the config knows
            return
        if kind is OutcomeKind.REJECTED and rules.is_shared(key.channel):
            kind = OutcomeKind.MISCONFIGURED
        name = _for_person(key) if kind is OutcomeKind.REJECTED else key.channel
        self._failed[name] = _failure(key, _FAULTS[kind], reason, at)
        self._sent.pop(name, None)

    def _raise(self) -> None:
        for name in tuple(self._failed):
            if self._ledger.first_in(f"channel-fails:{name}", _TOLD_EVERY):
                self._untold[name] = self._failed[name]
            del self._failed[name]
        for name, failure in tuple(self._untold.items()):
            # Before the alert: a mark without an alert is harmless, an alert without its mark would never be over.
            self._ledger.note_failing(name, failure.at)
            self._receive(SOURCE, [_signal(SignalStatus.FIRING, name, failure.title, failure.description)])
            self._failing[name] = failure.at
            del self._untold[name]
            log.error("%s: %s", failure.title, failure.reason)

    def _clear(self) -> None:
        """Clear what sends again; what other processes have told is looked up once a minute at most."""
        if not self._sent:
            return
        now = self._monotonic()
        looks = now >= self._look_at
        if looks:
            self._failing, self._look_at = self._ledger.failing(), now + _LOOK_EVERY
        if over := [name for name, since in self._failing.items() if self._is_over(name, since)]:
            self._receive(SOURCE, [_signal(SignalStatus.RESOLVED, name, name) for name in over])
            self._ledger.forget_failing(over)
            self._failing = {name: since for name, since in self._failing.items() if name not in over}
        if looks:
            self._sent.clear()

    def _is_over(self, name: str, since: datetime) -> bool:
        """Say whether it sends again, or is not to be sent to any more."""
        sent, rules = self._sent.get(name), self._rules()
        channel, _, person = name.partition("/")
        is_gone = channel not in rules.channels_in_use or (person and not rules.can_reach(person, channel))
        return bool(is_gone or (sent and sent > since))


def _for_person(key: Key) -> str:
    """Give the name for a channel and a person; a channel's own name holds no slash."""
    return f"{key.channel}/{key.responder}"


def _failure(key: Key, fault: _Fault, reason: str, at: datetime) -> _Failure:
    names = {"channel": key.channel, "person": key.responder}
    description = (
        f"A message to {key.responder} failed there for good: {reason}.\n"
        "Pages that fail there go to the person's next channel.\n\n"
        f"{fault.remedy.format(**names)} Prove it with `rung page {key.responder} --channel {key.channel}`; "
        "see docs/channels.md. This alert is over with the next message that is sent there."
    )
    return _Failure(fault.title.format(**names), description, reason, at)


def _signal(status: SignalStatus, name: str, title: str, description: str = "") -> Signal:
    return make(status, f"rung-failing-channel:{name}", title, severity=Severity.HIGH, description=description)
