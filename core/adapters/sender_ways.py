"""The ways to answer a message, as each provider wants to be told of them: buttons, callback addresses, keys.

A file for each provider gives two things: it may change the plugin that is about to send, and it names the fields that
go out beside what the plugin says.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.adapters import sender_twilio
from core.outcomes import Message, Ways

Fields = Mapping[str, Any]

# By the scheme of the plugin, however its URL spells it.
_PREPARE: Mapping[str, Callable[[Any, Message, Ways], Fields]] = {
    "twilio": sender_twilio.prepare,
}


def prepare(channel: Any, message: Message) -> Fields:
    """Make the plugin ready to send the message with its ways, and give the fields to add; none when it has none."""
    ways = message.ways
    schemes = channel.secure_protocol or channel.protocol or ""
    scheme = schemes if isinstance(schemes, str) else schemes[0]
    if ways is None or scheme not in _PREPARE:
        return {}
    return _PREPARE[scheme](channel, message, ways)
