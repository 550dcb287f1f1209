"""Rejected: a webhook that could not be read, or some items of it, kept until it is read again.

Only what is masked is kept, so what looks like a secret is `***` when the body is read again.
"""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from core.masking import mask_secrets
from core.signals import BadItem, Reading, Webhook

KEPT_BODY = 64 * 1024  # characters
_SHOWN_BODY = 2000


class NoSuchRejectedError(LookupError):
    """No rejected webhook of this number is kept."""


class StillUnreadableError(ValueError):
    """Config has not made it readable; it stays where it is. The message says why."""


class Rejected(BaseModel):
    """One of them. The store gives `id` and `at`; `items` are indexes, None when nothing could be read."""

    model_config = ConfigDict(frozen=True)

    id: int = 0
    at: str = ""
    source: str
    reason: str
    content_type: str = ""
    query: dict[str, str] = {}
    body: str
    is_whole: bool = True
    items: tuple[int, ...] | None = None

    @classmethod
    def of(cls, source: str, webhook: Webhook, reason: str) -> Self:
        """Give what is kept of a webhook."""
        text = webhook.body.decode("utf-8", "replace")
        return cls(
            source=source,
            reason=reason,
            content_type=webhook.content_type,
            query={name: mask_secrets(value[:KEPT_BODY]) for name, value in webhook.query.items()},
            body=mask_secrets(text[:KEPT_BODY]),
            is_whole=len(text) <= KEPT_BODY,
        )

    def without(self, bad_items: tuple[BadItem, ...]) -> Self:
        """Give it as one of which only these items are not taken."""
        reason = "; ".join(f"item {item.index + 1}: {item.reason}" for item in bad_items)
        return self.model_copy(update={"items": tuple(item.index for item in bad_items), "reason": reason})

    @property
    def webhook(self) -> Webhook:
        """The request, as far as it was kept."""
        return Webhook(self.body.encode(), self.content_type, self.query, f"rejected-{self.id}")

    def still_wanted(self, reading: Reading) -> Reading:
        """Give what was not taken before: to take the others twice would count them, or open what is resolved."""
        if self.items is None:
            return reading
        bad = {item.index for item in reading.bad_items}
        good = [index for index in range(len(reading.signals) + len(bad)) if index not in bad]
        return Reading(
            tuple(signal for index, signal in zip(good, reading.signals, strict=True) if index in self.items),
            tuple(item for item in reading.bad_items if item.index in self.items),
        )

    def kept(self) -> dict[str, Any]:
        """Give what the store is to keep."""
        return self.model_dump(mode="json", exclude={"id", "at"})

    def view(self) -> dict[str, Any]:
        """Give it as people and programs see it: the body's beginning will do."""
        return {**self.model_dump(mode="json", exclude={"query"}), "body": self.body[:_SHOWN_BODY]}
