"""What is said to Telegram beside the answer to its request: the page whose button was pressed says what became of it.

It is said after the work is committed, from a thread of its own. What cannot be said is logged and forgotten.
"""

import logging
import re
import threading
from collections.abc import Iterable

import requests

log = logging.getLogger("rung.telegram")

_API = "https://api.telegram.org/bot"
_BOT = re.compile(r"tgram://(?:bot)?([0-9]{1,20}:[\w-]{20,80})(?:[/?]|$)", re.ASCII | re.IGNORECASE)
_WITHIN = (3.0, 5.0)  # seconds to connect, and to read
_LONGEST = 4096


def bot_of(urls: Iterable[str]) -> str:
    """Give the token of the bot that pages go out by; '' when no channel's URL has one."""
    found = (_BOT.match(url.strip()) for url in urls)
    return next((match[1] for match in found if match), "")


def change_pressed(bot: str, chat: int, message: int, text: str) -> None:
    """Have the page say this instead, without its buttons; nothing without a bot or a page."""
    if not bot or not chat or not message:
        return
    body = {"chat_id": chat, "message_id": message, "text": text[:_LONGEST]}
    threading.Thread(target=_post, args=(bot, body), name="telegram-answer", daemon=True).start()


def _post(bot: str, body: dict[str, object]) -> None:
    url = f"{_API}{bot}/editMessageText"
    try:
        requests.post(url, json=body, timeout=_WITHIN, allow_redirects=False).raise_for_status()
    except requests.RequestException as error:
        # The text of the error holds the address, and that the bot's token.
        log.warning("a page in Telegram was not changed: %s", type(error).__name__)
