"""Healthchecks: the whole check as $JSON, or a template of one's own with its code, status and name.

The JSON holds addresses that ping and change the check, which are as good as passwords: none of them is taken over.
The Test button sends a check called TEST that nobody has, always after 42 pings.
"""

from collections.abc import Mapping
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode
from core.sources.fields import as_object, first_key, first_text
from core.sources.generic import status_of
from core.sources.making import make

_KEYS = ("uuid", "alert", "code", "dedup_key", "unique_key", "slug")
_TEST_PINGS = 42


def read(webhook: Webhook) -> Reading:
    """Give the one signal of the check. Raises UnreadableError."""
    return Reading((_read_check(as_object(decode(webhook), "The check")),))


def _read_check(check: Mapping[str, Any]) -> Signal:
    title = first_text(check, "name", "title", "slug")
    key = first_key(check, *_KEYS) or title
    if not key:
        raise UnreadableError("The check has neither uuid nor name: send $JSON, or at least code, status and name.")
    tags = first_text(check, "tags").split()
    return make(
        SignalStatus.TEST if _is_test(check) else status_of(first_text(check, "status", "state")),
        key,
        title,
        description=first_text(check, "desc", "description"),
        labels={
            name: value for name, value in (("tags", " ".join(tags)), ("slug", first_text(check, "slug"))) if value
        },
    )


def _is_test(check: Mapping[str, Any]) -> bool:
    return check.get("name") == "TEST" and check.get("n_pings") == _TEST_PINGS
