"""Slack's side of the door: requests as it sends and signs them, for tests that use the real application."""

import json
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from core.ledger import State
from tests.adapters.fake_slack import BOT_TOKEN, SIGNING_SECRET, signed
from tests.apps import App
from tests.samples import PEOPLE

FORM = "application/x-www-form-urlencoded"
REPLIES = {"slack": {"signing_secret": SIGNING_SECRET, "bot_token": BOT_TOKEN}}
# user2 is level one of every policy; the id of who presses is the one behind the sign.
KNOWN = PEOPLE | {
    "user2": {**PEOPLE["user2"], "name": "User Two", "slack": "+W111"},
    "user5": {**PEOPLE["user5"], "slack": "@U555"},
}
NOBODY = "U0STRANGER"
THREAD = ("C111", "1774771100.000200")


def post(app: App, body: bytes, kind: str = FORM, headers: dict[str, str] | None = None) -> TestResponse:
    """Send this to the door, signed with the clock of the store unless the headers say otherwise."""
    proof = signed(body, app.now.timestamp()) if headers is None else headers
    return app.http.post("/reply/slack", data=body, headers={"Content-Type": kind, **proof})


def press(app: App, action: str, value: str, user: str = "W111", answer_at: str = "", **fields: Any) -> TestResponse:
    return post(app, pressing(action, value, user, answer_at, **fields))


def pressing(action: str, value: str, user: str = "W111", answer_at: str = "", **fields: Any) -> bytes:
    pressed = {"action_id": action, "block_id": "rung", "type": "button", "value": value}
    payload = {"type": "block_actions", "user": {"id": user}, "response_url": answer_at, "actions": [pressed]}
    return urlencode({"payload": json.dumps(payload | fields)}).encode()


def command(app: App, text: str, user: str = "W111", **fields: str) -> TestResponse:
    return post(app, commanding(text, user, **fields))


def commanding(text: str, user: str = "W111", **fields: str) -> bytes:
    """Give the form of a command; no two have the same trigger_id."""
    form = {"command": "/rung", "text": text, "user_id": user, "trigger_id": token_hex(), **fields}
    return urlencode(form).encode()


def says(app: App, text: str, user: str = "W111", event_id: str = "Ev111", **fields: Any) -> TestResponse:
    """Say it in the thread under a message."""
    return post(app, saying(text, user, event_id, **fields), "application/json")


def saying(text: str, user: str = "W111", event_id: str = "Ev111", **fields: Any) -> bytes:
    inner = {"type": "message", "text": text, "user": user, "channel": THREAD[0], "thread_ts": THREAD[1], "ts": "1.2"}
    body = {"type": "event_callback", "event_id": event_id, "event": {**inner, **fields}}
    return json.dumps({key: value for key, value in body.items() if value is not None}).encode()


def told(answer: TestResponse) -> str:
    """What a slash command is answered, to whoever gave it and nobody else."""
    assert answer.status_code == 200, answer.text
    assert answer.json["response_type"] == "ephemeral"
    return str(answer.json["text"])


def numbered(app: App, alert_id: int) -> None:
    """Have the next alert get this number."""
    app.redis.set("rung:last_id", alert_id - 1)


def stands_at(app: App, alert_id: int, where: tuple[str, str] = THREAD, bundle: str = "") -> None:
    """Have the page of this alert on Slack stand there, as the ledger knows it."""
    ledger = app.rung.ledger.entries(alert_id)
    [field] = [field for field in ledger if field.endswith("/slack")]
    entry = ledger[field].model_copy(update={"state": State.SENT, "provider_id": ":".join(where), "bundle": bundle})
    app.redis.hset(f"rung:ledger:{alert_id}", field, entry.dump())


def who_has(app: App, alert_id: int) -> tuple[str, str | None]:
    alert = app.rung.engine.alert(alert_id)[0]
    return alert.status.value, alert.acknowledged_by
