"""Telegram's, ntfy's and the mail gateways' side of the doors, for tests that use the real application."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from core.ledger import State
from tests.apps import App
from tests.samples import PEOPLE, POLICIES, config_dict, level

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
SECRET = "fake-secret-token"
MAIL_SECRET = "secret-of-the-gateway"
ADDRESS = "rung@inbound.example.com"
JOHNNY = 123456789
GROUP = -1001760329920
HEADER = "X-Telegram-Bot-Api-Secret-Token"
WAYS = ["email", "telegram", "ntfy"]

# user2 is on level one; user5, on level two, has a group for an address, and is known by telegram_id.
KNOWN = PEOPLE | {
    "user2": {**PEOPLE["user2"], "email": "johnny@example.com", "telegram": str(JOHNNY), "ntfy": "johnny-f3k9"},
    "user5": {**PEOPLE["user5"], "telegram": f"{GROUP}:12", "telegram_id": "555", "ntfy": "five-f3k9"},
}
LADDER = POLICIES["critical"] | {
    "levels": [
        level("primary", 0, [*WAYS, "sms"], ["oncall_primary"], 300),
        level("secondary", 600, WAYS, ["oncall_secondary"], 600),
    ]
}


def changes(provider: str = "plain", **replies: Any) -> dict[str, Any]:
    """What differs from the config of other tests."""
    ways = {
        "telegram": {"secret": SECRET},
        "email": {"provider": provider, "secret": MAIL_SECRET, "address": ADDRESS},
    }
    escalation = config_dict()["escalation"]
    return {
        "people": KNOWN,
        "channels": {name: {"url": ""} for name in [*WAYS, "sms", "slack", "phone"]},
        "escalation": escalation | {"policies": POLICIES | {"critical": LADDER}},
        "replies": ways | replies,
    }


def who_has(app: App, alert_id: int) -> tuple[str, str | None]:
    alert = app.rung.engine.alert(alert_id)[0]
    return alert.status.value, alert.acknowledged_by


def numbered(app: App, alert_id: int) -> None:
    """Have the next alert get this number."""
    app.redis.set("rung:last_id", alert_id - 1)


def stands_at(app: App, alert_id: int, where: str) -> None:
    """Have the page of this alert on Telegram stand there, as the ledger knows it."""
    ledger = app.rung.ledger.entries(alert_id)
    [field] = [field for field in ledger if field.endswith("/telegram")]
    entry = ledger[field].model_copy(update={"state": State.SENT, "provider_id": where})
    app.redis.hset(f"rung:ledger:{alert_id}", field, entry.dump())


# Telegram


def send(app: App, update: Any, secret: str = SECRET) -> TestResponse:
    return app.http.post("/reply/telegram", json=update, headers={HEADER: secret})


def pressing(data: str, user: int = JOHNNY, number: int = 1) -> dict[str, Any]:
    chat = {"id": user, "type": "private"}
    query = {"id": "530241234567890123", "from": {"id": user, "is_bot": False}, "chat_instance": "-38", "data": data}
    return {"update_id": number, "callback_query": {**query, "message": {"message_id": 173, "chat": chat}}}


def saying(text: str, user: int = JOHNNY, number: int = 1, chat: int | None = None, **fields: Any) -> dict[str, Any]:
    """In private, unless a chat is given; `answers` a message of the bot's, by its number."""
    where = {"id": user, "type": "private"} if chat is None else {"id": chat, "type": "supergroup"}
    message = {"message_id": 174, "from": {"id": user, "is_bot": False}, "chat": where, "date": 1774771150}
    if "answers" in fields:
        bot = {"id": 5000000001, "is_bot": True}
        fields["reply_to_message"] = {"message_id": fields.pop("answers"), "from": bot, "chat": where}
    return {"update_id": number, "message": {**message, "text": text, **fields}}


# Mails


def address(app: App, alert_id: int, person: str = "user2") -> str:
    return app.rung.links.mail_address(ADDRESS, alert_id, person)


def mail(to: str, text: str, sender: str = "Johnny <johnny@example.com>", **headers: str) -> EmailMessage:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = sender, to, "Re: CRITICAL: alert 1: Disk is full"
    written["Message-ID"] = f"<{abs(hash((to, text, sender, *headers.values())))}@example.com>"
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    return written


def plain(app: App, raw: EmailMessage | bytes, token: str = MAIL_SECRET) -> TestResponse:
    body = raw if isinstance(raw, bytes) else raw.as_bytes()
    return app.http.post("/reply/email", query_string={"token": token}, data=body, content_type="message/rfc822")


def came_of(answer: TestResponse) -> str:
    """What came of a mail, which the gateway is told."""
    assert answer.status_code == 200, answer.text
    return str(answer.json["result"])
