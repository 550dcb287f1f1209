"""How a report goes out as mail: HTML with a plain-text part of our own, and pictures where the HTML shows them.

Apprise makes the plain text from the HTML and puts every cell of a table on a line of its own; we have a better one.
Pictures are parts of the mail (`cid:`): data URIs are thrown away by Gmail and Outlook, links need a Rung that the
reader can reach.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apprise import NotifyFormat
from apprise.attachment.memory import AttachMemory

from core.outcomes import Message

_SMTP = "apprise.plugins.email.base"
_SHOWN_PICTURE = re.compile(r'<img[^>]*src="cid:[^>]*>')


def carries_html(channel: Any) -> bool:
    """Say whether the channel is mail: it takes HTML and files."""
    formats = channel.notify_format
    formats = formats if isinstance(formats, tuple) else (formats,)
    is_chat = NotifyFormat.MARKDOWN in formats
    return NotifyFormat.HTML in formats and bool(channel.attachment_support) and not is_chat


@contextmanager
def mail_options(channel: Any, message: Message) -> Iterator[dict[str, Any]]:
    """Give what to tell Apprise beside the title. While it lasts, the plain-text part is ours."""
    html = message.html
    if hasattr(channel, "inline"):
        channel.inline = True
    else:
        html = _SHOWN_PICTURE.sub("", html)  # of an API nobody knows how it names its parts; they are attached
    pictures = [AttachMemory(content=each.png, name=each.name, mimetype="image/png") for each in message.pictures]
    with _our_text(message.body):
        yield {"body": html, "body_format": NotifyFormat.HTML, "attach": pictures or None}


@contextmanager
def _our_text(text: str) -> Iterator[None]:
    """Have SMTP mails carry this text. Without the function that we stand in for, they carry Apprise's."""
    module = sys.modules.get(_SMTP)
    original = getattr(module, "convert_between", None)
    if original is None:
        yield
        return
    vars(module)["convert_between"] = lambda *_arguments, **_options: text
    try:
        yield
    finally:
        vars(module)["convert_between"] = original
