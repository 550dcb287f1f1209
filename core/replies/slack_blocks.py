"""What Rung says in Slack: plain text, in which nothing that an alert or a person wrote comes alive. Pure."""

import html
from collections.abc import Mapping
from typing import Any

from core.channel_text import defuse

LONGEST_SECTION = 3000  # of Block Kit
LONGEST_HEADER = 150
_ELLIPSIS = " …"


def literal(text: str) -> str:
    """Give the text with what Slack reads as markup escaped: a mention, a link, an entity."""
    return html.escape(defuse(text), quote=False)


def fits(text: str, most: int) -> bool:
    """Say whether Slack takes an escaped text of this length in a block; it counts as browsers do, and takes no ''."""
    return 0 < _length(text) <= most


def said(title: str, text: str) -> Mapping[str, Any]:
    """Give what stands where a page stood: the text alone, without a button. `title` is for what shows no blocks."""
    section = {"type": "plain_text", "text": _cut(text), "emoji": False}
    return {"fallback": literal(title), "blocks": [{"type": "section", "text": section}]}


def _cut(text: str) -> str:
    """Give the text escaped, cut where it is too long; an entity is never cut."""
    kept = text
    while not fits(literal(kept), LONGEST_SECTION - len(_ELLIPSIS)) and len(kept) > 1:
        kept = kept[: len(kept) * 9 // 10]
    return literal(kept) if kept == text else f"{literal(kept)}{_ELLIPSIS}"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
