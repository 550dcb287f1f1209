"""slack_sdk's client as Rung uses it: it says nothing in the log, where a token could end up, and asks once."""

import logging
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

API = "https://slack.com/api/"

# What may happen on the way to Slack; that Slack says no is a SlackApiError, which is among the first.
UNREACHABLE = (SlackClientError, OSError, HTTPException)

_silent = logging.getLogger("rung.slack_sdk")
_silent.handlers = [logging.NullHandler()]
_silent.propagate = False
_silent.setLevel(logging.CRITICAL + 1)


def slack_client(bot_token: str, within: float, api: str = API) -> WebClient:
    """Give a client that waits so many seconds for each step of a connection."""
    return WebClient(bot_token, base_url=api, timeout=round(within), logger=_silent, retry_handlers=[])
