"""Print a report: daily, weekly or sla, of the window that ended last or of one of your own."""

import json
from pathlib import Path

import click

from core.wording import mail_outcome
from functions.commands._answering import as_json
from functions.commands._client import get, get_text


@click.command()
@click.argument("kind", type=click.Choice(["daily", "weekly", "sla", "sent"]))
@click.option("--from", "start", default="", metavar="INSTANT", help="Since then: 2026-11-22, or 2026-11-22T09:00:00Z.")
@click.option("--to", "end", default="", metavar="INSTANT", help="Until then; now unless you say otherwise.")
@click.option("--current", is_flag=True, help="The window that is running, up to now.")
@click.option("--html", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write it to FILE, with charts.")
@click.option("--csv", "wants_csv", is_flag=True, help="Print its alerts as CSV.")
@as_json
def command(
    kind: str,
    start: str,
    end: str,
    file: Path | None,
    *,
    current: bool,
    wants_csv: bool,
    wants_json: bool,
) -> None:
    """Print a report: daily, weekly or sla, of the window that ended last or of one of your own.

    `sent` lists what became of the reports by mail. A day without a time is its midnight, by the config's time zone.
    """
    if sum((file is not None, wants_csv, wants_json)) > 1:
        raise click.UsageError("choose one of --html, --csv and --json")
    if current and (start or end):
        raise click.UsageError("--current is a window of its own: leave --from and --to out")
    if kind == "sent":
        if start or end or current or file is not None or wants_csv:
            raise click.UsageError("`rung report sent` lists all mails, as text or with --json")
        _print_sent(wants_json=wants_json)
        return
    asked = {"from": start, "to": end, "current": "1" if current else ""}
    path = f"/reports/{kind}"
    if wants_csv:
        click.echo(get_text(path, **asked, format="csv"), nl=False)
    elif file is not None:
        html = get_text(path, **asked, format="html")
        _write(file, html)
    elif wants_json:
        click.echo(json.dumps(get(path, **asked, format="json"), ensure_ascii=False))
    else:
        # Imported here so that --json does not pay for it.
        from core.report_text import text

        click.echo(text(get(path, **asked, format="json")), nl=False)


def _write(file: Path, html: str) -> None:
    try:
        file.write_text(html, "utf-8")
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"written to {file}")


def _print_sent(*, wants_json: bool) -> None:
    sent = get("/reports")["sent"]
    if wants_json:
        click.echo(json.dumps({"sent": sent}, ensure_ascii=False))
        return
    for report in sent:
        for mail in report["mails"] or [{"to": "nobody yet", "state": report["state"]}]:
            click.echo(f"{report['due_at']}  {report['report']:6}  {mail['to']}: {mail_outcome(mail)}")
    if not sent:
        click.echo("No report was due yet.")
