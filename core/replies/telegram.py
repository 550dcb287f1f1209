"""What Telegram sends, read: a button that was pressed, or something that was said to the bot. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.replies.grammar import Spoken, Verb

_VERBS = {
    "ack": Verb.ACKNOWLEDGE,
    "resolve": Verb.RESOLVE,
    "escalate": Verb.ESCALATE,
    "snooze": Verb.SNOOZE,
}
_MOST_DIGITS = 15
LINKING = "start"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. `spoken` None: none of ours. `query` is what Telegram wants to be answered about."""

    user: int
    spoken: Spoken | None
    query: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `about` names the message of ours that it answers, as the ledger does; '' for none."""

    user: int
    chat: int
    text: str
    is_command: bool
    is_private: bool
    about: str
    message: int


def update_id(update: Mapping[str, Any]) -> str:
    """Give what Telegram calls the update, the same when it is sent again; '' for none."""
    found = update.get("update_id")
    return str(found) if isinstance(found, int) else ""


def read_update(update: Mapping[str, Any]) -> Pressed | Said | None:
    """Read an update; None for one that is nobody's answer."""
    query, message = update.get("callback_query"), update.get("message")
    if isinstance(query, dict):
        return Pressed(_number(query.get("from"), "id"), _spoken(query.get("data")), str(query.get("id", "")))
    if isinstance(message, dict) and isinstance(message.get("text"), str) and not _is_bot(message):
        return _said(message, message["text"].strip())
    return None


def _said(message: Mapping[str, Any], text: str) -> Said:
    is_command = text.startswith("/")
    if is_command:  # `/ack@our_bot 42`, and `/ack_42`, which can be pressed
        head, _, rest = text[1:].partition(" ")
        text = f"{head.partition('@')[0].replace('_', ' ')} {rest}".strip()
    replied, chat = message.get("reply_to_message"), message.get("chat")
    about = f"{_number(chat, 'id')}:{_number(replied, 'message_id')}" if isinstance(replied, dict) else ""
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    user, number = _number(message.get("from"), "id"), _number(message, "message_id")
    return Said(user, _number(chat, "id"), text, is_command, is_private, about, number)


def _spoken(data: Any) -> Spoken | None:
    verb, _, number = data.partition(":") if isinstance(data, str) else ("", "", "")
    if verb not in _VERBS or not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
        return None
    return Spoken(_VERBS[verb], int(number))


def _is_bot(message: Mapping[str, Any]) -> bool:
    sender = message.get("from")
    return not isinstance(sender, dict) or bool(sender.get("is_bot"))


def _number(fields: Any, name: str) -> int:
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
