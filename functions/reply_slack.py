"""POST /reply/slack: buttons, the slash command, and what is said in threads.

Slack signs the raw body; before that is checked nothing of it is believed.
Slack waits three seconds: the work is committed before the answer goes out, and what takes longer is said later.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, request

from core.adapters.once import once
from core.adapters.slack_answers import change_pressed, say_in_thread, tell_presser
from core.oncall import on_call_view, shown
from core.oncall_words import rotation_line
from core.replies.answering import Replied
from core.replies.grammar import Spoken, Verb, read
from core.replies.people import by_slack
from core.replies.slack import (
    ONCALL,
    Commanded,
    Pressed,
    SaidInThread,
    UnreadableSlackError,
    pressed,
    read_object,
    said,
)
from core.replies.slack_blocks import done, literal
from core.signatures import is_signed_by_slack
from functions._doors import raw_body, rung

door = Blueprint("reply_slack", __name__)

VIA = "slack"
_STRANGER = "Rung does not know you, and nothing was done: have `slack_id: {}` written beside your name in oncall.yaml."
_SEVERAL = "This page is about several alerts, and nothing was done: name one, as in ack {}."
_HELP = "Behind the command: ack 42, resolve 42, note 42 on my way, snooze 42 2h, escalate 42, ack all, list or oncall."

_DIGEST = 12  # bytes

Answer = tuple[Any, int]


@door.get("/reply/slack")
def check() -> Answer:
    """Answer Slack's look at our certificate."""
    return "", 200


@door.post("/reply/slack")
def reply_slack() -> Answer:
    """Take in what Slack sends."""
    body = raw_body()  # before the form is read, or nothing is left of it
    form = request.form
    if form.get("ssl_check") == "1" and "payload" not in form and "command" not in form:
        return "", 200
    _let_in(body)
    try:
        if "payload" in form or "command" in form:
            return _of_form(body, form)
        return _event(read_object(body))
    except UnreadableSlackError as error:
        abort(400, str(error))


def _let_in(body: bytes) -> None:
    secret = rung().config.replies.slack.signing_secret.get_secret_value()
    if not secret:
        abort(404, "replies.slack has no signing_secret, so nothing that Slack sends is taken")
    now = rung().engine.store.look_up([]).now
    signature = request.headers.get("X-Slack-Signature", "")
    if not is_signed_by_slack(secret, body, signature, request.headers.get("X-Slack-Request-Timestamp", ""), now):
        abort(403, "the signature is wrong or older than five minutes: check signing_secret and both clocks")


def _of_form(body: bytes, form: Mapping[str, str]) -> Answer:
    """Do what was pressed or commanded, once: Slack sends neither twice, but who has seen one could, for minutes."""
    button = pressed(form["payload"]) if "payload" in form else None
    sent_at = request.headers["X-Slack-Request-Timestamp"].encode()
    name = blake2b(b"%s:%s" % (sent_at, body), digest_size=_DIGEST).hexdigest()
    with once(rung().client, f"slack-{name}") as is_first:
        if not is_first:
            return "", 200
        return _press(button) if button else _command(Commanded(form.get("user_id", ""), form.get("text", "")))


def _press(button: Pressed) -> Answer:
    if button.spoken is None or button.spoken.alert is None:
        return "", 200
    people = by_slack(rung().config, button.user)
    if not people:
        tell_presser(button.answer_at, _STRANGER.format(button.user))
        return "", 200
    person = rung().replies.who(button.spoken.alert, people)
    replied = rung().replies.act(button.spoken.alert, person, button.spoken, VIA)
    if replied.is_done:
        change_pressed(button.answer_at, _done(button.spoken, person))
    else:
        tell_presser(button.answer_at, replied.text)
    return "", 200


def _done(spoken: Spoken, person: str) -> str:
    alert, now = rung().engine.alert(spoken.alert or 0)
    return done(alert, shown(rung().config, person), spoken.verb, now, ZoneInfo(rung().config.timezone))


def _command(command: Commanded) -> Answer:
    people = by_slack(rung().config, command.user)
    if not people:
        return _ephemeral(_STRANGER.format(command.user))
    if command.text.strip().lower() in ONCALL:
        return _ephemeral(_on_call())
    spoken = read(command.text)
    if spoken.verb in _ASKS_HOW:
        return _ephemeral(_HELP if spoken.verb is Verb.HELP else f"That was not understood, nothing was done. {_HELP}")
    return _ephemeral(rung().replies.answer(people, spoken, VIA).text)


def _event(body: Any) -> Answer:
    if body.get("type") == "url_verification":
        return {"challenge": str(body.get("challenge", ""))}, 200
    word = said(body)
    if word is not None:
        with once(rung().client, f"slack-{word.id}") as is_first:
            if is_first:
                _answer_in_thread(word)
    return "", 200


def _answer_in_thread(word: SaidInThread) -> None:
    """Act on what was said under a page; what is no answer is people talking, and nobody's business."""
    spoken = read(word.text)
    if spoken.verb in {Verb.UNKNOWN, Verb.CARRIER}:
        return
    ids = rung().replies.alerts_of(word.about)
    if not ids:
        return
    people = by_slack(rung().config, word.user)
    text = _done_in_thread(ids, people, spoken).text if people else _STRANGER.format(word.user)
    say_in_thread(rung().config.replies.slack.bot_token.get_secret_value(), word.channel, word.thread, text)


def _done_in_thread(ids: list[int], people: tuple[str, ...], spoken: Spoken) -> Replied:
    """Do it about what the page is about, unless a number was said, or nothing is to be done."""
    if spoken.verb in _ASKS or spoken.alert is not None:
        return rung().replies.answer(people, spoken, VIA)
    if len(ids) > 1 and spoken.verb is not Verb.ACKNOWLEDGE:
        return Replied(_SEVERAL.format(ids[-1]))
    return rung().replies.act(ids, rung().replies.who(ids[0], people), spoken, VIA)


def _on_call() -> str:
    rules, now = rung().engine.present()
    return (
        "\n".join(rotation_line(on_call_view(rules, name, now), now) for name in rules.plans) or "There is no rotation."
    )


def _ephemeral(text: str) -> Answer:
    return {"response_type": "ephemeral", "text": literal(text), "mrkdwn": False}, 200


_ASKS = frozenset({Verb.STATUS, Verb.HELP})
_ASKS_HOW = frozenset({Verb.HELP, Verb.UNKNOWN, Verb.CARRIER})
