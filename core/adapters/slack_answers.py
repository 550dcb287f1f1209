"""What is said back to Slack beside the answer to its request: the pressed message is changed, a thread is answered.

It is said after the work is committed, from a thread of its own: Slack waits three seconds and no longer. What cannot
be said is logged and forgotten; nothing hangs on it.
"""

import logging
import re
import threading
from collections.abc import Callable
from typing import Any

import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

log = logging.getLogger("rung.slack")

API = "https://slack.com/api/"
_HOOKS = re.compile(r"https://hooks\.slack\.com/(?:actions|commands)/\S+")
_WITHIN = (3.0, 5.0)  # seconds to connect, and to read


def change_pressed(answer_at: str, text: str) -> None:
    """Have the message whose button was pressed say this instead. Only an address of Slack's is asked."""
    if _HOOKS.fullmatch(answer_at):
        body = {"replace_original": True, "text": text}
        _later(lambda: requests.post(answer_at, json=body, timeout=_WITHIN, allow_redirects=False).raise_for_status())


def tell_presser(answer_at: str, text: str) -> None:
    """Say this to whoever pressed, and to nobody else; the message stays as it is."""
    if _HOOKS.fullmatch(answer_at):
        body = {"replace_original": False, "response_type": "ephemeral", "text": text}
        _later(lambda: requests.post(answer_at, json=body, timeout=_WITHIN, allow_redirects=False).raise_for_status())


def say_in_thread(bot_token: str, channel: str, thread: str, text: str) -> None:
    """Say this in a thread; nothing without a bot token."""
    if bot_token:
        client = WebClient(bot_token, base_url=API, timeout=int(_WITHIN[1]))
        _later(lambda: client.chat_postMessage(channel=channel, thread_ts=thread, text=text, mrkdwn=False))


def _later(call: Callable[[], Any]) -> None:
    threading.Thread(target=_quietly, args=(call,), name="slack-answer", daemon=True).start()


def _quietly(call: Callable[[], Any]) -> None:
    try:
        call()
    except (SlackApiError, SlackClientError, requests.RequestException, OSError) as error:
        # The text of the error may hold the address, which is as good as a token for half an hour.
        log.warning("Slack was not told: %s", type(error).__name__)
