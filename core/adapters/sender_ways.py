"""The ways to answer a message, as each provider wants to be told of them: buttons, callback addresses, keys.

A file for each provider gives two things: it may change the plugin that is about to send, and it names the fields that
go out beside what the plugin says.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.adapters import sender_ntfy, sender_slack, sender_telegram, sender_twilio
from core.outcomes import Message, Outcome, Ways

Fields = Mapping[str, Any]


def _reply_to(channel: Any, _message: Message, ways: Ways) -> Fields:
    """Have answers to the mail go where they are read."""
    if ways.reply_to and hasattr(channel, "reply_to"):
        channel.reply_to = {ways.reply_to}
    return {}


# By the scheme of the plugin, however its URL spells it.
_PREPARE: Mapping[str, Callable[[Any, Message, Ways], Fields]] = {
    "slack": sender_slack.prepare,
    "tgram": sender_telegram.prepare,
    "ntfy": sender_ntfy.prepare,
    "ntfys": sender_ntfy.prepare,
    "mailto": _reply_to,
    "mailtos": _reply_to,
    "twilio": sender_twilio.prepare,
}
# Those that can change what they have sent; None when it cannot be changed after all.
_CHANGE: Mapping[str, Callable[[Any, Message, Ways], Outcome | None]] = {
    "slack": sender_slack.change,
    "tgram": sender_telegram.change,
}


def prepare(channel: Any, message: Message) -> Fields:
    """Make the plugin ready to send the message with its ways, and give the fields to add; none when it has none."""
    prepare_for = _PREPARE.get(_scheme(channel))
    if message.ways is None or message.ways.changes or prepare_for is None:
        return {}
    return prepare_for(channel, message, message.ways)


def change(channel: Any, message: Message) -> Outcome | None:
    """Change the page that the message is about; None when it is to be sent by itself."""
    change_at = _CHANGE.get(_scheme(channel))
    if message.ways is None or not message.ways.changes or change_at is None:
        return None
    return change_at(channel, message, message.ways)


def _scheme(channel: Any) -> str:
    schemes = channel.secure_protocol or channel.protocol or ""
    return str(schemes if isinstance(schemes, str) else schemes[0])
