"""A sender that config describes: its body is read by the expressions of a mapping (core/config/mappings.py)."""

from collections.abc import Sequence
from typing import Any

from core.config.mappings import Expression, SenderMapping
from core.expressions import search
from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode
from core.sources.fields import as_text
from core.sources.generic import status_of
from core.sources.items import read_items
from core.sources.making import make, one_line

MAX_ITEMS = 10_000  # real alerts of a hundred characters each would not fit into a body


def read(mapping: SenderMapping, webhook: Webhook) -> Reading:
    """Give one signal an item of the body. Raises UnreadableError."""
    return read_items(_items(mapping, decode(webhook)), lambda item: _read_item(mapping, item))


def _items(mapping: SenderMapping, body: Any) -> Sequence[Any]:
    if mapping.items is None:
        return [body]
    found = search(mapping.items, body)
    if not isinstance(found, list):
        raise UnreadableError(f"The body has no list at {mapping.items}, where its alerts should be.")
    if len(found) > MAX_ITEMS:
        raise UnreadableError(f"The body has more than {MAX_ITEMS} alerts.")
    return found


def _read_item(mapping: SenderMapping, item: Any) -> Signal:
    title = _text(mapping.title, item)
    parts = [_text(part, item) for part in mapping.key]
    if not title and not all(parts):
        raise UnreadableError(
            f"Neither {mapping.title} nor {', '.join(mapping.key)} is there: nothing says what is wrong."
        )
    return make(
        _status(mapping, _text(mapping.status, item)),
        " ".join(parts) if all(parts) else title,
        title,
        severity=_text(mapping.severity, item),
        description=_text(mapping.description, item),
        links=[_text(mapping.link, item)],
        labels={name: value for name, where in mapping.labels.items() if (value := _text(where, item))},
    )


def _status(mapping: SenderMapping, word: str) -> SignalStatus:
    plain = word.casefold()
    for words, status in (
        (mapping.test, SignalStatus.TEST),
        (mapping.resolved, SignalStatus.RESOLVED),
        (mapping.acknowledged, SignalStatus.ACKNOWLEDGED),
        (mapping.firing, SignalStatus.FIRING),
    ):
        if plain in {each.casefold() for each in words}:
            return status
    try:
        return status_of(word)
    except UnreadableError:
        known = ", ".join((*mapping.firing, *mapping.resolved, *mapping.acknowledged, *mapping.test))
        given = one_line(word, 40)
        raise UnreadableError(
            f"The status '{given}' is unknown: the mapping knows {known or 'no words of its own'}."
        ) from None


def _text(expression: Expression | None, item: Any) -> str:
    return as_text(search(expression, item)).strip() if expression else ""
