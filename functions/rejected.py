"""GET /rejected: webhooks that could not be read, newest first, each with its reason and how it begins."""

from typing import Any

from flask import Blueprint

from core.rejected import Rejected
from functions._doors import Reply, caller, rung, unsealed
from functions._pages import page, wants_html

door = Blueprint("rejected", __name__)

_SHOWN = 100
_LINE = 200  # characters of a body that stand beside its reason; the rest unfolds


@door.get("/rejected")
def rejected() -> Reply:
    """List them."""
    caller()
    if not wants_html():
        return {"rejected": [each.view() for each in rung().intake.rejected()]}
    cards = [_card(each) for each in rung().intake.rejected(_SHOWN)]
    said = unsealed()
    is_here = said is not None and said.about in {card["id"] for card in cards}
    return page("rejected.html", cards=cards, said=said, is_here=is_here, most=_SHOWN if len(cards) == _SHOWN else None)


def _card(rejected: Rejected) -> dict[str, Any]:
    return {
        **rejected.view(),
        "begins": " ".join(rejected.body[:_LINE].split()) or "blank",
        "length": len(rejected.body),
    }
