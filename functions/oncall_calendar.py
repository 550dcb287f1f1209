"""GET /oncall/<rotation>.ics and /oncall/person/<name>.ics: shifts as a calendar to subscribe to.

Calendar apps can send no header of their own, so the address carries a token that opens this calendar only. The API
token opens each, as Bearer or as the password of Basic. GET /oncall/calendars gives the addresses.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from core.ics import person_calendar, rotation_calendar
from core.oncall import AHEAD, BEHIND, UnknownNameError, check_person, shifts_of
from core.rotations import Shift
from core.rules import Rules
from functions._doors import caller, header_token, rung, session, token_name
from functions._oncall import known_rotation
from functions._pages import wants_html

door = Blueprint("oncall_calendar", __name__)

_HOW = (
    "this calendar opens with the token in its address (`rung oncall --ics` prints it), or with an API token as "
    "`Authorization: Bearer <token>` or as the password of Basic"
)


@door.get("/oncall/<rotation>.ics")
def of_rotation(rotation: str) -> Response:
    """Give the shifts of a rotation, from 30 days back to 26 weeks ahead."""
    _let_in(rotation)
    rules, now = rung().engine.present()
    known_rotation(rules.config, rotation)
    calendar = rotation_calendar(rotation, _shifts(rules, rotation, now), rules.config.people, now)
    return _calendar(rotation, calendar)


@door.get("/oncall/person/<name>.ics")
def of_person(name: str) -> Response:
    """Give what is theirs of the shifts of every rotation."""
    _let_in(f"person/{name}")
    rules, now = rung().engine.present()
    try:
        check_person(rules.config, name)
    except UnknownNameError as error:
        abort(404, str(error))
    every = {rotation: _shifts(rules, rotation, now) for rotation in rules.config.rotations}
    return _calendar(name, person_calendar(name, every, rules.config.people, now))


@door.get("/oncall/calendars")
def calendars() -> dict[str, Any]:
    """Give the address of each calendar, its token with it."""
    caller()
    config, links = rung().config, rung().links
    return {
        "rotations": {name: links.calendar(name) for name in config.rotations},
        "people": {name: links.calendar(f"person/{name}") for name in config.people},
    }


def _let_in(path: str) -> None:
    given = request.args.get("token")
    if given is not None:
        is_good = rung().links.opens_calendar(path, given)
    else:
        is_good = token_name(header_token()) is not None or session() is not None
    if not is_good:
        # A browser would ask for a password that nobody has; it is shown where to sign in.
        challenge = None if wants_html() else WWWAuthenticate("basic", {"realm": "rung"})
        raise Unauthorized(_HOW, www_authenticate=challenge)


def _shifts(rules: Rules, rotation: str, now: datetime) -> Iterator[Shift]:
    return shifts_of(rules, rotation, now - BEHIND, now + AHEAD)


def _calendar(name: str, calendar: bytes) -> Response:
    answer = Response(calendar, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.ics"
    return answer
