"""Twilio: where it says what became of a text or a call, and that a machine that picks up is found out."""

from collections.abc import Mapping
from typing import Any

from apprise.plugins.twilio import TwilioNotificationMethod

from core.outcomes import Message, Ways


def prepare(channel: Any, _message: Message, ways: Ways) -> Mapping[str, Any]:
    """Give the fields beside those of the plugin."""
    if channel.method == TwilioNotificationMethod.CALL:
        return {"StatusCallback": ways.status_at, "MachineDetection": "Enable"}
    return {"StatusCallback": ways.status_at}
