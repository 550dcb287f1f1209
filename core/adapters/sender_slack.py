"""Slack: a page has buttons, by Apprise's template of Block Kit; a notice about a page changes it where it stands.

Everything is plain text there, so that no mention in an alert's text comes alive; the link is a button, for plain text
has none.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from apprise import AppriseAttachment
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from core.adapters.wire import READ_TIMEOUT
from core.outcomes import Message, Outcome, OutcomeKind, Ways

_TEMPLATE = files("core.adapters") / "templates" / "slack.json"
_LONGEST_TEXT = 3000  # of a section of Block Kit
_LONGEST_TITLE = 150  # of a header


def prepare(channel: Any, message: Message, ways: Ways) -> Mapping[str, Any]:
    """Give the plugin our template, with the alert that its buttons are about."""
    if not ways.buttons or len(message.body) > _LONGEST_TEXT or len(message.title) > _LONGEST_TITLE:
        return {}
    template = AppriseAttachment(asset=channel.asset)
    template.add(str(_TEMPLATE))
    channel.template, channel.use_blocks = template, True
    channel.tokens = {"alert": str(ways.alert), "link": ways.link}
    return {}


def change(channel: Any, message: Message, ways: Ways) -> Outcome | None:
    """Change the message that this one is about; None when it cannot be changed, and is to be sent by itself."""
    where, _, when = ways.changes.partition(":")
    if not when or not getattr(channel, "access_token", None):
        return None
    client = WebClient(channel.access_token, base_url=channel.api_url.format(""), timeout=int(READ_TIMEOUT))
    text = f"{message.title}\n{message.body}".strip()
    block = {"type": "section", "text": {"type": "plain_text", "text": text[:_LONGEST_TEXT], "emoji": False}}
    attachment = {"fallback": message.title, "blocks": [block]}
    try:
        client.chat_update(channel=where, ts=when, text="", attachments=[attachment])
    except SlackApiError as error:
        return _refused(error)
    except (SlackClientError, OSError):
        return Outcome(OutcomeKind.UNAVAILABLE, "the provider could not be reached")
    return Outcome(OutcomeKind.SENT, provider_id=ways.changes)


def _refused(error: SlackApiError) -> Outcome | None:
    if error.response.get("error") in {"ratelimited", "rate_limited"}:
        return Outcome(OutcomeKind.RATE_LIMITED, "too many messages", retry_after=_seconds(error))
    return None


def _seconds(error: SlackApiError) -> float | None:
    text = str(dict(error.response.headers).get("Retry-After", ""))
    return float(text) if text.isdigit() else None
