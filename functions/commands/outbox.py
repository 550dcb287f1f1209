"""Show what went to the built-in outbox, where pages go until a channel has credentials."""

import json

import click

from functions.commands._answering import as_json
from functions.commands._client import get


@click.command()
@click.option("--last", default=5, show_default=True, help="How many messages.")
@as_json
def command(last: int, *, wants_json: bool) -> None:
    """Show what went to the built-in outbox, where pages go until a channel has credentials."""
    messages = get("/outbox")["messages"][:last]
    if wants_json:
        click.echo(json.dumps({"messages": messages}, ensure_ascii=False))
        return
    for message in reversed(messages):
        click.secho(f"{message['at']}  to {message['responder'] or 'operators'} on {message['channel']}", bold=True)
        click.echo(f"{message['title']}\n\n{message['body']}\n")
    if not messages:
        click.echo("The outbox is empty.")
