"""GET /outbox: what went to the built-in outbox, newest first, where pages go until a channel has credentials."""

from flask import Blueprint

from functions._doors import Reply, caller, rung
from functions._pages import page, wants_html

door = Blueprint("outbox", __name__)

_SHOWN = 200


@door.get("/outbox")
def outbox() -> Reply:
    """List the messages."""
    caller()
    messages = rung().ledger.messages(_SHOWN)
    if not wants_html():
        return {"messages": messages}
    return page("outbox.html", messages=[{**each, **_parts(str(each.get("body", "")))} for each in messages])


def _parts(body: str) -> dict[str, str]:
    """Split off the link that answers, so that it can be followed; nothing else in a message becomes one."""
    before, _, link = body.rpartition("Answer: ")
    base = rung().settings.public_url
    ours = link.startswith((f"{base}/a/", f"{base}/b/")) and not any(each.isspace() for each in link)
    return {"text": before.rstrip(), "link": link} if ours else {"text": body, "link": ""}
