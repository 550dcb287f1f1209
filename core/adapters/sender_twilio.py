"""Twilio: where it says what became of a text or a call, which keys a call takes, and that machines are found out.

The machine is looked for while the call already speaks: otherwise whoever picks up hears nothing for seconds.
"""

from collections.abc import Mapping
from typing import Any

from apprise.plugins.twilio import TwilioNotificationMethod

from core.outcomes import Message, Ways
from core.replies.speech import FIRST_TIMES, asking


def prepare(channel: Any, message: Message, ways: Ways) -> Mapping[str, Any]:
    """Give the fields beside those of the plugin, or in their place."""
    told = {"StatusCallback": ways.status_at} if ways.status_at else {}
    if channel.method != TwilioNotificationMethod.CALL:
        return told
    speech = {"Twiml": asking(_spoken(message), ways.keys_at, FIRST_TIMES, ways.keys_say)} if ways.keys_at else {}
    return {**told, **speech, **_finding_machines(ways)}


def _spoken(message: Message) -> str:
    return ". ".join(filter(None, (message.title, message.body)))


def _finding_machines(ways: Ways) -> Mapping[str, str]:
    if not ways.status_at:
        return {}
    return {"MachineDetection": "Enable", "AsyncAmd": "true", "AsyncAmdStatusCallback": ways.status_at}
