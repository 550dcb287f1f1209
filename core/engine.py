"""The engine: look an alert up, let the lifecycle decide, commit; when somebody was quicker, decide again."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate, chain, pairwise

from core.alert import Alert
from core.commands import Command, PagesFailed, Wake
from core.decision import Decision, Refused
from core.event_log import log_events
from core.lifecycle import decide
from core.reception import Offer, Received, certain, change_for, waves
from core.rules import Rules
from core.signals import Signal
from core.silencing import reviewed
from core.standing import NOTHING_STANDING, Standing
from core.store import (
    AlertStore,
    Change,
    Identity,
    Snapshot,
    Stored,
    StoreUnavailableError,
    Unreadable,
    UnreadableRecordError,
)

log = logging.getLogger("rung.engine")

# Every try loses to somebody who won, so this many are only lost when as many others change the same alert at once.
_TRIES = 50
_BATCH = 100
_SMALL = 32  # signals; a larger body makes its own trips, for all who shared them would wait for all of it
_UNREADABLE_FOR = 60.0  # seconds

Decide = Callable[[Stored, datetime, Rules], Decision]

Body = Sequence[Offer]
ReceiveAll = Callable[[Sequence[Body]], Sequence[list[Received]]]
Receive = Callable[[Body], list[Received]]


class NoSuchAlertError(LookupError):
    """There is no alert of this number."""


class RefusedError(RuntimeError):
    """The state machine refuses the command; `refused` says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


def one_by_one(receive_all: ReceiveAll) -> Receive:
    """Let every body make its own trips to the store."""
    return lambda body: receive_all([body])[0]


