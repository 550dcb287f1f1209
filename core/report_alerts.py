"""The alerts that a report names, the worst first: what each is, and under it what became of it."""

from collections.abc import Iterator

from core.report_parts import Row, Section, View, clock_text
from core.report_words import count, say_span

# As core/score_words.py says it, which a terminal that prints a report need not load.
_CLOCKS = {"policy": "policy timeout"}


def alerts(view: View) -> Iterator[Section]:
    """Give the section, if there are any."""
    rows = [
        Row(
            (str(each["id"]), each["severity"], each["title"]),
            each["id"],
            is_bad=bool(each["breached"] or each["exhausted"]),
            below=_story(view, each),
        )
        for each in view["alerts"]
    ]
    if rows:
        head = ("alert", "severity", "title, and what became of it")
        left = view["alerts_in_all"] - len(rows)
        note = f"These are the worst; {count(left, 'more alert')} not shown." if left > 0 else ""
        yield Section("The alerts", head=head, rows=tuple(rows), first_words=len(head), note=note)


def _story(view: View, each: View) -> str:
    """Say what became of an alert: when and from where it came, who answered when, and what was breached."""
    said = [f"{clock_text(view, each['opened_at'])} from {each['source']}"]
    if each["exhausted"]:
        said.append("ladder used up")
    if each["acknowledged_after"] is None:
        said.append("nobody answered")
    else:
        said.append(f"answered{_by(each['acknowledged_by'])} after {say_span(each['acknowledged_after'])}")
    if each["resolved_after"] is None:
        said.append("still open")
    else:
        by = _by(each["resolved_by"]) if each["resolved_by"] not in {each["acknowledged_by"], each["source"]} else ""
        said.append(f"resolved{by} after {say_span(each['resolved_after'])}")
    if each["breached"]:
        said.append(f"breached: {', '.join(_CLOCKS.get(clock, clock) for clock in each['breached'])}")
    return ", ".join(said)


def _by(name: str | None) -> str:
    return f" by {name}" if name else ""
