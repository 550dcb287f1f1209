"""Intake: a webhook as it came -> alerts. What cannot be read is kept, and becomes an alert of its own."""

from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from core import sources
from core.engine import Engine
from core.reception import Received
from core.rejected import NoSuchRejectedError, Rejected, StillUnreadableError
from core.signals import BadItem, EmptyBodyError, Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.making import make
from core.store import Ledger

_SHOWN_BODY = 2000
_UNREADABLE_KEY = "rung-unreadable-webhook"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a webhook: one line a signal, and what of it could not be read."""

    received: tuple[Received, ...]
    bad_items: tuple[BadItem, ...]


class Intake:
    """Reads webhooks and hands their signals to the engine."""

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        """Take the engine, and the ledger for what a source's test button sends."""
        self._engine = engine
        self._ledger = ledger

    def take(self, source: str, webhook: Webhook) -> Taken:
        """Take in one webhook; it is safe once this returns.

        Raises EmptyBodyError, and UnreadableError when nothing in it could be read: then it is kept, and an alert
        says so.
        """
        config = self._engine.rules.config
        try:
            reading = sources.read(config.sources[source].type, webhook, config.mappings)
        except EmptyBodyError:
            raise
        except UnreadableError as error:
            self._keep(Rejected.of(source, webhook, str(error)))
            raise
        taken = self._take_in(source, reading)
        if reading.bad_items:
            self._keep(Rejected.of(source, webhook, "").without(reading.bad_items))
        return taken

    def rejected(self, most: int | None = None) -> list[Rejected]:
        """Give what could not be read, newest first, so many at most."""
        return [Rejected.model_validate(each) for each in islice(self._engine.store.rejected(), most)]

    def retry(self, rejected_id: int) -> Taken:
        """Read a rejected webhook again, with the config of today; what is taken in then is kept no longer.

        Raises NoSuchRejectedError, and StillUnreadableError when nothing more of it can be read.
        """
        record = self._record_of(rejected_id)
        rejected = Rejected.model_validate(record)
        reading = self._read_again(rejected)
        taken = self._take_in(rejected.source, reading)
        if reading.bad_items:
            self._engine.store.keep_rejected(rejected.without(reading.bad_items).kept())
        self._engine.store.drop_rejected(record)
        self._clear_when_none_is_left(rejected.source)
        return taken

    def _record_of(self, rejected_id: int) -> dict[str, Any]:
        for record in self._engine.store.rejected():
            if record.get("id") == rejected_id:
                return record
        raise NoSuchRejectedError(f"no rejected webhook {rejected_id} is kept")

    def _read_again(self, rejected: Rejected) -> Reading:
        config = self._engine.rules.config
        settings = config.sources.get(rejected.source)
        if settings is None:
            raise StillUnreadableError(f"config has no source named {rejected.source} any more")
        if not rejected.is_whole:
            raise StillUnreadableError("it was too long to be kept whole; have its sender send it again")
        try:
            webhook = replace(rejected.webhook, received_at=self._engine.store.look_up([]).now)
            reading = rejected.still_wanted(sources.read(settings.type, webhook, config.mappings))
        except UnreadableError as error:
            raise StillUnreadableError(str(error)) from None
        if reading.bad_items and not reading.signals:
            raise StillUnreadableError(rejected.without(reading.bad_items).reason)
        return reading

    def _clear_when_none_is_left(self, source: str) -> None:
        if not any(record["source"] == source for record in self._engine.store.rejected()):
            self._engine.receive(source, [_unreadable(SignalStatus.RESOLVED, source)])

    def _take_in(self, source: str, reading: Reading) -> Taken:
        for signal in reading.signals:
            if signal.status is SignalStatus.TEST:
                self._ledger.add_message(_test_message(source, signal))
        received = self._engine.receive(source, reading.signals)
        return Taken(tuple(received), reading.bad_items)

    def _keep(self, rejected: Rejected) -> None:
        self._engine.store.keep_rejected(rejected.kept())
        description = f"{rejected.reason}\n\nIt began:\n{rejected.body[:_SHOWN_BODY]}"
        self._engine.receive(rejected.source, [_unreadable(SignalStatus.FIRING, rejected.source, description)])


def _unreadable(status: SignalStatus, source: str, description: str = "") -> Signal:
    return make(status, _UNREADABLE_KEY, f"unreadable webhook from {source}", description=description)


def _test_message(source: str, signal: Signal) -> dict[str, object]:
    return {
        "alert": None,
        "responder": None,
        "channel": "outbox",
        "title": f"Test from {source}: {signal.title}",
        "body": signal.description or signal.title,
    }
