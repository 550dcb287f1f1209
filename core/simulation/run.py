"""One run of a simulation: what arrives, what people do, and what time brings, until nothing is due any more."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.alert import Alert
from core.commands import Command
from core.decision import Notification
from core.engine import Engine, RefusedError
from core.reception import Received
from core.rules import Rules
from core.signals import Signal
from core.simulation.beginnings import next_beginning
from core.simulation.deliveries import Deliveries
from core.simulation.memory import Happened, MemoryStore

# An alert that only waits for people ends a run; this ends one that goes on for ever.
LONGEST = timedelta(days=366)
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does at an instant."""

    at: datetime
    do: "Callable[[Simulation], None]"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What somebody wanted to do and could not, and why."""

    at: datetime
    alert: int
    reason: str


class Simulation:
    """The engine that runs live, with a simulated clock. `happened` is what came of it, in order."""

    def __init__(
        self, rules: Rules, start: datetime, unreachable: Collection[str] = (), down: Collection[str] = ()
    ) -> None:
        """Take the rules, with standing orders if there are any; the people and channels whose pages fail."""
        self.now = start
        self.refusals: list[Refusal] = []
        self._deliveries = Deliveries(rules, unreachable, down)
        self._store = MemoryStore(lambda: self.now, self._notify, rules.standing.version)
        self._engine = Engine(self._store, rules, read_standing=lambda: rules.standing)
        self._silences = rules.silences
        self._silence_begins = next_beginning(rules.silences, start)

    @property
    def happened(self) -> Sequence[Happened]:
        """Everything that happened so far, oldest first."""
        return self._store.happened

    def alert(self, alert_id: int) -> Alert:
        """Give an alert as it stands. KeyError when there is none of this number."""
        return self._store.alert(alert_id)

    def receive(self, source: str, signals: Sequence[Signal]) -> list[Received]:
        """Let a source send signals, now."""
        received = self._engine.receive(source, signals)
        self._send()
        return received

    def act(self, alert_id: int, command: Command) -> bool:
        """Let somebody do something, now; say whether it was not refused."""
        try:
            self._engine.act(alert_id, command)
        except RefusedError as error:
            self.refusals.append(Refusal(self.now, alert_id, str(error)))
            return False
        self._send()
        return True

    def run(self, acts: Iterable[Act] = (), until: datetime | None = None) -> None:
        """Let time pass, stopping at whatever is due or done, until `until` or until nothing is due any more.

        What is done at an instant comes before what is due at it: whoever answers in time is not paged.
        """
        end = self.now + LONGEST if until is None else until
        for act in sorted((each for each in acts if each.at <= end), key=lambda each: each.at):
            self._pass_until(act.at, is_included=False)
            self.now = max(self.now, act.at)
            act.do(self)
        self._pass_until(end, is_included=True, is_over_when_idle=until is None)
        self.now = end if until is not None else self.now

    def _pass_until(self, end: datetime, *, is_included: bool, is_over_when_idle: bool = False) -> None:
        while (due := self._next_due()) is not None and (due < end or (is_included and due == end)):
            if is_over_when_idle and self._is_idle():  # windows of silences begin for ever
                return
            self.now = max(self.now, due)
            self._engine.drain()
            self._review()
            self._send()

    def _next_due(self) -> datetime | None:
        times = (self._store.next_wake_at(), self._deliveries.next_due_at(), self._silence_begins)
        return min((each for each in times if each is not None), default=None)

    def _is_idle(self) -> bool:
        return self._store.next_wake_at() is None and self._deliveries.next_due_at() is None

    def _review(self) -> None:
        """Let open alerts show a silence that has begun."""
        if self._silence_begins is not None and self._silence_begins <= self.now:
            self._engine.review(self._store.open_ids(0, _ALL))
            self._silence_begins = next_beginning(self._silences, self.now)

    def _notify(self, alert: Alert, notification: Notification) -> None:
        self._deliveries.add(alert, notification, self.now)

    def _send(self) -> None:
        store = self._store
        while failed := self._deliveries.send(self.now, store.alert, store.tell, store.mark_failed):
            for alert_id in failed:
                self._engine.wake(alert_id)
