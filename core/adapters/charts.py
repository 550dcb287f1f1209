"""The charts of a report, drawn by matplotlib as PNG.

Nobody imports this: it takes half a second and as much memory as all of web. `python -m core.adapters.charts` reads
what to draw and writes pictures; core/adapters/chart_process.py runs it.
"""

import base64
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

from core.figures import HOURS, NIGHT_FROM, NIGHT_TO, is_night
from core.local_time import instant_of
from core.report_words import say_share

View = Mapping[str, Any]

_SIZE = (4.8, 2.1)  # inches; twice as many dots as a page shows, for sharp screens
_DPI = 220
_COLOURS = 64  # a chart needs no more, and a mail of them is a quarter as large
_INK, _SOFT, _LINE = "#1b1f24", "#5b6570", "#d7dce1"
_SEVERITIES = {"critical": "#b3261e", "high": "#e0722b", "medium": "#e3b341", "low": "#7d8b99"}
_KEPT, _BROKEN, _DAY, _NIGHT = "#2f8f5b", "#b3261e", "#8fb3d9", "#34507a"
_MOST_LABELS = 8
_STEPS = (1, 2, 3, 4, 6, 8, 12, 24)  # from label to label, so that hours are round ones
_BY_HOUR_UP_TO = timedelta(hours=50)  # longer ones are told by their days


def draw(view: View, names: Iterable[str]) -> dict[str, bytes]:
    """Give these charts of a report as PNG pictures."""
    return {name: _png(_DRAWERS[name], view) for name in names}


def _png(drawer: Callable[[Axes, View], None], view: View) -> bytes:
    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    _plain(axes)
    drawer(axes, view)
    drawn, picture = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png")
    Image.open(drawn).convert("RGB").quantize(_COLOURS).save(picture, format="png", optimize=True)
    return picture.getvalue()


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_LINE)
    axes.tick_params(colors=_SOFT, labelsize=8, length=0)
    axes.grid(axis="y", color=_LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))


def _titled(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=9.5, color=_INK, fontweight="bold")


def _legend(axes: Axes) -> None:
    axes.legend(fontsize=7.5, frameon=False, ncols=4, loc="upper right", bbox_to_anchor=(1.0, 1.18), labelcolor=_SOFT)


def _alerts(axes: Axes, view: View) -> None:
    series = view["series"]
    bottom = [0] * len(series["starts"])
    for severity, colour in _SEVERITIES.items():
        if counts := series["opened"].get(severity):
            shown = [place for place, number in enumerate(counts) if number]  # a bar of nothing leaves a hairline
            heights, lows = [counts[place] for place in shown], [bottom[place] for place in shown]
            axes.bar(shown, heights, bottom=lows, color=colour, label=severity, width=0.8)
            bottom = [low + more for low, more in zip(bottom, counts, strict=True)]
    axes.set_xlim(-0.6, len(bottom) - 0.4)
    _titled(axes, f"New alerts by {series['step']}")
    spec = "%H:%M" if series["step"] == "hour" else _day_label(len(bottom))
    places = range(0, len(bottom), _apart(len(bottom)))
    _label_times(axes, places, [_local(series["starts"][place], view) for place in places], spec)
    _legend(axes)


def _hours(axes: Axes, view: View) -> None:
    pages = view["figures"]["pages"]["by_hour"]
    axes.bar(range(HOURS), pages, color=[_NIGHT if is_night(hour) else _DAY for hour in range(HOURS)], width=0.8)
    for start, end in ((-0.5, NIGHT_TO - 0.5), (NIGHT_FROM - 0.5, HOURS - 0.5)):
        axes.axvspan(start, end, color=_NIGHT, alpha=0.07, linewidth=0)
    axes.set_xlim(-0.5, HOURS - 0.5)
    axes.set_xticks(range(0, HOURS, 2), [f"{hour:02}" for hour in range(0, HOURS, 2)])
    night = view["figures"]["pages"]["night"]
    _titled(axes, f"Pages by hour of the day (dark: at night, {night:,})")


def _sla(axes: Axes, view: View) -> None:
    found = view["figures"]["sla"]["severities"]
    names = [name for name in reversed(_SEVERITIES) if name in found]
    kept, broken = ([found[name][which] for name in names] for which in ("kept", "breached"))
    axes.barh(names, kept, color=_KEPT, label="in time", height=0.6)
    axes.barh(names, broken, left=kept, color=_BROKEN, label="breached", height=0.6)
    most = max(a + b for a, b in zip(kept, broken, strict=True))
    for place, name in enumerate(names):
        total = kept[place] + broken[place]
        axes.text(total + most * 0.01, place, say_share(found[name]["share"]), va="center", fontsize=8, color=_INK)
    axes.set_xlim(0, most * 1.12)
    axes.grid(visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(len(names) + 1))
    axes.set_yticks(range(len(names)), names)
    _titled(axes, "SLA clocks by severity")
    _legend(axes)


def _trend(axes: Axes, view: View) -> None:
    shots = view["snapshots"]
    at = [_local(shot["at"], view) for shot in shots]
    for name, colour in (("open", _DAY), ("unanswered", "#e0722b"), ("exhausted", _BROKEN)):
        counts = [shot[name] for shot in shots]
        if name == "open" or any(counts):
            axes.plot([each.timestamp() for each in at], counts, color=colour, label=name)
    axes.set_ylim(bottom=0)
    _titled(axes, "Open alerts over time")
    is_long = at[-1] - at[0] > _BY_HOUR_UP_TO
    marks = _midnights(at[0], at[-1]) if is_long else at
    spec = _day_label(len(marks)) if is_long else "%H:%M"
    shown = marks[:: _apart(len(marks))]
    _label_times(axes, [each.timestamp() for each in shown], shown, spec)
    _legend(axes)


def _midnights(start: datetime, end: datetime) -> list[datetime]:
    zone = cast("ZoneInfo", start.tzinfo)
    days = [start.date() + timedelta(days=n) for n in range(1, (end.date() - start.date()).days + 1)]
    return [instant_of(datetime.combine(day, time(0)), zone).astimezone(zone) for day in days]


def _day_label(number: int) -> str:
    return "%a %d" if number <= _MOST_LABELS else "%d %b"


def _apart(number: int) -> int:
    """Say the how-manieth of so many gets a label."""
    return next((step for step in _STEPS if step * _MOST_LABELS >= number), -(-number // _MOST_LABELS))


def _local(instant: str, view: View) -> datetime:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(view["timezone"]))


def _label_times(axes: Axes, places: Sequence[float], instants: Sequence[datetime], spec: str) -> None:
    axes.set_xticks(places, [f"{each:{spec}}" for each in instants])
    axes.tick_params(axis="x", labelsize=7)


_DRAWERS: Mapping[str, Callable[[Axes, View], None]] = {
    "alerts": _alerts,
    "hours": _hours,
    "sla": _sla,
    "trend": _trend,
}


def main() -> None:
    """Read {"view", "names"} from standard input; write {name: PNG in base64} to standard output."""
    asked = json.load(sys.stdin)
    drawn = draw(asked["view"], asked["names"])
    json.dump({name: base64.b64encode(png).decode() for name, png in drawn.items()}, sys.stdout)


if __name__ == "__main__":
    main()
