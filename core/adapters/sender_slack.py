"""Slack: a page has buttons, by Apprise's template of Block Kit; a notice about a page changes it where it stands.

Everything is plain text there, so that no mention in an alert's text comes alive; the link is a button, for plain text
has none.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import requests
from apprise import AppriseAttachment
from apprise.plugins.slack import SlackMode
from slack_sdk.errors import SlackApiError

from core.adapters.slack_client import UNREACHABLE, slack_client
from core.adapters.wire import READ_TIMEOUT
from core.outcomes import Message, Outcome, OutcomeKind, Ways
from core.replies.slack_blocks import LONGEST_HEADER, LONGEST_SECTION, fits, literal, said

_TEMPLATE = files("core.adapters") / "templates" / "slack.json"
_WITH_BUTTONS = frozenset({SlackMode.BOT, SlackMode.WEBHOOK, SlackMode.WEBHOOK_GOV})
_TOO_MANY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_LATER = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


def prepare(channel: Any, message: Message, ways: Ways) -> Mapping[str, Any]:
    """Give the plugin our template, with the alert that its buttons are about; what has no room there has a link."""
    title, body = literal(message.title), literal(message.body)
    has_room = fits(title, LONGEST_HEADER) and fits(body, LONGEST_SECTION)
    if not ways.buttons or not has_room or channel.mode not in _WITH_BUTTONS:
        return {}
    template = AppriseAttachment(asset=channel.asset)
    template.add(str(_TEMPLATE))
    channel.template, channel.use_blocks = template, True
    channel.tokens = {"title": title, "body": body, "alert": str(ways.alert), "link": ways.link}
    return {}


def change(channel: Any, message: Message, ways: Ways) -> Outcome | None:
    """Change the pages that this message is about; None when the last cannot be changed, and it is to be sent."""
    if not getattr(channel, "access_token", None):
        return None
    outcome = _change(channel, message, ways.changes)
    if outcome is None or outcome.kind is OutcomeKind.SENT:
        for page in ways.older:  # whatever becomes of them: the last one is what people read
            _change(channel, message, page)
    return outcome


def _change(channel: Any, message: Message, page: str) -> Outcome | None:
    where, _, when = page.partition(":")
    if not when:
        return None
    client = slack_client(channel.access_token, READ_TIMEOUT, channel.api_url.format(""))
    attachment = said(message.title, f"{message.title}\n{message.body}".strip())
    try:
        client.chat_update(channel=where, ts=when, text="", attachments=[attachment])
    except SlackApiError as error:
        return _refused(error)
    except UNREACHABLE:
        return Outcome(OutcomeKind.UNAVAILABLE, "the provider could not be reached")
    return Outcome(OutcomeKind.SENT, provider_id=page)


def _refused(error: SlackApiError) -> Outcome | None:
    """Give what follows from a no: to try again later, or None, since a message by itself may still go."""
    word, status = _word(error), error.response.status_code
    if word in _TOO_MANY or status == requests.codes.too_many_requests:
        return Outcome(OutcomeKind.RATE_LIMITED, "too many messages", retry_after=_seconds(error))
    if word in _LATER or status >= requests.codes.internal_server_error:
        return Outcome(OutcomeKind.UNAVAILABLE, f"HTTP {status} from the provider")
    return None


def _word(error: SlackApiError) -> str:
    answer = error.response.data
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def _seconds(error: SlackApiError) -> float | None:
    headers = {name.lower(): str(value) for name, value in dict(error.response.headers).items()}
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None
