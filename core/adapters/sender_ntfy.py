"""ntfy: action buttons whose requests the phone itself makes, each to an address that is good once."""

from collections.abc import Mapping
from typing import Any

from core.outcomes import Message, Ways

_BUTTONS = (("Acknowledge", "acknowledge"), ("Resolve", "resolve"), ("Escalate", "escalate"))  # three are the most


def prepare(_channel: Any, _message: Message, ways: Ways) -> Mapping[str, Any]:
    """Give the actions that go with the message."""
    if not ways.act_at:
        return {}
    actions = [
        {"action": "http", "label": label, "url": f"{ways.act_at}/{verb}", "method": "POST", "clear": True}
        for label, verb in _BUTTONS
    ]
    return {"actions": actions, "click": ways.link}
