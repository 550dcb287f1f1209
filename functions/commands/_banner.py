"""What `rung up` says when it is ready: where it is, the tokens, and the next thing to type."""

import json
import shlex
import shutil
import sys
from pathlib import Path

from rich.console import Console

from functions.commands._stack import Stack

_FIRST_ALERT = {"title": "Checkout is down", "severity": "critical"}


def banner(stack: Stack) -> str:
    """Give the banner, coloured for a terminal. It holds the tokens, for the operator's eyes."""
    console = Console(highlight=False)
    rung = _rung()
    rows = (
        "",
        f"[bold green]Rung is running[/] at [bold]{stack.url}[/]",
        *([f"  for others     {stack.settings.public_url}"] if stack.settings.public_url != stack.url else []),
        f"  API token      {stack.secrets.api_token}",
        f"  sender token   {stack.secrets.source_token}   (for POST /ingest/...)",
        f"  data           {stack.settings.data}",
        f"  config         {stack.settings.config}",
        "",
        "[bold]Raise a first alert:[/]",
        "",
        f"  {first_alert(stack)}",
        "",
        f"Then open {stack.url} in a browser (it asks for the API token once), or in another terminal:",
        "",
        f"  {rung} outbox     the page that went out; its link acknowledges in a browser",
        f"  {rung} alerts     what is open, and when the next level is paged",
        f"  {rung} ack 1      you have it, and the ladder stops",
        "",
        "Ctrl-C stops Rung; what was open is open when it starts again.",
        "",
    )
    with console.capture() as captured:
        console.print("\n".join(rows), soft_wrap=True)
    return captured.get()


def first_alert(stack: Stack) -> str:
    """Give the curl line that raises an alert through the source `demo`."""
    words = (
        "curl",
        "-X",
        "POST",
        f"{stack.url}/ingest/demo",
        "-H",
        f"Authorization: Bearer {stack.secrets.source_token}",
        "-H",
        "Content-Type: application/json",
        "-d",
        json.dumps(_FIRST_ALERT),
    )
    return shlex.join(words)


def _rung() -> str:
    """Give what to type for `rung` in this folder."""
    if shutil.which("rung"):
        return "rung"
    beside = Path(sys.executable).parent / "rung"
    return str(beside.relative_to(Path.cwd()) if beside.is_relative_to(Path.cwd()) else beside)
