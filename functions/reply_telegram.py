"""POST /reply/telegram: buttons and commands. Telegram shows the secret that was given to setWebhook.

What is said back is the answer to the request itself, which Telegram takes as a call of its API.
"""

from typing import Any

from flask import Blueprint, abort, request

from core.adapters.once import once
from core.adapters.telegram_answers import bot_of, change_pressed
from core.oncall import shown
from core.replies.answering import Replied
from core.replies.grammar import ACTS, Spoken, Verb, read
from core.replies.people import by_telegram
from core.replies.telegram import LINKING, Pressed, Said, read_update, update_id
from functions._doors import json_object, rung, same

door = Blueprint("reply_telegram", __name__)

VIA = "telegram"
_STRANGER = (
    'Rung does not know you, and nothing was done: have `telegram_id: "{}"` written beside your name in oncall.yaml.'
)
_KNOWN = "You are {}. Pages that come here have buttons to answer with; /help says what else there is."
_NO_PAGE = "What you answer to is no page about an open alert, and nothing was done: write the number, as in /ack 42."
_SEVERAL = "This page is about several alerts, and nothing was done: write the number, as in /ack {}."
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
    update = json_object()
    heard, name = read_update(update), update_id(update)
    if heard is None or not name:
        return NOTHING
    with once(rung().client, f"telegram-{name}") as is_first:
        if not is_first:
            return NOTHING
        return _press(heard) if isinstance(heard, Pressed) else _hear(heard)


def _press(button: Pressed) -> Answer:
    people = by_telegram(rung().config, button.user)
    if not people:
        return _toast(button, _STRANGER.format(button.user), alert=True)
    if button.spoken is None:
        return _toast(button, "")
    person = rung().replies.who(button.spoken.alert or 0, people)
    replied = rung().replies.answer([person], button.spoken, VIA)
    if replied.is_done:
        text = f"{shown(rung().config, person)}: {replied.text}"
        change_pressed(_bot(), button.chat, button.message, text)
    return _toast(button, replied.text, alert=not replied.is_done)


def _bot() -> str:
    channels = rung().config.channels.values()
    return bot_of(channel.url.get_secret_value() for channel in channels if channel)


def _hear(said: Said) -> Answer:
    spoken = read(said.text)
    is_linking = said.is_command and said.text.split(maxsplit=1)[0] == LINKING
    is_understood = is_linking or spoken.verb is not Verb.UNKNOWN
    # In a group people talk, and most of it is not for us.
    if not (said.is_private or (said.is_for_us and is_understood)):
        return NOTHING
    people = by_telegram(rung().config, said.user)
    if not people:
        return _message(said, _STRANGER.format(said.user))
    if is_linking:
        return _message(said, _KNOWN.format(people[0]))
    replied = _answered(said, people, spoken)
    return _message(said, replied.text) if replied.text else NOTHING


def _answered(said: Said, people: tuple[str, ...], spoken: Spoken) -> Replied:
    """Act on what was said; without a number it is about the page that it answers, and about no other."""
    if not said.about or spoken.alert is not None or spoken.is_all or spoken.verb not in ACTS:
        return rung().replies.answer(people, spoken, VIA)
    alerts = rung().replies.alerts_of(said.about)
    if len(alerts) != 1:
        return Replied(_SEVERAL.format(alerts[0]) if alerts else _NO_PAGE)
    return rung().replies.answer(people, Spoken(spoken.verb, alerts[0], spoken.note, lasts=spoken.lasts), VIA)


def _toast(button: Pressed, text: str, *, alert: bool = False) -> Answer:
    answer = {"method": "answerCallbackQuery", "callback_query_id": button.query}
    return {**answer, "text": text[:_LONGEST_TOAST], "show_alert": alert}, 200


def _message(said: Said, text: str) -> Answer:
    answer = {"method": "sendMessage", "chat_id": said.chat, "text": text}
    return {**answer, "reply_parameters": {"message_id": said.message, "allow_sending_without_reply": True}}, 200
