"""POST /reply/telegram: buttons and commands. Telegram shows the secret that was given to setWebhook.

What is said back is the answer to the request itself, which Telegram takes as a call of its API.
"""

from typing import Any

from flask import Blueprint, abort, request

from core.adapters.once import once
from core.replies.grammar import Verb, read
from core.replies.people import by_telegram
from core.replies.telegram import LINKING, Pressed, Said, read_update, update_id
from functions._doors import rung, same

door = Blueprint("reply_telegram", __name__)

VIA = "telegram"
_STRANGER = 'Rung does not know you. Have `telegram: "{}"` written beside your name in oncall.yaml.'
_LONGEST_TOAST = 200  # characters of what a pressed button shows

Answer = tuple[dict[str, Any], int]
NOTHING: Answer = ({}, 200)


@door.post("/reply/telegram")
def reply_telegram() -> Answer:
    """Take in an update."""
    secret = rung().config.replies.telegram.secret.get_secret_value()
    if not secret:
        abort(404, "replies.telegram has no secret, so nothing that Telegram sends is taken")
    if not same(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), secret):
        abort(403, "the secret is not the one in replies.telegram: give the same one to setWebhook")
    update = request.get_json(force=True, silent=True)
    if not isinstance(update, dict):
        abort(400, "the body is no JSON object")
    heard = read_update(update)
    if heard is None:
        return NOTHING
    with once(rung().client, f"telegram-{update_id(update)}") as is_first:
        if not is_first:
            return NOTHING
        return _press(heard) if isinstance(heard, Pressed) else _hear(heard)


def _press(button: Pressed) -> Answer:
    people = by_telegram(rung().config, button.user)
    if not people:
        return _toast(button, _STRANGER.format(button.user), alert=True)
    if button.spoken is None:
        return _toast(button, "")
    replied = rung().replies.answer(people, button.spoken, VIA)
    return _toast(button, replied.text, alert=not replied.is_done)


def _hear(said: Said) -> Answer:
    people = by_telegram(rung().config, said.user)
    if not people:
        # In a group people talk, and most of it is not for us.
        return _message(said, _STRANGER.format(said.user)) if said.is_private or said.is_command else NOTHING
    if said.is_command and said.text.split(" ")[0] == LINKING:
        return _message(said, f"You are {people[0]}. Pages that come here have buttons to answer with.")
    spoken = read(said.text)
    if spoken.verb is Verb.UNKNOWN and not (said.is_private or said.is_command):
        return NOTHING
    alert_id = rung().replies.alert_of(said.about) if said.about and spoken.alert is None else None
    if alert_id is not None and spoken.verb in _ABOUT_ONE:
        return _message(said, rung().replies.act(alert_id, people[0], spoken, VIA).text)
    replied = rung().replies.answer(people, spoken, VIA)
    return _message(said, replied.text) if replied.text else NOTHING


_ABOUT_ONE = frozenset({Verb.ACKNOWLEDGE, Verb.RESOLVE, Verb.ESCALATE, Verb.SNOOZE, Verb.UPDATE})


def _toast(button: Pressed, text: str, *, alert: bool = False) -> Answer:
    answer = {"method": "answerCallbackQuery", "callback_query_id": button.query}
    return {**answer, "text": text[:_LONGEST_TOAST], "show_alert": alert}, 200


def _message(said: Said, text: str) -> Answer:
    answer = {"method": "sendMessage", "chat_id": said.chat, "text": text}
    return {**answer, "reply_parameters": {"message_id": said.message, "allow_sending_without_reply": True}}, 200
