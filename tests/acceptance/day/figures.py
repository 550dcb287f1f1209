"""From the things of the day to the numbers of a report, in the shape in which the API tells them. By docs/reports.md.

It shares nothing with the product either. What did not happen has no entry, and entries have no order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.acceptance.day.things import CLOCKS, PROMISES, Raw, Thing, View, lives_of, moment, ms

Seen = dict[str, list[Thing]]


def report_of(raw: Raw, things: Iterable[Thing], start: int, end: int) -> View:
    """Everything that a report of this window has to tell; the window before is as long."""
    things = list(things)
    figures = figures_of(raw, things, start, end)
    return {
        "figures": figures,
        "previous": {"from": 2 * start - end, "to": start, "figures": figures_of(raw, things, 2 * start - end, start)},
        "budgets": budgets_of(raw, things, start, end),
        "alerts": (rows := rows_of(raw, things, start, end)),
        "alerts_in_all": len(rows),
        "opened": {name: each["opened"] for name, each in figures["severities"].items() if each["opened"]},
    }


def figures_of(raw: Raw, things: Iterable[Thing], start: int, end: int) -> View:
    seen: Seen = defaultdict(list)
    for thing in things:
        if start <= thing.at < end:
            seen[thing.what].append(thing)
    pages = [thing for thing in seen["sent"] if thing.of["kind"] == "page"]
    return {
        "alerts": _counts(seen),
        "time_to_acknowledge": spread(seen["answered"]),
        "time_to_resolve": spread(seen["resolved"]),
        "severities": _severities(seen),
        "levels": _levels(seen),
        "channels": _channels(seen),
        "people": _people(raw, pages, seen["answered"]),
        "pages": _pages(raw, pages),
        "sources": _sources(seen["opened"]),
        "sla": _sla(raw, [thing for thing in seen["kept"] + seen["broken"] if thing.of["clock"] in PROMISES]),
    }


def _counts(seen: Seen) -> View:
    return {
        "opened": len(seen["opened"]),
        "reopened": len(seen["reopened"]),
        "acknowledged": len(seen["answered"]),
        "resolved": len(seen["resolved"]),
        "cleared_unacknowledged": len(seen["cleared"]),
        "exhausted": len(seen["exhausted"]),
        "repeats": len(seen["repeat"]),
        "reminders": len(seen["reminded"]),
    }


def _severities(seen: Seen) -> View:
    """By the severity that an alert has now."""
    opened, answered, resolved = (_by(seen[what], severity_of) for what in ("opened", "answered", "resolved"))
    return {
        severity: {
            "opened": len(opened[severity]),
            "time_to_acknowledge": spread(answered[severity]),
            "time_to_resolve": spread(resolved[severity]),
        }
        for severity in {*opened, *answered, *resolved}
    }


def _levels(seen: Seen) -> View:
    fired, answered, stood = (
        _by(seen[what], lambda thing: thing.of["level"]) for what in ("fired", "answered", "stood")
    )
    return {
        level: {"fired": len(fired[level]), "answered": len(answered[level]), "time": spread(stood[level])}
        for level in {*fired, *answered, *stood}
    }


def _channels(seen: Seen) -> View:
    sent, failed = (_by(seen[what], lambda thing: thing.of["channel"]) for what in ("sent", "failed"))
    return {
        channel: {"sent": len(sent[channel]), "failed": len(failed[channel]), "latency": spread(sent[channel])}
        for channel in {*sent, *failed}
    }


def _people(raw: Raw, pages: list[Thing], answered: list[Thing]) -> View:
    paged, answers = _by(pages, lambda thing: thing.of["responder"]), _by(answered, lambda thing: thing.of["by"])
    return {
        person: {
            "pages": len(paged[person]),
            "night_pages": sum(is_night(hour_of(raw, thing)) for thing in paged[person]),
            "answered": len(answers[person]),
        }
        for person in {*paged, *answers}
    }


def _pages(raw: Raw, pages: list[Thing]) -> View:
    hours = [hour_of(raw, thing) for thing in pages]
    by_hour = [hours.count(hour) for hour in range(24)]
    return {"count": len(pages), "night": sum(map(is_night, hours)), "by_hour": by_hour}


def _sources(opened: list[Thing]) -> View:
    return {
        source: {"opened": len(each), "signals": sum(thing.alert["count"] for thing in each)}
        for source, each in _by(opened, lambda thing: thing.alert["source"]).items()
    }


def _sla(raw: Raw, promises: list[Thing]) -> View:
    by_label: Seen = defaultdict(list)
    for thing in promises:
        for label in raw.config["reporting"]["labels"]:
            if label in thing.alert["labels"]:
                by_label[f"{label}={thing.alert['labels'][label]}"].append(thing)
    return {
        **_kept(promises),
        "clocks": _all_kept(_by(promises, lambda thing: thing.of["clock"])),
        "severities": _all_kept(_by(promises, severity_of)),
        "sources": _all_kept(_by(promises, lambda thing: thing.alert["source"])),
        "labels": _all_kept(by_label),
    }


def _all_kept(found: Seen) -> View:
    return {name: _kept(promises) for name, promises in found.items()}


def _kept(promises: list[Thing]) -> View:
    kept = sum(thing.what == "kept" for thing in promises)
    return {
        "kept": kept,
        "breached": len(promises) - kept,
        "share": kept / len(promises) if promises else None,
    }


def spread(things: Iterable[Thing]) -> View:
    """How many, and of how long they took the mean, the median, and the smallest that nine in ten do not exceed."""
    took = sorted(thing.ms for thing in things)
    if not took:
        return {"count": 0, "mean": None, "median": None, "p90": None}
    middle = (took[len(took) // 2] + took[-(len(took) // 2) - 1]) / 2
    p90 = next(each for each in took if Fraction(sum(other <= each for other in took), len(took)) >= Fraction(9, 10))
    return {"count": len(took), "mean": sum(took) / len(took) / 1000, "median": middle / 1000, "p90": p90 / 1000}


def budgets_of(raw: Raw, things: Iterable[Thing], start: int, end: int) -> View:
    """Each severity's budget in each day that the window touches; of the last one, as far as the window goes."""
    broken = [thing for thing in things if thing.what == "broken" and thing.of["clock"] in PROMISES]
    return {
        f"{severity} from {opens} to {min(closes, end)}": _budget(
            owed["allowed_breaches"],
            sorted(each.at for each in broken if severity_of(each) == severity and opens <= each.at < min(closes, end)),
            is_over=closes <= end,
        )
        for severity, owed in raw.config["sla"]["definitions"].items()
        for opens, closes in _days(raw.config["timezone"], start, end)
    }


