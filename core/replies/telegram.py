"""What Telegram sends, read: a button that was pressed, or something that was said to the bot. Pure.

What was edited, forwarded or said in a channel, and what a bot says, is nobody's answer.
"""

import re
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
_DATA = re.compile(rf"({'|'.join(_VERBS)}):([0-9]{{1,15}})", re.ASCII)
_COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?!\S)(.*)", re.DOTALL)
_LARGEST = 2**63  # what Telegram's own numbers are below
_FORWARDED = ("forward_origin", "forward_date", "via_bot")
LINKING = "start"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. `spoken` None: none of ours. `query` is what Telegram wants to be answered about.

    `chat` and `message` say where the page stands; 0 for one that is too old for Telegram to tell.
    """

    user: int
    spoken: Spoken | None
    query: str
    chat: int = 0
    message: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `about` names the message of a bot's that it answers, as the ledger does; '' for none.

    `is_for_us`: said to the bot, and not among people who talk: a command, in private, or in answer to a bot.
    """

    user: int
    chat: int
    text: str
    is_command: bool
    is_private: bool
    about: str
    message: int

    @property
    def is_for_us(self) -> bool:
        """Say whether a bot is meant."""
        return self.is_command or self.is_private or bool(self.about)


def update_id(update: Mapping[str, Any]) -> int:
    """Give what Telegram calls the update, the same when it is sent again; 0 for what Telegram did not send."""
    return _number(update, "update_id")


def read_update(update: Mapping[str, Any]) -> Pressed | Said | None:
    """Read an update; None for one that is nobody's answer."""
    query, message = update.get("callback_query"), update.get("message")
    if isinstance(query, dict):
        return _pressed(query, query.get("message"))
    if isinstance(message, dict) and _is_somebodys_own(message):
        return _said(message, _text(message, "text").strip())
    return None


def _pressed(query: Mapping[str, Any], page: Any) -> Pressed:
    user, spoken = _number(query.get("from"), "id"), _spoken(query.get("data"))
    chat = _number(page.get("chat"), "id") if isinstance(page, dict) else 0
    return Pressed(user, spoken, _text(query, "id"), chat, _number(page, "message_id"))


def _said(message: Mapping[str, Any], text: str) -> Said | None:
    if not text:
        return None
    command = _COMMAND.fullmatch(text)
    if command:  # `/ack@our_bot 42`, and `/ack_42`, which can be pressed
        text = f"{command[1].replace('_', ' ')} {command[2].strip()}".strip()
    replied, chat = message.get("reply_to_message"), message.get("chat")
    chat_id, answered = _number(chat, "id"), _number(replied, "message_id")
    about = f"{chat_id}:{answered}" if isinstance(replied, dict) and _is_bots(replied) else ""
    is_private = _text(chat, "type") == "private"
    user, number = _number(message.get("from"), "id"), _number(message, "message_id")
    return Said(user, chat_id, text, command is not None, is_private, about, number)


def _spoken(data: Any) -> Spoken | None:
    found = _DATA.fullmatch(data) if isinstance(data, str) else None
    return Spoken(_VERBS[found[1]], int(found[2])) if found else None


def _is_somebodys_own(message: Mapping[str, Any]) -> bool:
    return not any(name in message for name in _FORWARDED) and not _is_bots(message)


def _is_bots(message: Mapping[str, Any]) -> bool:
    """Say whether a bot wrote it; so did whoever hides behind a group or a channel, whom Telegram shows as one."""
    sender = message.get("from")
    return not isinstance(sender, dict) or bool(sender.get("is_bot")) or "sender_chat" in message


def _number(fields: Any, name: str) -> int:
    value = fields.get(name) if isinstance(fields, dict) else None
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST
    return value if is_number and isinstance(value, int) else 0


def _text(fields: Any, name: str) -> str:
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, str) else ""
