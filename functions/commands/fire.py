"""Raise an alert by hand, through a source of the config."""

import json
from urllib.parse import quote

import click

from functions.commands._answering import as_json
from functions.commands._client import post


@click.command()
@click.argument("title")
@click.option(
    "--severity",
    "-s",
    default="high",
    show_default=True,
    help="A word that config knows: critical, high, ...",
)
@click.option("--source", default="generic", show_default=True, help="A source whose type is generic.")
@click.option("--key", default=None, help="The dedup key; the title unless you say otherwise.")
@click.option("--description", "-m", default=None, help="What is known about it.")
@click.option("--link", default=None, help="Where to look.")
@click.option("--resolve", is_flag=True, help="Say that it is over instead.")
@as_json
def command(  # noqa: PLR0917 - click passes options by name
    title: str,
    severity: str,
    source: str,
    key: str | None,
    description: str | None,
    link: str | None,
    *,
    resolve: bool,
    wants_json: bool,
) -> None:
    """Raise an alert by hand, through a source of the config."""
    body = {"title": title, "severity": severity, "dedup_key": key, "description": description, "link": link}
    answer = post(f"/ingest/{quote(source, safe='')}", {**body, "status": "resolved" if resolve else "firing"})
    if wants_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for alert in answer["alerts"]:
        number = f"alert {alert['id']}" if alert["id"] else "no alert"
        click.echo(f"{number}: {alert['result']}")