def _budget(allowed: int, broken: list[int], *, is_over: bool) -> View:
    """The budget is used up with the last one allowed, and overdrawn with the next."""
    return {
        "over": is_over,
        "allowed": allowed,
        "used": len(broken),
        "left": max(0, allowed - len(broken)),
        "compliant": len(broken) <= allowed,
        "gone_at": broken[allowed - 1] if 0 < allowed <= len(broken) else None,
        "overdrawn_at": broken[allowed] if allowed < len(broken) else None,
    }


def _days(zone: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    day = moment(start).astimezone(ZoneInfo(zone)).date()
    while _midnight(day, zone) < end:
        yield _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        day += timedelta(days=1)


def _midnight(day: date, zone: str) -> int:
    return ms(datetime.combine(day, time(0), ZoneInfo(zone)).isoformat())


def rows_of(raw: Raw, things: Iterable[Thing], start: int, end: int) -> dict[int, View]:
    """The table of details as the window saw it: each alert that was opened, answered, resolved or broke a clock."""
    seen: dict[int, list[Thing]] = defaultdict(list)
    for thing in things:
        if start <= thing.at < end:
            seen[thing.alert["id"]].append(thing)
    shows = {"opened", "reopened", "answered", "resolved", "broken"}
    shown = {number: {thing.life for thing in each if thing.what in shows} for number, each in seen.items()}
    ends = [thing for thing in things if thing.what in {"answered", "resolved"} and thing.at < end]
    return {
        number: _row(raw, raw.alerts[number], max(lives), ends) | _in_window(seen[number])
        for number, lives in shown.items()
        if lives
    }


def _row(raw: Raw, alert: View, life: int, ends: list[Thing]) -> View:
    """The last of its lives that the window saw."""
    own = {thing.what: thing for thing in ends if thing.alert["id"] == alert["id"] and thing.life == life}
    answered, resolved = own.get("answered"), own.get("resolved")
    return {
        "severity": alert["severity"],
        "source": alert["source"],
        "opened_at": lives_of(raw, alert)[life].start,
        "acknowledged_at": answered and answered.at,
        "acknowledged_by": answered and answered.of["by"],
        "acknowledged_at_level": answered and (answered.of["level"] or None),
        "acknowledged_after": answered and answered.ms / 1000,
        "resolved_at": resolved and resolved.at,
        "resolved_by": resolved and resolved.of["by"],
        "resolved_after": resolved and resolved.ms / 1000,
    }


def _in_window(things: list[Thing]) -> View:
    broken = sorted((thing.life, CLOCKS.index(thing.of["clock"])) for thing in things if thing.what == "broken")
    return {
        "pages": sum(thing.what == "sent" and thing.of["kind"] == "page" for thing in things),
        "exhausted": any(thing.what == "exhausted" for thing in things),
        "breached": [CLOCKS[clock] for _, clock in broken],
    }


def severity_of(thing: Thing) -> str:
    return thing.alert["severity"]


def hour_of(raw: Raw, thing: Thing) -> int:
    return moment(thing.at).astimezone(ZoneInfo(raw.config["timezone"])).hour


def is_night(hour: int) -> bool:
    return hour >= 22 or hour < 7


def _by(things: Iterable[Thing], key: Callable[[Thing], str]) -> Seen:
    found: Seen = defaultdict(list)
    for thing in things:
        found[key(thing)].append(thing)
    return found
