"""What a report of the API tells, in the shape in which it is counted once more, and whether the two are the same."""

from typing import Any

from tests.acceptance.day.things import View, ms


def told_by(report: View) -> View:
    """What a report of the API tells, in the shape of report_of."""
    previous = report["previous"]
    [*_, step] = report["series"]["starts"]
    assert report["series"]["starts"] == [step], "a window of less than an hour has one step"
    return {
        "figures": report["figures"],
        "previous": {**previous, "from": ms(previous["from"]), "to": ms(previous["to"])},
        "budgets": dict(map(_told_budget, report["budgets"])),
        "alerts": dict(told_row(row, ms(report["to"])) for row in report["alerts"]),
        "alerts_in_all": report["alerts_in_all"],
        "opened": {severity: opened for severity, [opened] in report["series"]["opened"].items()},
    }


def _told_budget(budget: View) -> tuple[str, View]:
    name = f"{budget['severity']} from {ms(budget['from'])} to {ms(budget['to'])}"
    return name, _in_ms({key: value for key, value in budget.items() if key not in {"severity", "from", "to"}})


def told_row(row: View, end: int) -> tuple[int, View]:
    """An alert as it was when the window ended: a row goes on to tell how it was answered and resolved after that."""
    told = _in_ms({key: value for key, value in row.items() if key not in {"id", "title", "labels"}})
    later = tuple(what for what in ("acknowledged", "resolved") if (told[f"{what}_at"] or 0) >= end)
    return row["id"], {key: None if key.startswith(later) else value for key, value in told.items()}


def line_as_row(line: dict[str, str]) -> View:
    """A line of the CSV as the JSON has it."""
    row: View = {key: cell or None for key, cell in line.items()}
    spans = {key: float(cell) for key, cell in line.items() if key.endswith("_after") and cell}
    counts = {key: int(line[key]) for key in ("id", "pages")}
    return row | spans | counts | {"exhausted": line["exhausted"] == "yes", "breached": line["breached"].split()}


def _in_ms(view: View) -> View:
    return {key: ms(value) if key.endswith("_at") and value else value for key, value in view.items()}


def unequal(told: Any, counted: Any, path: str = "") -> list[str]:
    """Name every number that is not the same in both, with both."""
    if isinstance(told, dict) and isinstance(counted, dict):
        names = {*told, *counted}
        return [each for name in names for each in unequal(told.get(name), counted.get(name), f"{path}/{name}")]
    if isinstance(told, float) and isinstance(counted, float):
        return [] if abs(told - counted) < 1e-9 else [f"{path}: told {told}, counted {counted}"]
    return [] if told == counted else [f"{path}: told {told}, counted {counted}"]
