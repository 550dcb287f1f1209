"""Intake: a webhook as it came -> alerts. What cannot be read is kept, and becomes an alert of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import sources
from core.engine import Engine, Received
from core.masking import mask_secrets
from core.signals import BadItem, EmptyBodyError, Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.making import make
from core.store import Ledger

_KEPT_BODY = 64 * 1024  # characters
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
        kind = self._engine.rules.config.sources[source].type
        try:
            reading = sources.read(kind, webhook)
        except EmptyBodyError:
            raise
        except UnreadableError as error:
            self._keep(source, webhook, str(error))
            raise
        return self._take_in(source, webhook, reading)

    def _take_in(self, source: str, webhook: Webhook, reading: Reading) -> Taken:
        for signal in reading.signals:
            if signal.status is SignalStatus.TEST:
                self._ledger.add_message(_test_message(source, signal))
        received = self._engine.receive(source, reading.signals)
        if reading.bad_items:
            self._keep(source, webhook, _say(reading.bad_items))
        return Taken(tuple(received), reading.bad_items)

    def _keep(self, source: str, webhook: Webhook, reason: str) -> None:
        body = mask_secrets(webhook.body.decode("utf-8", "replace")[:_KEPT_BODY])
        kept = {
            "source": source,
            "reason": reason,
            "content_type": webhook.content_type,
            "body": body,
        }
        self._engine.store.keep_rejected(kept)
        self._engine.receive(source, [_unreadable(source, reason, body)])


def _unreadable(source: str, reason: str, body: str) -> Signal:
    description = f"{reason}\n\nIt began:\n{body[:_SHOWN_BODY]}"
    return make(SignalStatus.FIRING, _UNREADABLE_KEY, f"unreadable webhook from {source}", description=description)


def _test_message(source: str, signal: Signal) -> dict[str, object]:
    return {
        "alert": None,
        "responder": None,
        "channel": "outbox",
        "title": f"Test from {source}: {signal.title}",
        "body": signal.description or signal.title,
    }


def _say(bad_items: Sequence[BadItem]) -> str:
    return "; ".join(f"item {item.index + 1}: {item.reason}" for item in bad_items)
