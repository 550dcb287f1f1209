"""POST /reply/slack: buttons, the slash command, and what is said in threads.

Slack signs the raw body; before that is checked nothing of it is believed.
Slack waits three seconds: the work is committed before the answer goes out, and what takes longer is said later.
"""

from typing import Any

from flask import Blueprint, abort, request

from core.adapters.once import once
from core.adapters.slack_answers import change_pressed, say_in_thread, tell_presser
from core.oncall import on_call_view, shown
from core.oncall_words import rotation_line
from core.replies.answering import Replied
from core.replies.grammar import Verb, read
from core.replies.people import by_slack
from core.replies.slack import ONCALL, Commanded, Pressed, SaidInThread, UnreadableSlackError, pressed, said
from core.signatures import is_signed_by_slack
from functions._doors import raw_body, rung

door = Blueprint("reply_slack", __name__)

VIA = "slack"
_STRANGER = "Rung does not know you: have `slack: {}` written beside your name in oncall.yaml."

Answer = tuple[Any, int]


@door.post("/reply/slack")
def reply_slack() -> Answer:
    """Take in what Slack sends."""
    if request.form.get("ssl_check") == "1" and "payload" not in request.form and "command" not in request.form:
        return "", 200
    _let_in()
    if "payload" in request.form:
        return _press(_read_pressed(request.form["payload"]))
    if "command" in request.form:
        return _command(Commanded(request.form.get("user_id", ""), request.form.get("text", "")))
    return _event(request.get_json(force=True, silent=True))


def _let_in() -> None:
    secret = rung().config.replies.slack.signing_secret.get_secret_value()
    if not secret:
        abort(404, "replies.slack has no signing_secret, so nothing that Slack sends is taken")
    now = rung().engine.store.look_up([]).now
    signature = request.headers.get("X-Slack-Signature", "")
    if not is_signed_by_slack(secret, raw_body(), signature, request.headers.get("X-Slack-Request-Timestamp", ""), now):
        abort(403, "the signature is wrong or older than five minutes: check signing_secret and both clocks")


def _read_pressed(payload: str) -> Pressed:
    try:
        return pressed(payload)
    except UnreadableSlackError as error:
        abort(400, str(error))


def _press(button: Pressed) -> Answer:
    if button.spoken is None or button.spoken.alert is None:
        return "", 200
    people = by_slack(rung().config, button.user)
    if not people:
        tell_presser(button.answer_at, _STRANGER.format(button.user))
        return "", 200
    replied = rung().replies.answer(people, button.spoken, VIA)
    if replied.is_done:
        change_pressed(button.answer_at, _told(people[0], replied))
    else:
        tell_presser(button.answer_at, replied.text)
    return "", 200


def _command(command: Commanded) -> Answer:
    if command.text.strip().lower() in ONCALL:
        return _ephemeral(_on_call())
    people = by_slack(rung().config, command.user)
    if not people:
        return _ephemeral(_STRANGER.format(command.user))
    return _ephemeral(rung().replies.answer(people, read(command.text), VIA).text)


def _event(body: Any) -> Answer:
    if not isinstance(body, dict):
        abort(400, "the body is no JSON object")
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
    alert_id = rung().replies.alert_of(word.about)
    people = by_slack(rung().config, word.user)
    if alert_id is None or not people:
        return
    replied = rung().replies.act(alert_id, people[0], spoken, VIA)
    say_in_thread(rung().config.replies.slack.bot_token.get_secret_value(), word.channel, word.thread, replied.text)


def _told(person: str, replied: Replied) -> str:
    return f"{shown(rung().config, person)}: {replied.text}"


def _on_call() -> str:
    rules, now = rung().engine.present()
    return (
        "\n".join(rotation_line(on_call_view(rules, name, now), now) for name in rules.plans) or "There is no rotation."
    )


def _ephemeral(text: str) -> Answer:
    return {"response_type": "ephemeral", "text": text}, 200
