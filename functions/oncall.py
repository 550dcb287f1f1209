"""GET /oncall?at=&next=&rotation=: of each rotation who is on call, until when, and who is next."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request

from core.config.durations import parse_span
from core.config.silences import parse_instant
from core.local_time import aware
from core.oncall import AHEAD, members_of, on_call_view, override_views, zone_of
from core.oncall_words import following, moment, one_of_each, origin, override_line, person, until
from core.rules import Rules
from core.times import rfc3339
from functions._doors import Reply, caller, rung, unsealed
from functions._oncall import known_rotation, names_of
from functions._pages import page, wants_html

door = Blueprint("oncall", __name__)

_AHEAD_ON_A_PAGE = timedelta(weeks=4)
_FIELD = "%Y-%m-%dT%H:%M"  # as <input type="datetime-local"> has it
# A + in an address is a space to whoever reads it.
_LOST_PLUS = re.compile(r"^(.+T.+) ([0-9:]{4,5})$")


@door.get("/oncall")
def oncall() -> Reply:
    """Say who is on call; with `next` also the shifts so far ahead. `at` without an offset is by the config's clock."""
    caller()
    rules, now = rung().engine.present()
    at, ahead = _at(rules.config.timezone) or now, _ahead()
    if wants_html():
        return _page(rules, now, at, ahead or _AHEAD_ON_A_PAGE)
    return {"at": rfc3339(at), **_view(rules, at, ahead)}


def _view(rules: Rules, at: datetime, ahead: timedelta | None) -> dict[str, Any]:
    asked = request.args.get("rotation")
    rotations = [known_rotation(rules.config, asked)] if asked else list(rules.config.rotations)
    try:
        views = [on_call_view(rules, name, at, ahead) for name in rotations]
    except ValueError:  # the calendar ends
        abort(400, f"at: an instant in a year so far ahead as {at.year} cannot be told")
    overrides = [each for name in rotations for each in rules.overrides[name]]
    return {"rotations": views, "overrides": override_views(overrides, at)}


def _page(rules: Rules, now: datetime, at: datetime, ahead: timedelta) -> Response:
    view = _view(rules, at, ahead)
    names, links = names_of(rules.config), rung().links
    is_now = at == now
    return page(
        "oncall.html",
        at=now,
        when=None if is_now else moment(at, ZoneInfo(rules.config.timezone)),
        when_field=at.astimezone(ZoneInfo(rules.config.timezone)).strftime(_FIELD),
        timezone=rules.config.timezone,
        said=unsealed(),
        cards=[_card(rules, each, view["overrides"], at) for each in view["rotations"]],
        names=names,
        calendars=[(shown, links.calendar(f"person/{name}")) for name, shown in names.items()],
        is_now=is_now,
    )


def _card(rules: Rules, view: Mapping[str, Any], overrides: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
    name, end = view["rotation"], view["on_call"]["to"]
    zone, names = zone_of(rules.config, name), names_of(rules.config)
    of_it = [each for each in overrides if each["rotation"] == name]
    return {
        **view,
        "who": view["on_call"]["name"] or "Nobody",
        "until": until(view, at),
        "following": following(view, at, lambda after: str(after["name"])),
        "shifts": [{**each, "at": _short(each["from"], zone, at), "who": person(each)} for each in view["shifts"]],
        "overrides": [
            {**each, "line": override_line(each, zone, at, names), "origin": origin(each, names)}
            for each in one_of_each(of_it)
        ],
        "members": members_of(rules.config, name),
        "from_field": at.astimezone(zone).strftime(_FIELD),
        "to_field": datetime.fromisoformat(end).astimezone(zone).strftime(_FIELD) if end else "",
        "calendar": rung().links.calendar(name),
    }


def _short(instant: str | None, zone: ZoneInfo, at: datetime) -> str:
    return moment(instant, zone, at).rpartition(" ")[0] if instant else "before"


def _at(timezone: str) -> datetime | None:
    text = request.args.get("at", "").strip()
    if not text:
        return None
    try:
        return aware(parse_instant(_LOST_PLUS.sub(r"\1+\2", text)), ZoneInfo(timezone))
    except ValueError:
        abort(400, f"at: an instant such as 2026-11-25T22:00:00Z; without an offset by the clock of {timezone}")


def _ahead() -> timedelta | None:
    text = request.args.get("next", "").strip()
    if not text:
        return None
    try:
        ahead = timedelta(seconds=parse_span(text))
    except ValueError:
        ahead = timedelta(0)
    if not timedelta(0) < ahead <= AHEAD:
        abort(400, f"next: a time ahead such as 4w or 3d, above zero and at most {AHEAD.days // 7}w")
    return ahead
