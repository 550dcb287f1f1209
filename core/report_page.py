"""What stands in a report, in order: sections of sentences and tables. Text, page and mail are all made from these.

It is made from the report's JSON, so that a terminal can print what a server counted.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from core.report_alerts import alerts
from core.report_budgets import budgets
from core.report_parts import Row, Section, View, clock_text, forgotten, window_text
from core.report_words import count, say_share, say_span

TITLES = {"daily": "Daily summary", "weekly": "Weekly report", "sla": "SLA report"}
CHARTS = {"daily": ("alerts", "hours"), "weekly": ("alerts", "hours", "trend"), "sla": ("sla", "alerts")}

_WORST_FIRST = ("critical", "high", "medium", "low")
_MOST_ROWS = 10
_SLA_BY = (("clocks", "clock"), ("severities", "severity"), ("sources", "source"), ("labels", "label"))


def title(view: View) -> str:
    """Give the report's name with the window it is about, by the report's zone."""
    return f"{TITLES[view['report']]}: {window_text(view, view)}"


def sections(view: View, *, with_details: bool = True) -> list[Section]:
    """Give the report, part by part; parts with nothing in them are left out, but never all."""
    order = _SLA_FIRST if view["report"] == "sla" else _PEOPLE_FIRST
    found = [section for part in order for section in part(view)]
    return [*found, *(alerts(view) if with_details else ())]


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
    figures, (standing, is_stuck), left_out = view["figures"], _standing(view), forgotten(view, view)
    if _anything(figures):
        lines = list(_in_short(figures))
    else:
        nothing = "Nothing that is still kept happened" if left_out else "Nothing happened"
        lines = [f"{nothing}: no new alerts, nobody was paged, no SLA came due."]
    bad = [*left_out, *([standing] if is_stuck else [])]
    lines += [standing] if standing and not is_stuck else []
    exhausted = figures["alerts"]["exhausted"]
    bad += [f"{count(exhausted, 'alert')} used up the whole ladder before anybody answered."] if exhausted else []
    yield Section("In short", tuple(lines), tuple(bad), charts=charts_shown(view))


def _in_short(figures: View) -> Iterator[str]:
    found, pages, sla = figures["alerts"], figures["pages"], figures["sla"]
    yield f"{count(found['opened'], 'new alert')}, {found['resolved']:,} resolved{_reopened(found)}."
    spread = figures["time_to_acknowledge"]
    if spread["count"]:
        half, most = say_span(spread["median"]), say_span(spread["p90"])
        yield f"Half of the answers came within {half}, nine in ten within {most}."
    if sla["share"] is not None:
        clocks = count(sla["kept"] + sla["breached"], "clock")
        yield f"SLA compliance {say_share(sla['share'])}: {sla['breached']:,} of {clocks} breached."
    night = f", {pages['night']:,} of them at night (22 to 7 o'clock)" if pages["night"] else ", none at night"
    yield f"{count(pages['count'], 'page')}{night if pages['count'] else ''}."


def _standing(view: View) -> tuple[str, bool]:
    """Say how many alerts were open when they were counted last, and whether nobody will be paged about some."""
    last = view["open"]
    if not last:
        return "", False
    at = clock_text(view, last["at"])
    if not last["open"]:
        return f"Nothing was open at {at}.", False
    more = [f"{last['unanswered']:,} unanswered"] if last["unanswered"] else []
    more += [f"{last['exhausted']:,} exhausted"] if last["exhausted"] else []
    return f"Open at {at}: {', '.join([count(last['open'], 'alert'), *more])}.", last["exhausted"] > 0


def _changed(view: View) -> Iterator[Section]:
    title = f"Compared with {window_text(view, view['previous'])}"
    if left_out := forgotten(view, view["previous"]):
        yield Section(title, ("There is nothing to compare with.", *left_out))
        return
    if not _anything(view["previous"]["figures"]):
        yield Section(title, ("There is nothing to compare with: nothing happened then.",))
        return
    worse = tuple(change["text"] for change in view["changes"] if change["worse"])
    better = tuple(change["text"] for change in view["changes"] if not change["worse"])
    if not better and not worse:
        better = ("Nothing changed by a tenth or more.",)
    elif not worse:
        better = ("Nothing got worse.", *better)
    yield Section(title, better, worse)


def _severities(view: View) -> Iterator[Section]:
    found = view["figures"]["severities"]
    rows = [
        Row((name, f"{each['opened']:,}", *_spans(each["time_to_acknowledge"]), *_spans(each["time_to_resolve"])))
        for name, each in sorted(found.items(), key=_by_severity)
    ]
    if rows:
        head = ("severity", "new", "answered in (median)", "(90 %)", "resolved in (median)", "(90 %)")
        note = "Median: half took no longer. 90 %: nine in ten took no longer."
        yield Section("Alerts by severity", head=head, rows=tuple(rows), note=note)


def _sla(view: View) -> Iterator[Section]:
    sla = view["figures"]["sla"]
    if sla["share"] is None:
        return
    rows, left = [Row(("all", *_kept(sla)))], []
    for what, name in _SLA_BY:
        rows += [Row((f"{name}: {each}", *_kept(kept))) for each, kept in list(sla[what].items())[:_MOST_ROWS]]
        left += [count(len(sla[what]) - _MOST_ROWS, f"more {name}")] if len(sla[what]) > _MOST_ROWS else []
    note = f"These are the worst; {' and '.join(left)} not shown." if left else ""
    head = ("SLA clocks", "in time", "breached", "compliance")
    yield Section("SLA compliance", head=head, rows=tuple(rows), note=note)


def _levels(view: View) -> Iterator[Section]:
    rows = [
        Row((name or "before any level", f"{each['fired']:,}", f"{each['answered']:,}", *_spans(each["time"])))
        for name, each in view["figures"]["levels"].items()
    ]
    if rows:
        found = view["figures"]["alerts"]
        lines = [f"The ladder began again {count(found['repeats'], 'time')}."] if found["repeats"] else []
        needed = count(found["reminders"], "reminder was", "reminders were")
        lines += [f"{needed} needed."] if found["reminders"] else []
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


def _anything(figures: View) -> bool:
    sla = figures["sla"]
    settled = sum(each["sent"] + each["failed"] for each in figures["channels"].values())
    return bool(sum(figures["alerts"].values()) or settled or sla["kept"] or sla["breached"])


def _reopened(found: View) -> str:
    more = [f"{found['reopened']:,} opened again"] if found["reopened"] else []
    left = found["cleared_unacknowledged"]
    more += [f"{left:,} cleared by the source before anybody answered"] if left else []
    return f" ({', '.join(more)})" if more else ""


def _spans(spread: View) -> tuple[str, str]:
    return say_span(spread["median"]), say_span(spread["p90"])


def _kept(kept: View) -> tuple[str, str, str]:
    return f"{kept['kept']:,}", f"{kept['breached']:,}", say_share(kept["share"])


def _more(found: int) -> str:
    return f"and {found - _MOST_ROWS:,} more" if found > _MOST_ROWS else ""


def _by_severity(found: tuple[str, Any]) -> int:
    return _WORST_FIRST.index(found[0]) if found[0] in _WORST_FIRST else len(_WORST_FIRST)


_PEOPLE_FIRST: Sequence[Any] = (_summary, _changed, budgets, _severities, _sla, _levels, _people, _channels, _sources)
_SLA_FIRST: Sequence[Any] = (_summary, budgets, _sla, _changed, _severities, _levels)
