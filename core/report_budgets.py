"""What a report says of breach budgets: of one reporting period each budget, of several how often each was kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from core.report_parts import Row, Section, View, clock_text, day_text, forgotten, window_text
from core.report_words import count

# By the length of a whole one; clocks that change make a day or a week an hour longer.
_PERIODS = ((timedelta(hours=25), "day"), (timedelta(days=7, hours=1), "week"))


def budgets(view: View) -> Iterator[Section]:
    """Give the section, if any severity has a budget."""
    found = view["budgets"]
    if not found:
        return
    many = len({budget["from"] for budget in found})
    yield _of_one(view, found) if many == 1 else _of_many(view, found, many)


def _of_one(view: View, found: Sequence[View]) -> Section:
    so_far = "" if found[0]["over"] else ", so far"
    lines = [(budget, line) for budget in found if (line := _gone(view, budget))]
    return Section(
        f"Breach budget: {window_text(view, found[0])}{so_far}",
        tuple(line for budget, line in lines if not _is_bad(budget)),
        (*(line for budget, line in lines if _is_bad(budget)), *forgotten(view, found[0])),
        head=("severity", "allowed", "used", "left", ""),
        rows=tuple(_row(budget) for budget in found),
    )


def _row(budget: View) -> Row:
    state = "kept" if budget["over"] else "kept so far"
    if budget["gone_at"]:
        state = "used up"
    if not budget["compliant"]:
        state = "overdrawn"
    numbers = (f"{budget[name]:,}" for name in ("allowed", "used", "left"))
    return Row((budget["severity"], *numbers, state), is_bad=not budget["compliant"])


def _gone(view: View, budget: View) -> str:
    """Say when a budget was used up or overdrawn; nothing while some of it is left."""
    severity = budget["severity"]
    if budget["overdrawn_at"]:
        allowed = count(budget["allowed"], "breach is", "breaches are")
        at = clock_text(view, budget["overdrawn_at"])
        return f"The budget of {severity} was overdrawn {at}: {allowed} allowed, {budget['used']:,} happened."
    if budget["gone_at"]:
        then = ", and not overdrawn" if budget["over"] else ": the next breach is one too many"
        return f"The budget of {severity} was used up {clock_text(view, budget['gone_at'])}{then}."
    return ""


def _is_bad(budget: View) -> bool:
    """Say whether there is something to worry about: a budget that was kept to its end is none."""
    return not budget["compliant"] or not budget["over"]


def _of_many(view: View, found: Sequence[View], many: int) -> Section:
    period, last = _period(found[0]), found[-1]["from"]
    by_severity: dict[str, list[View]] = {}
    for budget in found:
        by_severity.setdefault(budget["severity"], []).append(budget)
    bad = [
        f"The budget of {severity} was overdrawn in {broken} of {count(many, period)}."
        for severity, each in by_severity.items()
        if (broken := sum(not budget["compliant"] for budget in each))
    ]
    bad += forgotten(view, found[0])
    running = [budget for budget in found if budget["from"] == last and not budget["over"]]
    bad += [line for budget in running if budget["compliant"] and (line := _gone(view, budget))]
    head = ("severity", f"allowed a {period}", "kept", f"most in a {period}", *(["left so far"] if running else []))
    rows = (_row_of_many(view, period, each, is_running=bool(running)) for each in by_severity.values())
    return Section(f"Breach budgets: {count(many, period)}", bad_lines=tuple(bad), head=head, rows=tuple(rows))


def _row_of_many(view: View, period: str, found: Sequence[View], *, is_running: bool) -> Row:
    kept = sum(budget["compliant"] for budget in found)
    most = max(found, key=lambda budget: budget["used"])
    when = day_text(view, most["from"])
    cells = [
        found[0]["severity"],
        f"{found[0]['allowed']:,}",
        f"{kept} of {len(found)}",
        f"{most['used']:,}, {when if period == 'day' else f'from {when}'}" if most["used"] else "0",
        *([f"{found[-1]['left']:,}"] if is_running else []),
    ]
    return Row(tuple(cells), is_bad=kept < len(found))


def _period(budget: View) -> str:
    start, end = (datetime.fromisoformat(budget[name]) for name in ("from", "to"))
    return next((name for longest, name in _PERIODS if end - start <= longest), "month")