class Engine:
    """One per process. Thread-safe: it holds no state but the rules, which a reload replaces whole."""

    def __init__(
        self,
        store: AlertStore,
        rules: Rules,
        gathered: Callable[[ReceiveAll], Receive] = one_by_one,
        read_standing: Callable[[], Standing] = lambda: NOTHING_STANDING,
    ) -> None:
        """Take where alerts are kept and what config says about them.

        `gathered` may let bodies that come at the same time share their trips to the store. `read_standing` gives what
        people ordered for a while; it is read again whenever the store says that it has changed.
        """
        self.store = store
        self.rules = rules
        self._read_standing = read_standing
        self._receive = gathered(self._receive_bodies)

    @property
    def rules(self) -> Rules:
        """The rules as this process knows them."""
        return self._rules

    @rules.setter
    def rules(self, rules: Rules) -> None:
        self._config = rules.config
        self._rules = rules

    def present(self) -> tuple[Rules, datetime]:
        """Give the rules with the standing orders of this moment, and the store's clock."""
        snapshot = self.store.look_up([])
        return self._rules_at(snapshot), snapshot.now

    def receive(self, source: str, signals: Sequence[Signal]) -> list[Received]:
        """Take in the signals of one body, in order; they are safe once this returns."""
        rules = self.rules
        body = [Offer.of(source, signal, rules) for signal in signals]
        return self._receive(body) if len(body) <= _SMALL else self._receive_bodies([body])[0]

    def act(self, alert_id: int, command: Command) -> Alert:
        """Do what a person asked and give the alert after it. Raises NoSuchAlertError, RefusedError."""

        def decide_command(stored: Stored, now: datetime, rules: Rules) -> Decision:
            decision = decide(stored.alert, command, now, rules)
            if isinstance(decision, Refused):
                raise RefusedError(decision)
            return decision

        return self._change(alert_id, decide_command).alert

    def alert(self, alert_id: int) -> tuple[Alert, datetime]:
        """Give an alert and the store's clock. Raises NoSuchAlertError."""
        snapshot = self.store.look_up([], [alert_id])
        return _found(alert_id, snapshot).alert, snapshot.now

    def wake(self, alert_id: int, timer: int | None = None) -> None:
        """Do what is due for one alert. Early, late or twice it is harmless; early, its timer is set again."""
        try:
            self._change(alert_id, lambda stored, now, rules: self._woken(stored, now, rules, timer), wakes=True)
        except NoSuchAlertError:
            log.warning("alert %d woke up but is gone", alert_id)
        except UnreadableRecordError as error:  # the sweep puts it off; the others must not wait for it
            log.error("%s", error)  # noqa: TRY400 - the message says it all

    def drain(self, overdue_by: float = 0.0, limit: int = 10_000) -> int:
        """Do what is due for every alert whose time passed so many seconds ago, and give how many there were."""
        done = 0
        idle: set[int] = set()
        while done < limit and (ids := self.store.due(overdue_by, _BATCH)):
            changed = self._wake_batch(ids, idle)
            done += len(ids)
            if not changed:  # others are at it, or their clocks are ahead; leave it to them
                break
        return done

    def review(self, alert_ids: Sequence[int]) -> list[int]:
        """Let these alerts show which silence covers them now; give those that somebody else changed meanwhile."""
        snapshot = self.store.look_up([], alert_ids)
        rules = self._rules_at(snapshot)
        found = [stored for stored in snapshot.stored if isinstance(stored, Stored) and stored.alert.is_open]
        commands = [(stored, reviewed(stored.alert, snapshot.now, rules)) for stored in found]
        changes = {
            stored.alert.id: Change(certain(stored, command, snapshot.now, rules), stored)
            for stored, command in commands
            if command is not None
        }
        return self._commit(changes, rules)

    def _receive_bodies(self, bodies: Sequence[Body]) -> list[list[Received]]:
        received: dict[int, Received] = {}
        for wave in waves(list(chain.from_iterable(bodies))):
            received.update(self._receive_wave(wave))
        ends = accumulate(map(len, bodies), initial=0)
        return [[received[i] for i in range(start, end) if i in received] for start, end in pairwise(ends)]

    def _receive_wave(self, wave: dict[int, Offer]) -> dict[int, Received]:
        received: dict[int, Received] = {}
        waiting = dict(wave)
        for _ in range(_TRIES):
            snapshot = self._look_up([offer.identity for offer in waiting.values()])
            rules = self._rules_at(snapshot)
            changes = dict(self._changes_for(waiting, snapshot, rules))
            for index, change in changes.items():
                received[index] = Received.of(waiting[index].identity, change)
            waiting = {i: waiting[i] for i in self._commit({i: c for i, c in changes.items() if c}, rules)}
            if not waiting:
                return received
        raise StoreUnavailableError("the same alerts keep being changed by others; try again")

    def _look_up(self, identities: Sequence[Identity]) -> Snapshot:
        """Look up; a record nobody can read must not refuse a webhook, so there is an id for a new alert instead."""
        snapshot = self.store.look_up(identities)
        unreadable = [stored for stored in snapshot.stored if isinstance(stored, Unreadable)]
        if not unreadable:
            return snapshot
        for each in unreadable:
            log.error("%s; a new alert takes its key", UnreadableRecordError(each))
        return self.store.look_up(identities, spare_ids=len(unreadable))

    @staticmethod
    def _changes_for(offers: dict[int, Offer], snapshot: Snapshot, rules: Rules) -> Iterator[tuple[int, Change | None]]:
        next_id = snapshot.first_id
        for (index, offer), stored in zip(offers.items(), snapshot.stored, strict=True):
            change = change_for(offer, stored, next_id, snapshot.now, rules)
            next_id += bool(change and change.identity)
            yield index, change

    def _commit(self, changes: dict[int, Change], rules: Rules) -> list[int]:
        """Commit what was decided by these rules and give the indexes of those that must be decided again."""
        real = {i: self._dated(change) for i, change in changes.items() if _changes_something(change)}
        if not real:
            return []
        written = self.store.commit(list(real.values()), rules.standing.version)
        for change, done in zip(real.values(), written, strict=True):
            log_events(change.decision, done=done)
        return [index for index, done in zip(real, written, strict=True) if not done]

    def _dated(self, change: Change) -> Change:
        """Say how long a resolved alert and its key are kept."""
        resolved_at = change.decision.alert.resolved_at
        if resolved_at is None:
            return change
        rules = self.rules
        return replace(change, key_until=resolved_at + rules.keep_key, keep_until=resolved_at + rules.keep_resolved)

    def _change(self, alert_id: int, decide_now: Decide, *, wakes: bool = False) -> Decision:
        for _ in range(_TRIES):
            snapshot = self.store.look_up([], [alert_id])
            stored = _found(alert_id, snapshot)
            rules = self._rules_at(snapshot)
            decision = decide_now(stored, snapshot.now, rules)
            change = _woken_change(decision, stored) if wakes else Change(decision, stored)
            if not self._commit({0: change}, rules):
                return decision
        raise StoreUnavailableError(f"alert {alert_id} keeps being changed by others; try again")

    def _rules_at(self, snapshot: Snapshot) -> Rules:
        """Give the rules; when the standing orders have changed since this process read them, read them again."""
        if self._rules.standing.version == snapshot.standing:
            return self._rules
        standing = self._read_standing()
        while True:
            config = self._config
            self._rules = rules = Rules(config, standing)
            if self._config is config:  # otherwise a reload came between, and is not to be lost
                return rules

    def _woken(self, stored: Stored, now: datetime, rules: Rules, timer: int | None = None) -> Decision:
        alert = stored.alert
        if stored.failed_cause is not None:
            decision = certain(stored, PagesFailed(stored.failed_cause), now, rules)
            return _written_anyway(decision, alert)  # the mark is to go, whatever was decided
        decision = certain(stored, Wake(), now, rules)
        early = decision.alert is alert and alert.wake_at is not None and alert.wake_at > now
        if early and timer == alert.timer:
            return _written_anyway(decision, alert, timer=alert.timer + 1)
        return decision

    def _roused(self, stored: Stored, now: datetime, rules: Rules, idle: set[int]) -> Decision:
        decision = self._woken(stored, now, rules)
        alert = stored.alert
        if decision.alert is alert and alert.id in idle:
            return _written_anyway(decision, alert)
        if decision.alert is alert:
            idle.add(alert.id)
        return decision

    def _wake_batch(self, ids: Sequence[int], idle: set[int]) -> int:
        """Wake these; `idle` gathers those with nothing to do, and when one is due yet again its index is put right."""
        snapshot = self.store.look_up([], ids)
        for each in snapshot.stored:
            if isinstance(each, Unreadable):
                log.error("%s", UnreadableRecordError(each))
                self.store.postpone(each.alert_id, _UNREADABLE_FOR)
        found = [stored for stored in snapshot.stored if isinstance(stored, Stored)]
        rules = self._rules_at(snapshot)
        decisions = [self._roused(stored, snapshot.now, rules, idle) for stored in found]
        changes = {i: _woken_change(d, stored) for i, (d, stored) in enumerate(zip(decisions, found, strict=True))}
        again = self._commit(changes, rules)
        return len(ids) - len(again)


def _found(alert_id: int, snapshot: Snapshot) -> Stored:
    stored = snapshot.stored[0]
    if stored is None:
        raise NoSuchAlertError(f"there is no alert {alert_id}")
    if isinstance(stored, Unreadable):
        raise UnreadableRecordError(stored)
    return stored


def _woken_change(decision: Decision, stored: Stored) -> Change:
    return Change(decision, stored, dealt_with=stored.failed_cause)


def _changes_something(change: Change) -> bool:
    return change.before is None or change.decision.alert is not change.before.alert


def _written_anyway(decision: Decision, alert: Alert, **fields: object) -> Decision:
    if decision.alert is not alert:
        return decision
    return Decision(alert.model_copy(update=fields), decision.result, decision.at)
