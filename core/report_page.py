"""What stands in a report, in order: sections of sentences and tables. Text, page and mail are all made from these.

It is made from the report's JSON, so that a terminal can print what a server counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.report_window import clock_text, forgotten, window_text
from core.report_words import count, say_share, say_span

TITLES = {"daily": "Daily summary", "weekly": "Weekly report", "sla": "SLA report"}
CHARTS = {"daily": ("alerts", "hours"), "weekly": ("alerts", "hours", "trend"), "sla": ("sla", "alerts")}

_WORST_FIRST = ("critical", "high", "medium", "low")
_MOST_ROWS = 10
_TOLD_BY = (("severities", "severity", "severities"), ("sources", "source", "sources"), ("labels", "label", "labels"))
_CLOCKS = {"acknowledgment": "acknowledged in time", "resolution": "resolved in time"}

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `alert` is the alert it is about, if it is about one."""

    cells: tuple[str, ...]
    alert: int | None = None
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report. `charts` are shown after the sentences; the first `first_words` columns hold words."""

    title: str
    lines: tuple[str, ...] = ()
    bad_lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    charts: tuple[str, ...] = ()
    first_words: int = 1
    note: str = ""


def title(view: View) -> str:
    """Give the report's name with the window it is about, by the report's zone."""
    return f"{TITLES[view['report']]}: {window_text(view)}"


def sections(view: View, *, with_details: bool = True) -> list[Section]:
    """Give the report, part by part; parts with nothing in them are left out, but never all."""
    order = _SLA_FIRST if view["report"] == "sla" else _PEOPLE_FIRST
    found = [section for part in order for section in part(view)]
    return [*found, *(_alerts(view) if with_details else ())]


def charts_shown(view: View) -> tuple[str, ...]:
    """Give the charts that the report shows: those with something to draw."""
    is_drawn = {
        "alerts": bool(view["series"]["opened"]),
        "hours": view["figures"]["pages"]["count"] > 0,
        "sla": bool(view["figures"]["sla"]["severities"]),
        "trend": len(view["snapshots"]) > 1,
    }
    return tuple(name for name in CHARTS[view["report"]] if is_drawn[name])


def _summary(view: View) -> Iterator[Section]:
    figures, left_out = view["figures"], forgotten(view, view["from"])
    alerts, pages, sla = figures["alerts"], figures["pages"], figures["sla"]
    if not _anything(figures):
        nothing = "Nothing that is still kept happened" if left_out else "Nothing happened"
        yield Section("In short", (f"{nothing}: no new alerts, nobody was paged, no SLA came due.",), left_out)
        return
    lines = [f"{count(alerts['opened'], 'new alert')}, {alerts['resolved']:,} resolved{_reopened(alerts)}."]
    spread = figures["time_to_acknowledge"]
    if spread["count"]:
        half, most = say_span(spread["median"]), say_span(spread["p90"])
        lines.append(f"Half of the answers came within {half}, nine in ten within {most}.")
    if sla["share"] is not None:
        broken = count(sla["breached"], "SLA breach", "SLA breaches")
        lines.append(f"{say_share(sla['share'])} of what was promised was kept: {broken}.")
    night = f", {pages['night']:,} of them at night (22 to 7 o'clock)" if pages["night"] else ", none at night"
    lines.append(f"{count(pages['count'], 'page')}{night if pages['count'] else ''}.")
    bad = [f"{count(alerts['exhausted'], 'alert')} used up the whole ladder and nobody answered."]
    bad_lines = (*left_out, *(bad if alerts["exhausted"] else ()))
    yield Section("In short", tuple(lines), bad_lines, charts=charts_shown(view))


def _changed(view: View) -> Iterator[Section]:
    if left_out := forgotten(view, view["previous"]["from"]):
        yield Section("Since the period before", ("There is nothing to compare with.", *left_out))
        return
    if not _anything(view["previous"]["figures"]):
        yield Section("Since the period before", ("There is nothing to compare with: nothing happened before.",))
        return
    worse = tuple(change["text"] for change in view["changes"] if change["worse"])
    better = tuple(change["text"] for change in view["changes"] if not change["worse"])
    lines = better if worse or better else ("Nothing changed by a tenth or more.",)
    yield Section("Since the period before", lines if worse else ("Nothing got worse.", *lines), worse)


def _severities(view: View) -> Iterator[Section]:
    found = view["figures"]["severities"]
    rows = [
        Row((name, f"{each['opened']:,}", *_spans(each["time_to_acknowledge"]), *_spans(each["time_to_resolve"])))
        for name, each in sorted(found.items(), key=_by_severity)
    ]
    if rows:
        head = ("severity", "new", "acknowledged in (median)", "(90 %)", "resolved in (median)", "(90 %)")
        yield Section("Alerts by severity", head=head, rows=tuple(rows))


def _sla(view: View) -> Iterator[Section]:
    sla = view["figures"]["sla"]
    rows, left = [Row((_CLOCKS.get(name, name), *_kept(each))) for name, each in sla["clocks"].items()], []
    for what, name, names in _TOLD_BY:
        shown = list(sla[what].items())[:_MOST_ROWS]
        rows += [Row((f"{name}: {each}", *_kept(found)), is_bad=found["breached"] > 0) for each, found in shown]
        left += [f"{len(sla[what]) - _MOST_ROWS:,} more {names}"] if len(sla[what]) > _MOST_ROWS else []
    if rows:
        note = f"These are the worst; {' and '.join(left)} not shown." if left else ""
        yield Section("Promises kept", head=("", "kept", "breached", "share"), rows=tuple(rows), note=note)


def _budgets(view: View) -> Iterator[Section]:
    budgets = view["budgets"]
    if not budgets:
        return
    # A week that has just begun says little: what is shown is the last period that is over, if one is.
    last = max(budget["from"] for budget in [each for each in budgets if each["over"]] or budgets)
    rows = [_budget_row(view, budget) for budget in budgets if budget["from"] == last]
    gone = [each for budget in budgets if budget["from"] >= last for each in _gone(view, budget)]
    gone += forgotten(view, last)
    many = len({budget["from"] for budget in budgets})
    lines: list[str] = []
    if many > 1:
        for severity in dict.fromkeys(budget["severity"] for budget in budgets):
            kept = sum(budget["compliant"] for budget in budgets if budget["severity"] == severity)
            lines.append(f"{severity}: within budget in {kept} of {many} periods.")
    when = window_text({**view, "from": last, "to": next(b["to"] for b in budgets if b["from"] == last)})
    running = "" if all(budget["over"] for budget in budgets if budget["from"] == last) else ", so far"
    head = ("severity", "allowed", "used", "left", "")
    yield Section(f"Breach budget: {when}{running}", tuple(lines), tuple(gone), head=head, rows=tuple(rows))


def _levels(view: View) -> Iterator[Section]:
    rows = [
        Row((name or "before any level", f"{each['fired']:,}", f"{each['answered']:,}", *_spans(each["time"])))
        for name, each in view["figures"]["levels"].items()
    ]
    if rows:
        alerts = view["figures"]["alerts"]
        lines = [f"The ladder began again {count(alerts['repeats'], 'time')}."] if alerts["repeats"] else []
        needed = count(alerts["reminders"], "reminder was", "reminders were")
        lines += [f"{needed} needed."] if alerts["reminders"] else []
        head = ("level", "fired", "answered", "unanswered for (median)", "(90 %)")
        yield Section("Who had to be asked", tuple(lines), head=head, rows=tuple(rows))


def _people(view: View) -> Iterator[Section]:
    found = list(view["figures"]["people"].items())
    rows = [
        Row((name or "nobody named", f"{each['pages']:,}", f"{each['night_pages']:,}", f"{each['answered']:,}"))
        for name, each in found[:_MOST_ROWS]
    ]
    if rows:
        note = _more(len(found))
        yield Section("People", head=("person", "pages", "at night", "answers"), rows=tuple(rows), note=note)


def _channels(view: View) -> Iterator[Section]:
    rows = [
        Row((name, f"{each['sent']:,}", f"{each['failed']:,}", *_spans(each["latency"])), is_bad=each["failed"] > 0)
        for name, each in view["figures"]["channels"].items()
    ]
    if rows:
        head = ("channel", "delivered", "failed", "on its way for (median)", "(90 %)")
        yield Section("Channels", head=head, rows=tuple(rows))


def _sources(view: View) -> Iterator[Section]:
    found = list(view["figures"]["sources"].items())
    rows = [Row((name, f"{each['opened']:,}", f"{each['signals']:,}")) for name, each in found[:_MOST_ROWS]]
    if rows:
        head = ("source", "new alerts", "signals about them")
        yield Section("Noisiest sources", head=head, rows=tuple(rows), note=_more(len(found)))


def _alerts(view: View) -> Iterator[Section]:
    rows = [
        Row(
            (str(each["id"]), each["severity"], each["title"], _story(each)),
            each["id"],
            is_bad=bool(each["breached"] or each["exhausted"]),
        )
        for each in view["alerts"]
    ]
    if rows:
        head = ("alert", "severity", "title", "what became of it")
        left = view["alerts_in_all"] - len(rows)
        note = f"These are the worst; {count(left, 'more alert')} not shown." if left > 0 else ""
        yield Section("The alerts", head=head, rows=tuple(rows), first_words=len(head), note=note)


def _story(each: View) -> str:
    """Say what became of an alert: from where it came, who answered when, and what was broken."""
    said = [f"from {each['source']}"]
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
        said.append(f"breached: {', '.join(each['breached'])}")
    return ", ".join(said)


def _by(name: str | None) -> str:
    return f" by {name}" if name else ""


def _anything(figures: View) -> bool:
    sla = figures["sla"]
    settled = sum(each["sent"] + each["failed"] for each in figures["channels"].values())
    return bool(sum(figures["alerts"].values()) or settled or sla["kept"] or sla["breached"])


def _reopened(alerts: View) -> str:
    more = [f"{alerts['reopened']:,} opened again"] if alerts["reopened"] else []
    left = alerts["cleared_unacknowledged"]
    more += [f"{left:,} cleared by themselves before anybody answered"] if left else []
    return f" ({', '.join(more)})" if more else ""


def _spans(spread: View) -> tuple[str, str]:
    return say_span(spread["median"]), say_span(spread["p90"])


def _kept(kept: View) -> tuple[str, str, str]:
    return f"{kept['kept']:,}", f"{kept['breached']:,}", say_share(kept["share"])


def _budget_row(view: View, budget: View) -> Row:
    state = "kept" if budget["compliant"] else f"overdrawn since {clock_text(view, budget['overdrawn_at'])}"
    if budget["compliant"] and not budget["over"]:
        state = "kept so far"
    if budget["compliant"] and budget["gone_at"]:
        state = f"all of it used up, {clock_text(view, budget['gone_at'])}"
    numbers = (f"{budget[name]:,}" for name in ("allowed", "used", "left"))
    return Row((budget["severity"], *numbers, state), is_bad=not budget["compliant"])


def _gone(view: View, budget: View) -> Iterator[str]:
    allowed = count(budget["allowed"], "breach is", "breaches are")
    if budget["overdrawn_at"]:
        at = clock_text(view, budget["overdrawn_at"])
        yield f"The budget of {budget['severity']} is gone: {allowed} allowed, {budget['used']:,} happened ({at})."
    elif budget["gone_at"]:
        at = clock_text(view, budget["gone_at"])
        yield f"The budget of {budget['severity']} was used up {at}: the next breach is one too many."


def _more(found: int) -> str:
    return f"and {found - _MOST_ROWS:,} more" if found > _MOST_ROWS else ""


def _by_severity(found: tuple[str, Any]) -> int:
    return _WORST_FIRST.index(found[0]) if found[0] in _WORST_FIRST else len(_WORST_FIRST)


_PEOPLE_FIRST: Sequence[Any] = (_summary, _changed, _severities, _budgets, _sla, _levels, _people, _channels, _sources)
_SLA_FIRST: Sequence[Any] = (_summary, _budgets, _sla, _changed, _severities, _levels)
