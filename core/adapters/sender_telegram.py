"""Telegram: a page has buttons; a notice about a page changes it where it stands, and takes its buttons away."""

import re
from collections.abc import Mapping
from typing import Any

import requests

from core.adapters.provider_answers import http_failure
from core.adapters.wire import CONNECT_TIMEOUT, READ_TIMEOUT
from core.outcomes import Message, Outcome, OutcomeKind, Ways

_BUTTONS = (("Acknowledge", "ack"), ("Resolve", "resolve"), ("Escalate", "escalate"), ("Snooze 1 h", "snooze"))
_LONGEST = 4096
_PAGE = re.compile(r"(-?[0-9]{1,19}):([0-9]{1,19})", re.ASCII)
_LATER = frozenset({OutcomeKind.RATE_LIMITED, OutcomeKind.UNAVAILABLE})
_SAME_AS_BEFORE = "message is not modified"  # it was changed already, by an attempt whose answer was lost


def prepare(_channel: Any, _message: Message, ways: Ways) -> Mapping[str, Any]:
    """Give the keyboard that goes with the message."""
    if not ways.buttons:
        return {}
    buttons = [{"text": text, "callback_data": f"{verb}:{ways.alert}"} for text, verb in _BUTTONS]
    return {"reply_markup": {"inline_keyboard": [buttons[:2], buttons[2:]]}}


def change(channel: Any, message: Message, ways: Ways) -> Outcome | None:
    """Change the pages that this message is about; None when the last cannot be changed, and it is to be sent."""
    outcome = _change(channel, message, ways.changes)
    if outcome is None or outcome.kind is OutcomeKind.SENT:
        for page in ways.older:  # whatever becomes of them: the last one is what people read
            _change(channel, message, page)
    return outcome


def _change(channel: Any, message: Message, page: str) -> Outcome | None:
    place = _PAGE.fullmatch(page)
    if place is None:
        return None
    text = f"{message.title}\n{message.body}".strip()[:_LONGEST]
    body = {
        "chat_id": int(place[1]),
        "message_id": int(place[2]),
        "text": text,
        "link_preview_options": {"is_disabled": True},
    }
    url = f"{channel.notify_url}{channel.bot_token}/editMessageText"
    try:
        answer = requests.post(url, json=body, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT), allow_redirects=False)
    except requests.RequestException:
        return Outcome(OutcomeKind.UNAVAILABLE, "the provider could not be reached")
    return _outcome(answer.status_code, _said(answer), page)


def _outcome(status: int, said: Mapping[str, Any], page: str) -> Outcome | None:
    """Give what became of it; None when Telegram says no, since a message by itself may still go."""
    if said.get("ok") is True or _SAME_AS_BEFORE in str(said.get("description")):
        return Outcome(OutcomeKind.SENT, provider_id=page)
    failure = http_failure(status, said, None, "")
    return failure if failure and failure.kind in _LATER else None


def _said(answer: requests.Response) -> Mapping[str, Any]:
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
