"""What Rung says in Slack: plain text, in which nothing that an alert or a person wrote comes alive. Pure."""

import html
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.alert import Alert
from core.channel_text import defuse
from core.messages import title_of, what_happens_next
from core.replies.grammar import Verb

LONGEST_SECTION = 3000  # of Block Kit
LONGEST_HEADER = 150
_ELLIPSIS = " …"
_DID = {Verb.RESOLVE: "resolved it", Verb.ESCALATE: "escalated it"}  # whatever else there is takes it
_GOES_ON = frozenset({Verb.ESCALATE, Verb.SNOOZE})


def literal(text: str) -> str:
    """Give the text with what Slack reads as markup escaped: a mention, a link, an entity."""
    return html.escape(defuse(text), quote=False)


def fits(text: str, most: int) -> bool:
    """Say whether Slack takes an escaped text of this length in a block; it counts as browsers do, and takes no ''."""
    return 0 < _length(text) <= most


def said(title: str, text: str) -> dict[str, Any]:
    """Give what stands where a page stood: the text alone, without a button. `title` is for what shows no blocks."""
    section = {"type": "plain_text", "text": _cut(text), "emoji": False}
    return {"fallback": literal(title), "blocks": [{"type": "section", "text": section}]}


def done(alert: Alert, person: str, verb: Verb, now: datetime, zone: ZoneInfo) -> str:
    """Say to all who see the page what this person did about its alert, and what comes of it where anything does."""
    what = f"{person} {_DID.get(verb, 'has it')}: {title_of(alert)}"
    return f"{what}\n{what_happens_next(alert, now, zone)}" if verb in _GOES_ON else what


def _cut(text: str) -> str:
    """Give the text escaped, cut where it is too long; an entity is never cut."""
    kept = text
    while not fits(literal(kept), LONGEST_SECTION - len(_ELLIPSIS)) and len(kept) > 1:
        kept = kept[: len(kept) * 9 // 10]
    return literal(kept) if kept == text else f"{literal(kept)}{_ELLIPSIS}"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
