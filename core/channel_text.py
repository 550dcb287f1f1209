"""What may stand in a message and in a channel's URL. Pure text: nothing here knows how it is sent.

A body is cut in its middle, because its last line holds the link people answer with.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from core.outcomes import Message

TITLE_LIMIT = 100
DEFAULT_LIMIT = 2000

# Characters of title and body together, below what the providers take.
BODY_LIMITS: Mapping[str, int] = {
    "discord": 1900,  # of 2000: a mention of the person follows
    "email": 30_000,
    "googlechat": 4000,
    "gotify": 10_000,
    "matrix": 16_000,  # an event has 65,536 bytes
    "mattermost": 4000,
    "ntfy": 1000,  # 4096 bytes, then it becomes an attachment; a character has at most four
    "phone": 3000,
    "pushover": 1024,
    "rocketchat": 1000,
    "signal": 2000,
    "slack": 3000,
    "sms": 459,  # three parts
    "teams": 2200,  # a card has 28 KB, and a character takes up to twelve bytes of them
    "telegram": 4000,
    "webhook": 30_000,
    "whatsapp": 1024,
}

REFUSED_PARAMETERS = frozenset({"cto", "format", "optional", "overflow", "redirect", "retry", "rto", "template"})

_INVISIBLE = "\N{ZERO WIDTH SPACE}"
_MENTION = re.compile(r"@(?=(?:everyone|here|channel|all|room|online|team)\b)", re.IGNORECASE)
_MARKUP = re.compile(r"<(?=[!@#&]|at>)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}", re.ASCII)
_LINK = re.compile(r"https?://\S+\Z")
_LINK_IN_TEXT = re.compile(r"https?://[^\s<>()\[\]\\]*[^\s<>()\[\]\\.,;:!?\"']")
_ELLIPSIS = "…"
_LONGEST_WORD = 40

# Apprise splits lists at these after it has undone the quoting, so quoting them does not help.
_SEPARATORS = re.compile(r"[\s,;|/\\%\x00-\x1f\x7f]")


class ContactError(ValueError):
    """A channel's URL cannot be filled with this contact. The message says why, without the value."""


def defuse(text: str) -> str:
    """Give the text with mentions that would wake a whole room made harmless."""
    return _MARKUP.sub("<" + _INVISIBLE, _MENTION.sub("@" + _INVISIBLE, text))


def fit(message: Message, channel: str | int) -> Message:
    """Give the message cut for a kind of channel, or for a limit in characters; its last line survives.

    The limit holds for title and body together, because many channels put the title into the body.
    """
    limit = BODY_LIMITS.get(channel, DEFAULT_LIMIT) if isinstance(channel, str) else channel
    title = _shortened(" ".join(message.title.split()), min(TITLE_LIMIT, limit // 3))
    room = limit - len(title) - len("\r\n")
    return replace(message, title=title, body=_cut_in_the_middle(message.body.rstrip(), room))


def with_markdown_links(text: str) -> str:
    """Give the text for a channel that shows Markdown only: links that can be pressed, lines that stay lines."""
    linked = _LINK_IN_TEXT.sub(lambda match: f"[{match[0]}]({match[0]})", text)
    return re.sub(r"\n+", "\n\n", linked)


def render_url(template: str, contact: Mapping[str, str]) -> str:
    """Give the template with each {placeholder} filled from the contact; ContactError when it cannot be."""
    return _PLACEHOLDER.sub(lambda match: _quoted(match[1], contact), template)


def placeholders(template: str) -> set[str]:
    """Give the names that stand in braces in a channel's URL."""
    return set(_PLACEHOLDER.findall(template))


def refused_parameters(template: str) -> list[str]:
    """Give the options of a channel's URL that Rung decides itself, read as leniently as Apprise reads them."""
    pairs = re.split(r"[?&;]", template)[1:]
    names = [unquote(pair.partition("=")[0].replace("+", " ")).strip().lower() for pair in pairs]
    return [name for name in dict.fromkeys(names) if name in REFUSED_PARAMETERS]


def _quoted(name: str, contact: Mapping[str, str]) -> str:
    value = contact.get(name, "")
    if not value:
        raise ContactError(f"the channel's URL needs {{{name}}} and the contact has none: add `{name}` to the person")
    if found := _SEPARATORS.search(value):
        raise ContactError(
            f"the contact's `{name}` contains {found[0]!r}, which could name a second target: leave it out"
        )
    return quote(value, safe="")


def _cut_in_the_middle(body: str, room: int) -> str:
    if len(body) <= room:
        return body
    head, _, last = body.rpartition("\n")
    last = _last_line(last, room)
    if not last:
        return _shortened(body, room)
    head = _shortened(head.rstrip(), room - len(last) - 1)
    return f"{head}\n{last}" if head else last


def _last_line(line: str, room: int) -> str:
    """Give the last line, or only its link when the whole line has no room, or nothing."""
    if len(line) <= room:
        return line
    link = _LINK.search(line)
    return link[0] if link and len(link[0]) <= room else ""


def _shortened(text: str, room: int) -> str:
    """Give the text cut at the end of a word, with an ellipsis where something is missing."""
    if len(text) <= room:
        return text
    if room < len(_ELLIPSIS):
        return ""
    kept = text[: room - len(_ELLIPSIS)]
    if not text[len(kept)].isspace():
        kept = _without_broken_word(kept)
    return kept.rstrip(" \t\r\n\N{ZERO WIDTH JOINER}") + _ELLIPSIS


def _without_broken_word(kept: str) -> str:
    words = re.fullmatch(r"(.*\s)?(\S*)", kept, re.DOTALL)
    before, broken = (words[1] or "", words[2]) if words else ("", kept)
    is_link = "://" in broken
    return before if is_link or (before and len(broken) <= _LONGEST_WORD) else kept
