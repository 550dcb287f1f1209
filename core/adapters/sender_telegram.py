"""Telegram: a page has buttons; a notice about a page changes it where it stands, and takes its buttons away."""

import json
from collections.abc import Mapping
from typing import Any

import requests

from core.adapters.provider_answers import http_failure
from core.adapters.wire import CONNECT_TIMEOUT, READ_TIMEOUT
from core.outcomes import Message, Outcome, OutcomeKind, Ways

_BUTTONS = (("Acknowledge", "ack"), ("Resolve", "resolve"), ("Escalate", "escalate"), ("Snooze 1 h", "snooze"))
_LONGEST = 4096


def prepare(_channel: Any, _message: Message, ways: Ways) -> Mapping[str, Any]:
    """Give the keyboard that goes with the message."""
    if not ways.buttons:
        return {}
    buttons = [{"text": text, "callback_data": f"{verb}:{ways.alert}"} for text, verb in _BUTTONS]
    return {"reply_markup": {"inline_keyboard": [buttons[:2], buttons[2:]]}}


def change(channel: Any, message: Message, ways: Ways) -> Outcome | None:
    """Change the message that this one is about; None when it cannot be changed, and is to be sent by itself."""
    chat, _, number = ways.changes.partition(":")
    if not number.isdigit():
        return None
    text = f"{message.title}\n{message.body}".strip()[:_LONGEST]
    body = {
        "chat_id": int(chat),
        "message_id": int(number),
        "text": text,
        "link_preview_options": {"is_disabled": True},
    }
    url = f"{channel.notify_url}{channel.bot_token}/editMessageText"
    try:
        answer = requests.post(url, json=body, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT), allow_redirects=False)
        said = answer.json()
    except (requests.RequestException, json.JSONDecodeError):
        return Outcome(OutcomeKind.UNAVAILABLE, "the provider could not be reached")
    if answer.ok and isinstance(said, dict) and said.get("ok") is True:
        return Outcome(OutcomeKind.SENT, provider_id=ways.changes)
    failure = http_failure(answer.status_code, said if isinstance(said, dict) else {}, None, "")
    return failure if failure and failure.kind is OutcomeKind.RATE_LIMITED else None
