"""POST /silences: alerts that match page nobody for a while. `like` stands for a match: that of one alert."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from flask import Blueprint, abort
from pydantic import AfterValidator, BeforeValidator, Field

from core.config.base import Switch
from core.config.durations import parse_duration
from core.config.matching import Match
from core.config.silences import Note, parse_instant
from core.match_words import like, match_of
from core.silence_orders import BadSilenceError, Span, new_silence
from core.silence_words import say_covers
from core.silences import Silence
from functions._doors import Order, Reply, caller, rung, said, session
from functions._silences import back, view

door = Blueprint("add_silence", __name__)

_MATCH_WANTED = (
    'say what is silenced: {"match": {"source": "grafana", "labels": {"team": "db"}}}, {"match": "source=grafana '
    'team=db"}, {"like": 42} for what alert 42 is like, or {"everything": true}; one of these'
)


def _one_line(reason: str) -> str:
    if reason and not reason.isprintable():
        raise ValueError("must be one line, without control characters")
    return reason


Instant = Annotated[datetime, BeforeValidator(parse_instant)]


class SilenceOrder(Order):
    """One of `match`, `like` and `everything` is needed, and one of `to` and `for`."""

    match: Annotated[Match, BeforeValidator(match_of)] = Match()
    like: int | None = Field(None, ge=1)
    everything: Switch = False
    start: Instant | None = Field(None, alias="from")
    end: Instant | None = Field(None, alias="to")
    seconds: Annotated[int, BeforeValidator(parse_duration), Field(gt=0)] | None = Field(None, alias="for")
    reason: Annotated[Note, AfterValidator(_one_line)] = ""


@door.post("/silences")
def add_silence() -> Reply | tuple[Reply, int]:
    """Add it, and give it with the open alerts that it covers. A browser goes back to the page."""
    name, order = caller(), said(SilenceOrder)
    silence = _silence(order, order.by or name)
    rung().standing.add(silence)
    rules, now = rung().engine.present()
    added = view(rules, silence.id, now)
    if session():
        return back(f"Silence {silence.id} {say_covers(added['covers'])}", silence.id)
    return added, 201


def _silence(order: SilenceOrder, by: str) -> Silence:
    if (not order.match.is_empty) + (order.like is not None) + order.everything != 1:
        abort(400, _MATCH_WANTED)
    match = like(rung().engine.alert(order.like)[0]) if order.like is not None else order.match
    _, now = rung().engine.present()
    span, zone = Span(order.start, order.end, order.seconds), ZoneInfo(rung().config.timezone)
    try:
        return new_silence(rung().standing.next_id(), match, span, by, now, zone, order.reason)
    except BadSilenceError as error:
        abort(400, str(error))
