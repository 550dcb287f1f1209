"""What Mailgun, Postmark and SendGrid hand on, in their own shapes, with the door's proof of each."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tests.apps import App
from tests.functions.other_ways import MAIL_SECRET, address

SHAPES = json.loads((Path(__file__).parents[1] / "fixtures" / "replies" / "mail.json").read_text("utf-8"))
TEXTS = {"mailgun": "body-plain", "postmark": "TextBody", "sendgrid": "text"}
PROVIDERS = tuple(SHAPES)
BOUNDARY = "xYzZY"


def shape(app: App, provider: str, alert_id: int = 1, **fields: Any) -> dict[str, Any]:
    """Give what it hands on of a mail to this alert's address, with other fields where the test says so."""
    found = json.loads(json.dumps(SHAPES[provider]).replace("ADDRESS", address(app, alert_id)))
    if "text" in fields:
        fields[TEXTS[provider]] = fields.pop("text")
    return found | {name.replace("_", "-") if provider == "mailgun" else name: value for name, value in fields.items()}


def hand_on(app: App, provider: str, body: dict[str, Any], **proof: Any) -> TestResponse:
    """Post it as the provider does."""
    return {"mailgun": _mailgun, "postmark": _postmark, "sendgrid": _sendgrid}[provider](app, body, **proof)


def signed(app: App, token: str = "t" * 50, key: str = MAIL_SECRET, ago: float = 0) -> dict[str, str]:
    """Give Mailgun's fields that prove a request, made so many seconds ago by the clock of the store."""
    stamp = str(int(app.now.timestamp() - ago))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": stamp, "token": token, "signature": signature}


def _mailgun(app: App, body: dict[str, Any], **proof: Any) -> TestResponse:
    form = {**body, "message-headers": json.dumps(body["message-headers"]), **(proof.get("signed") or signed(app))}
    return app.http.post("/reply/email", data=form, content_type=proof.get("content_type"))


def _postmark(app: App, body: dict[str, Any], secret: str = MAIL_SECRET) -> TestResponse:
    return app.http.post("/reply/email", query_string={"token": secret}, json=body)


def _sendgrid(app: App, body: dict[str, Any], secret: str = MAIL_SECRET, charset: str = "utf-8") -> TestResponse:
    """Post it; the text alone is in the charset."""
    parts = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + value.encode(charset if name == "text" else "utf-8")
        + b"\r\n"
        for name, value in body.items()
    )
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    sent = parts + f"--{BOUNDARY}--\r\n".encode()
    return app.http.post("/reply/email", query_string={"token": secret}, data=sent, content_type=kind)
