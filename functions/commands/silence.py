"""Silence alerts for a while, by what they match or as one alert; list silences; end one."""

import json
from typing import Any

import click

from core.silence_words import say_covers, say_recurs, say_silence
from functions.commands._answering import as_json, login_name
from functions.commands._client import WrongUsageError, alert_path, get, post
from functions.commands._common import plain

_HELP = """Silence alerts for a while: they page nobody, and their ladders wait.

\b
rung silence source=grafana team=db title=/disk/ --for 2h --reason "new disks"
rung silence --like 42 --to "2026-11-26 07:00"
rung silence --everything --for 10m
rung silence --list
rung silence --end 7

Each MATCH is NAME=VALUE or NAME!=VALUE, and all must hold. NAME is source, severity, title, or else a label; a label of
one of these names is labels.source. VALUE is compared as it is, /VALUE/ is searched for; the same NAME twice means
either. Times without an offset are by the clock of the config.
"""


@click.command(help=_HELP)
@click.argument("match", nargs=-1, metavar="[MATCH]...")
@click.option("--like", metavar="ALERT", help="What has the source and all the labels of this alert.")
@click.option("--everything", is_flag=True, help="Every alert there is.")
@click.option("--for", "span", metavar="DURATION", help="For how long: 30m, 2h, 1d.")
@click.option("--to", "end", metavar="INSTANT", help="Until when: 2026-11-22T07:00:00Z.")
@click.option("--from", "start", metavar="INSTANT", help="From when; now if left out.")
@click.option("--reason", "-m", metavar="TEXT", help="Why.")
@click.option("--by", metavar="NAME", help="Who orders it; your login name unless you say otherwise.")
@click.option("--list", "wants_list", is_flag=True, help="List what is silenced now and later.")
@click.option("--all", "wants_ended", is_flag=True, help="With --list: also those that have ended.")
@click.option("--end", "number", metavar="ID", help="End this silence now.")
@as_json
def command(*, wants_json: bool, wants_list: bool, wants_ended: bool, number: str | None, **asked: Any) -> None:
    """Do one of these, and print what came of it."""
    _check(asked, number, wants_list=wants_list, wants_ended=wants_ended)
    if wants_list:
        _list(wants_json=wants_json, wants_ended=wants_ended)
        return
    silence = _ended(number, asked) if number is not None else _added(asked)
    click.echo(json.dumps(silence, ensure_ascii=False) if wants_json else plain(say_silence(silence)))


def _check(asked: dict[str, Any], number: str | None, *, wants_list: bool, wants_ended: bool) -> None:
    """Refuse what does not go together, rather than leave a part of it out."""
    orders = [name for name, value in asked.items() if value and not (name == "by" and number is not None)]
    if wants_ended and not wants_list:
        raise click.UsageError("--all goes with --list")
    if (wants_list or number is not None) and (orders or (wants_list and number is not None)):
        raise click.UsageError("--list and --end each stand by themselves")
    if wants_list or number is not None:
        return
    if bool(asked["match"]) + bool(asked["like"]) + asked["everything"] != 1:
        raise click.UsageError("say what to silence: source=grafana team=db, --like 42 or --everything; one of these")
    if (asked["span"] is None) == (asked["end"] is None):
        raise click.UsageError("say for how long with --for 2h, or until when with --to 2026-11-22T07:00:00Z")


def _added(asked: dict[str, Any]) -> dict[str, Any]:
    alert = int(alert_path(asked["like"]).rpartition("/")[2]) if asked["like"] else None
    body = {
        "match": list(asked["match"]) or None,
        "like": alert,
        "everything": asked["everything"] or None,
        "from": asked["start"],
        "to": asked["end"],
        "for": asked["span"],
        "reason": asked["reason"],
        "by": asked["by"] or login_name(),
    }
    return post("/silences", body)


def _ended(number: str, asked: dict[str, Any]) -> dict[str, Any]:
    if not number.isascii() or not number.isdigit():
        raise WrongUsageError(f"{number!r} is not a silence's number; `rung silence --list` lists them")
    return post(f"/silences/{number}/end", {"by": asked["by"] or login_name()})


def _list(*, wants_json: bool, wants_ended: bool) -> None:
    page = get("/silences", ended="true" if wants_ended else None)
    if wants_json:
        click.echo(json.dumps(page, ensure_ascii=False))
    elif page["silences"]:
        _print(page["silences"])
    else:
        click.echo("Nothing is silenced, now or later.")


def _print(silences: list[dict[str, Any]]) -> None:
    # Imported here so that --json does not pay for tables.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "when (UTC)", "what", "", "why"):
        table.add_column(name, overflow="fold", no_wrap=name == "")
    for each in silences:
        table.add_row(*(Text(plain(cell)) for cell in _cells(each)))
    Console().print(table)


def _cells(each: dict[str, Any]) -> tuple[str, ...]:
    recurs = say_recurs(each["recurs"], "(the config's clock)") if each["recurs"] else ""
    by = each["by"] and f"by {each['by']}"
    return (
        str(each["id"] or each["name"]),
        _when(each),
        each["words"],
        say_covers(each["covers"]) if each["state"] != "ended" else "",
        ", ".join(filter(None, (each["reason"], by, recurs))),
    )


def _when(each: dict[str, Any]) -> str:
    start, end = (each[name][:16].replace("T", " ") for name in ("from", "to"))
    return {"active": f"until {end}", "future": f"{start} to {end}"}.get(each["state"], f"ended {end}")
