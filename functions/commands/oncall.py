"""Say who is on call, until when, and who is next; have somebody stand in, or two people swap."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import click

from core.oncall_words import one_of_each, origin, override_line, rotation_line, shift_line
from functions.commands._answering import as_json, login_name
from functions.commands._client import NoAnswerError, SaidNoError, get, post

Told = tuple[dict[str, Any], list[str]]  # the answer of the server, and how to say it

_READ = frozenset({"at", "ahead"})
_ORDER = frozenset({"instead_of", "start", "end", "note"})


_HELP = """Say who is on call, until when, and who is next; have somebody stand in, or two people swap.

\b
rung oncall --next 4w
rung oncall db --override alice --from "2026-11-25 18:00" --to "2026-11-26 09:00"
rung oncall db --swap alice bob --from 2026-11-23T09:00 --to 2026-11-30T09:00
rung oncall --end 7

Times without an offset are by the clock of the rotation. Overrides are kept by the running Rung, so it is asked
whatever you want to know.
"""


@click.command(help=_HELP)
@click.argument("rotation", required=False)
@click.option("--at", metavar="INSTANT", help="At another time: 2026-11-22T07:00:00Z, or by the config's clock.")
@click.option("--next", "ahead", metavar="DURATION", help="List the shifts so far ahead, too: 4w, 10d.")
@click.option("--ics", "wants_ics", is_flag=True, help="Print the addresses of the calendars to subscribe to.")
@click.option("--override", "member", metavar="NAME", help="Have this person stand in.")
@click.option("--instead-of", metavar="NAME", help="Only where this person would be on call.")
@click.option("--swap", nargs=2, metavar="NAME NAME", help="Have these two take each other's turns.")
@click.option("--from", "start", metavar="INSTANT", help="From when an override or a swap holds; now if left out.")
@click.option("--to", "end", metavar="INSTANT", help="Until when. Without an offset: by the rotation's clock.")
@click.option("--rotation", "named", metavar="ROTATION", help="ROTATION, too; orders need it where there are several.")
@click.option("--note", "-m", metavar="TEXT", help="Why.")
@click.option("--end", "number", metavar="ID", help="End this override now; a swap ends as a whole.")
@click.option("--by", metavar="NAME", help="Who orders it; your login name unless you say otherwise.")
@as_json
def command(rotation: str | None, named: str | None, *, wants_json: bool, **asked: Any) -> None:
    """Do one of these, and print what came of it."""
    if rotation and named and rotation != named:
        raise click.UsageError(f"say one rotation, not {rotation} and {named}")
    do = _chosen(asked)
    try:
        answer, lines = do(rotation or named, asked)
    except NoAnswerError as error:
        raise NoAnswerError(f"{error} (who is on call depends on overrides, which only a running Rung knows)") from None
    click.echo(json.dumps(answer, ensure_ascii=False) if wants_json else "\n".join(lines))


def _chosen(asked: dict[str, Any]) -> Callable[[str | None, dict[str, Any]], Told]:
    """Give what is to be done. Refuses options that do not go together, rather than leave one out in silence."""
    ways = {
        "--ics": asked["wants_ics"],
        "--override": asked["member"],
        "--swap": asked["swap"],
        "--end": asked["number"],
    }
    chosen = [name for name, value in ways.items() if value] or [""]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} do not go together")
    do, fitting = _WAYS[chosen[0]]
    if stray := [name for name in sorted(_READ | _ORDER | {"by"}) if asked[name] is not None and name not in fitting]:
        options = ", ".join(f"--{_OPTIONS.get(name, name)}" for name in stray)
        raise click.UsageError(
            f"{options} {'do' if len(stray) > 1 else 'does'} not belong to {chosen[0] or 'a question'}"
        )
    return do


def _show(rotation: str | None, asked: dict[str, Any]) -> Told:
    answer = get("/oncall", rotation=rotation, at=asked["at"], next=asked["ahead"])
    return answer, list(_lines(answer)) or ["The config has no rotations."]


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    at = datetime.fromisoformat(answer["at"])
    for view in answer["rotations"]:
        zone = ZoneInfo(view["timezone"])
        yield rotation_line(view, at)
        for each in one_of_each(answer["overrides"]):
            if each["rotation"] == view["rotation"]:
                yield f"  {each['state']}: {override_line(each, zone, at)} ({origin(each)})"
        yield from (f"  {shift_line(shift, zone, at)}" for shift in view.get("shifts", ()))


def _calendars(rotation: str | None, _asked: dict[str, Any]) -> Told:
    answer = get("/oncall/calendars")
    if rotation is not None:
        if rotation not in answer["rotations"]:
            raise SaidNoError(f"config has no rotation {rotation!r}: one of {', '.join(answer['rotations'])}")
        answer = {"rotations": {rotation: answer["rotations"][rotation]}}
    return answer, [f"{name}  {address}" for kind in answer.values() for name, address in kind.items()]


def _order(rotation: str | None, asked: dict[str, Any]) -> Told:
    if asked["end"] is None:
        raise click.UsageError("say until when with --to 2026-11-26T09:00")
    names = {"member": asked["member"], "instead_of": asked["instead_of"], "swap": asked["swap"]}
    body = {**names, "from": asked["start"], "to": asked["end"], "note": asked["note"], "by": _by(asked)}
    answer = post(f"/oncall/{quote(rotation or _only_rotation(), safe='')}/overrides", body)
    return answer, list(_ordered(answer))


def _ordered(answer: dict[str, Any]) -> Iterator[str]:
    zone = ZoneInfo(answer["timezone"])
    near = datetime.fromisoformat(answer["overrides"][0]["created_at"])
    for each in one_of_each(answer["overrides"]):
        yield f"{each['rotation']}: {override_line(each, zone, near)} ({origin(each)})"
    yield from (f"  {shift_line(shift, zone, near)}" for shift in answer["shifts"])
    if not answer["shifts"]:
        yield "  Nobody's turn falls into that time, so it changes nothing."


def _end(rotation: str | None, asked: dict[str, Any]) -> Told:
    if rotation is not None:
        raise click.UsageError("--end needs no rotation: the number says which override it is")
    number = str(asked["number"]).lstrip("#")
    answer = post(f"/oncall/overrides/{quote(number, safe='')}/end", {"by": _by(asked)})
    what = "was taken back" if answer["event"] == "override_removed" else "has ended"
    return answer, [f"override {each['id']} of {each['rotation']} {what}" for each in answer["overrides"]]


def _only_rotation() -> str:
    names = [view["rotation"] for view in get("/oncall")["rotations"]]
    if len(names) != 1:
        raise click.UsageError(f"say which rotation: one of {', '.join(names)}" if names else "config has no rotations")
    return str(names[0])


def _by(asked: dict[str, Any]) -> str | None:
    return asked["by"] or login_name()


_OPTIONS = {"ahead": "next", "start": "from", "end": "to", "instead_of": "instead-of"}
_WAYS: dict[str, tuple[Callable[[str | None, dict[str, Any]], Told], frozenset[str]]] = {
    "": (_show, _READ),
    "--ics": (_calendars, frozenset()),
    "--override": (_order, _ORDER | {"by"}),
    "--swap": (_order, (_ORDER - {"instead_of"}) | {"by"}),
    "--end": (_end, frozenset({"by"})),
}
