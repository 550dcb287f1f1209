"""What Slack sends, read: a button that was pressed, a slash command, something said in a thread. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.replies.grammar import Spoken, Verb

_ACTIONS = {
    "acknowledge": Verb.ACKNOWLEDGE,
    "ack": Verb.ACKNOWLEDGE,
    "resolve": Verb.RESOLVE,
    "escalate": Verb.ESCALATE,
    "snooze": Verb.SNOOZE,
}
_MOST_DIGITS = 15
_SUBTYPES = frozenset({None, "", "thread_broadcast"})  # the last: said in the thread and shown in the channel as well
ONCALL = frozenset({"oncall", "on-call", "who"})


class UnreadableSlackError(ValueError):
    """This is nothing that Slack sends."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. `spoken` None: one that is none of ours. The message can be changed at `answer_at`."""

    user: str
    spoken: Spoken | None
    answer_at: str = ""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command: the text behind it."""

    user: str
    text: str


@dataclass(frozen=True, slots=True)
class SaidInThread:
    """Something a person said under a message of ours, which `about` names as the ledger does. `id` names the event."""

    id: str
    user: str
    text: str
    about: str
    channel: str
    thread: str


def pressed(payload: str) -> Pressed:
    """Read the payload of an interaction. Raises UnreadableSlackError."""
    fields = read_object(payload)
    actions = fields.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    spoken = _spoken(str(action.get("action_id", "")), str(action.get("value", "")))
    return Pressed(_text(fields.get("user"), "id"), spoken, _text(fields, "response_url"))


def said(event: Mapping[str, Any]) -> SaidInThread | None:
    """Read an event; None for one that is nobody's word in a thread: other kinds, and what bots say, ourselves too."""
    inner = event.get("event")
    if event.get("type") != "event_callback" or not isinstance(inner, dict) or inner.get("type") != "message":
        return None
    thread, user, channel = (_text(inner, name) for name in ("thread_ts", "user", "channel"))
    if inner.get("bot_id") or inner.get("subtype") not in _SUBTYPES or not thread or not user:
        return None
    return SaidInThread(_text(event, "event_id"), user, _text(inner, "text"), f"{channel}:{thread}", channel, thread)


def read_object(text: str | bytes) -> Mapping[str, Any]:
    """Read a JSON object. Raises UnreadableSlackError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UnreadableSlackError("what Slack sends is a JSON object, and this is none")
    return value


def _spoken(action: str, value: str) -> Spoken | None:
    verb = _ACTIONS.get(action)
    if verb is None or not value.isascii() or not value.isdigit() or len(value) > _MOST_DIGITS:
        return None
    return Spoken(verb, int(value))


def _text(fields: Any, name: str) -> str:
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, str) else ""
