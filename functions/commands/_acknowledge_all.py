"""`rung ack --all`: all that nobody has answered, or those of them that one person was paged about."""

import json
from typing import Any

import click

from functions.commands._answering import login_name, say
from functions.commands._client import WrongUsageError, get, post
from functions.commands._common import NO

_COUNTED = 500  # alerts at most, to ask whether to go on


def acknowledge_all(by: str | None, note: str | None, *, mine: bool, sure: bool, wants_json: bool) -> None:
    """Acknowledge them and print a line for each; ask first when not `sure`. Exit 1 when any was refused."""
    person = by or login_name()
    if mine and person is None:
        raise WrongUsageError("whose alerts? say --by NAME; there is no login name here")
    if not sure and not _is_confirmed():
        return
    said = {"all": True, "by": person, "note": note, "paged": person if mine else None}
    lines: list[dict[str, Any]] = []
    after = None
    while True:
        page = post("/alerts/ack", {**said, "after": after})
        for line in page["answers"]:
            _print(line, wants_json=wants_json)
        lines += page["answers"]
        after = page["next"]
        if after is None:
            break
    if not lines and not wants_json:
        _say_nothing(person if mine else None)
    if any("error" in line for line in lines):
        raise SystemExit(NO)


def _is_confirmed() -> bool:
    """Ask whether to answer what everybody was paged about; False when there is nothing. A no ends with exit code 1."""
    count = len(get("/alerts", status="pending,escalated", limit=_COUNTED)["alerts"])
    if not count:
        _say_nothing(None)
        return False
    many = "the one unanswered alert" if count == 1 else f"all {count} unanswered alerts"
    if count == _COUNTED:
        many = f"all {count} or more unanswered alerts"
    return click.confirm(f"Acknowledge {many}, whoever was paged?", abort=True, err=True)


def _say_nothing(person: str | None) -> None:
    click.echo(f"Nothing that {person} was paged about is unanswered." if person else "Nothing is unanswered.")


def _print(line: dict[str, Any], *, wants_json: bool) -> None:
    if wants_json:
        click.echo(json.dumps(line, ensure_ascii=False))
    elif "error" in line:
        click.echo(f"rung: {line['error']['message']}", err=True)
    else:
        click.echo(say(line["alert"]))
