"""What is said back to Slack beside the answer to its request: the pressed message is changed, a thread is answered.

It is said after the work is committed, from a thread of its own: Slack waits three seconds and no longer. What cannot
be said is logged and forgotten; nothing hangs on it.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

import requests

from core.adapters.slack_client import UNREACHABLE, slack_client
from core.replies.slack_blocks import literal, said

log = logging.getLogger("rung.slack")

# Slack's own, whatever the request said; it is signed, but an address is worth a second look.
_HOOKS = re.compile(r"https://hooks\.slack\.com/(?:actions|commands)/[A-Za-z0-9/_-]+", re.ASCII)
_WITHIN = (3.0, 5.0)  # seconds to connect, and to read


def change_pressed(answer_at: str, text: str) -> None:
    """Have the message whose button was pressed say this instead, to all who see it."""
    _answer(answer_at, {"replace_original": True, "attachments": [said(text, text)]})


def tell_presser(answer_at: str, text: str) -> None:
    """Say this to whoever pressed, and to nobody else; the message stays as it is."""
    quietly = {"replace_original": False, "response_type": "ephemeral"}
    _answer(answer_at, {**quietly, "text": literal(text), "mrkdwn": False})


def say_in_thread(bot_token: str, channel: str, thread: str, text: str) -> None:
    """Say this in a thread; nothing without a bot token."""
    if bot_token:
        client = slack_client(bot_token, _WITHIN[1])
        _later(lambda: client.chat_postMessage(channel=channel, thread_ts=thread, text=literal(text), mrkdwn=False))


def _answer(answer_at: str, body: Mapping[str, Any]) -> None:
    """Post to an address of Slack's; any other is not asked."""
    if _HOOKS.fullmatch(answer_at):
        _later(lambda: requests.post(answer_at, json=body, timeout=_WITHIN, allow_redirects=False).raise_for_status())


def _later(call: Callable[[], Any]) -> None:
    threading.Thread(target=_quietly, args=(call,), name="slack-answer", daemon=True).start()


def _quietly(call: Callable[[], Any]) -> None:
    try:
        call()
    except (*UNREACHABLE, requests.RequestException) as error:
        # The text of the error may hold the address, which is as good as a token for half an hour.
        log.warning("Slack was not told: %s", type(error).__name__)
