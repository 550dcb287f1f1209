"""POST /oncall/<rotation>/overrides: for a while somebody else is on call; or two people swap their turns."""

from datetime import datetime
from typing import Annotated, Any

from flask import Blueprint, Response, abort
from pydantic import BeforeValidator, Field, model_validator

from core.config.silences import parse_instant
from core.oncall import UnknownNameError, override_views, shift_view, shifts_of, zone_of
from core.oncall_words import override_line
from core.override_orders import BadOrderError, Orderer, Window, added, new_override, new_swap
from core.overrides import Override
from core.rules import Rules
from functions._doors import Answer, Reply, caller, rung, said, session, via
from functions._oncall import back, known_rotation, names_of

door = Blueprint("add_override", __name__)

_WANTED = (
    'say who is on call, {"member": "alice", "from": ..., "to": ...}, perhaps with "instead_of", '
    'or who swaps, {"swap": ["alice", "bob"], "from": ..., "to": ...}'
)
_INSTANT = "an instant such as 2026-11-25T22:00:00+01:00; without an offset it is by the clock of the rotation"


def _instant(value: object) -> datetime:
    try:
        return parse_instant(value)
    except ValueError:
        raise ValueError(_INSTANT) from None


Instant = Annotated[datetime, BeforeValidator(_instant)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class OverrideAnswer(Answer):
    """One of `member` and `swap` is needed, and `to`; without `from` it holds from now on."""

    member: Name | None = None
    instead_of: Name | None = None
    swap: tuple[Name, Name] | None = None
    start: Instant | None = Field(None, alias="from")
    end: Instant = Field(alias="to")

    @model_validator(mode="before")
    @classmethod
    def _pair(cls, body: Any) -> Any:
        """Take a form, which has a field for each of the two who swap."""
        if isinstance(body, dict) and isinstance(body.get("swap"), str) and "with" in body:
            return {**{k: v for k, v in body.items() if k != "with"}, "swap": (body["swap"], body["with"])}
        return body


@door.post("/oncall/<rotation>/overrides")
def add_override(rotation: str) -> Reply | tuple[Reply, int]:
    """Add it, and give it with the shifts that it makes. A browser goes back to the page."""
    name = caller()
    known_rotation(rung().config, rotation)
    answer = said(OverrideAnswer)
    rules, now = rung().engine.present()
    orderer = Orderer(answer.by or name, via(), now)
    try:
        overrides = _overrides(rules, rotation, answer, orderer)
    except (UnknownNameError, BadOrderError) as error:
        abort(400, str(error))
    rung().standing.order(lambda _standing: added(overrides, orderer))
    made = _made(overrides)
    if session():
        return _back(rotation, overrides, changes=bool(made))
    views = override_views(overrides, now)
    return {"timezone": zone_of(rules.config, rotation).key, "overrides": views, "shifts": made}, 201


def _overrides(rules: Rules, rotation: str, answer: OverrideAnswer, orderer: Orderer) -> tuple[Override, ...]:
    window, note, standing = Window(answer.start, answer.end), answer.note or "", rung().standing
    if answer.swap and not answer.member and not answer.instead_of:
        numbers = str(standing.next_id()), str(standing.next_id())
        return new_swap(rules, rotation, window, orderer, members=answer.swap, numbers=numbers, note=note)
    if answer.member and not answer.swap:
        number, who, whose = str(standing.next_id()), answer.member, answer.instead_of
        order = new_override(rules, rotation, window, orderer, member=who, instead_of=whose, number=number, note=note)
        return (order,)
    raise BadOrderError(_WANTED)


def _made(overrides: tuple[Override, ...]) -> list[dict[str, Any]]:
    """Give the shifts that these overrides make, as they stand now."""
    rules, _ = rung().engine.present()
    one, numbers = overrides[0], {each.id for each in overrides}
    inside = shifts_of(rules, one.rotation, one.starts_at, one.ends_at)
    return [shift_view(rules.config, each) for each in inside if each.override and each.override.id in numbers]


def _back(rotation: str, overrides: tuple[Override, ...], *, changes: bool) -> Response:
    config = rung().config
    zone = zone_of(config, rotation)
    line = override_line(override_views(overrides)[0], zone, names=names_of(config))
    nothing = "" if changes else ". But nobody's turn falls into that time, so it changes nothing"
    return back(f"{rotation}: {line}{nothing}")
