"""GET /silences: what silences alerts, now or later: added by people, planned in the config, maintenance windows."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, request

from core.config.base import parse_switch
from core.silence_list import Listed, listed, silence_view
from core.silence_words import say_covers, say_recurs
from core.times import say_duration
from functions._doors import Reply, caller, rung, unsealed
from functions._pages import page, wants_html
from functions._silences import open_alerts

door = Blueprint("silences", __name__)

_ENDED_SHOWN = 20


@door.get("/silences")
def silences() -> Reply:
    """List them; those that ended too with `?ended=true`."""
    caller()
    rules, now = rung().engine.present()
    alerts, are_all = open_alerts()
    if not wants_html():
        found = listed(rules.silences, now, with_ended=_wants_ended())
        return {"silences": [silence_view(each, alerts, are_all=are_all) for each in found]}
    found = listed(rules.silences, now, with_ended=True)
    zone = ZoneInfo(rung().config.timezone)

    def card(each: Listed) -> dict[str, Any]:
        view = silence_view(each, alerts, are_all=are_all)
        far = "%a %d %b %H:%M %Z"
        return {
            **view,
            "begins": f"{each.start.astimezone(zone):{far}}",
            "ends": f"{each.end.astimezone(zone):{far}}",
            "left": say_duration((each.end if view["state"] == "active" else each.start) - now),
            "says_covers": say_covers(view["covers"]),
            "says_recurs": say_recurs(view["recurs"], zone.key) if view["recurs"] else "",
        }

    cards = [card(each) for each in found]
    return page(
        "silences.html",
        active=[each for each in cards if each["state"] == "active"],
        future=[each for each in cards if each["state"] == "future"],
        ended=[each for each in cards if each["state"] == "ended"][:_ENDED_SHOWN],
        said=unsealed(),
        at=now,
    )


def _wants_ended() -> bool:
    try:
        return parse_switch(request.args.get("ended", "false"))
    except ValueError as error:
        abort(400, f"ended: {error}")
