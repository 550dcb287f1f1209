"""What 200 routes and 100 silences add to an alert: its dedup key, its way, and whether it is silenced."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from itertools import cycle

from benchmarks.measures import Row
from core.config import Config
from core.matching import SignalFacts
from core.routing import Routing
from core.severity import Severity
from core.signals import Signal, SignalStatus
from core.silences import Silence, Silences
from tests.samples import T0, config

ROUTES, SILENCES = 200, 100
SEVERITIES = cycle(["critical", "high", "medium", "low"])


def rows(runs: int = 5) -> list[Row]:
    """Ask for an alert that only the last route matches and no silence covers, so that every match is asked."""
    return [
        _row("200 routes and 100 silences: added to an alert", _mixed(), runs),
        _row("the same when every match is a pattern", _patterns(), runs),
    ]


def _row(goal: str, given: Config, runs: int) -> Row:
    median = statistics.median(_microseconds(given) for _ in range(runs))
    return Row(goal, "< 0.2 ms (median)", f"{median / 1000:.3f} ms", "", median < 200)


def _microseconds(given: Config, alerts: int = 2000) -> float:
    routing = Routing(given)
    silences = Silences(given, [_standing(number) for number in range(SILENCES // 3)])
    spans = []
    for number in range(alerts):
        now = T0 + timedelta(seconds=number)
        labels = {"team": "last", "cluster": f"c{number % 7}", "alertname": "DiskFull", "host": f"db-{number % 50}"}
        signal = Signal(SignalStatus.FIRING, f"k{number}", f"disk /dev/sd{number % 9} is full", "high", labels=labels)
        began = time.perf_counter()
        routing.key_of("grafana", signal)
        routed = routing.route("grafana", signal, Severity.HIGH, now)
        silenced = silences.covering(SignalFacts("grafana", routed.severity, signal.title, labels), now)
        spans.append(time.perf_counter() - began)
        assert routed.names[-1] == "last"
        assert silenced is None
    return statistics.median(spans) * 1e6


def _mixed() -> Config:
    """Matches as people write them: a team here, a severity there, every fourth with a pattern or a time."""
    forms = cycle(
        [
            lambda n: {"labels": {"team": f"t{n}"}},
            lambda n: {"source": "grafana", "severity": next(SEVERITIES), "labels": {"team": f"t{n}"}},
            lambda n: {"title": f"/disk {n} .* full/", "source": "grafana"},
            lambda n: {"labels": {"cluster": [f"eu{n}", f"us{n}"], "team": f"!t{n}"}, "time": _nights()},
        ]
    )
    return _config([next(forms)(n) for n in range(ROUTES - 1)])


def _patterns() -> Config:
    return _config([{"labels": {"host": f"/^web-{n}$/"}} for n in range(ROUTES - 1)])


def _config(matches: list[dict]) -> Config:
    routes = [{"match": match, "policy": "high"} for match in matches]
    routes += [{"name": "last", "match": {"labels": {"team": "last"}}, "group_by": ["cluster", "alertname"]}]
    matches = [{key: value for key, value in match.items() if key != "time"} for match in matches]
    third = SILENCES // 3
    span = {"from": "2026-11-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}
    return config(
        routes=routes,
        silences=[{"match": match, **span} for match in matches[:third]],
        maintenance=[{"match": match, **_nights()} for match in matches[third : SILENCES - third]],
    )


def _nights() -> dict:
    return {"weekdays": ["monday", "saturday"], "from": "22:00", "to": "06:00", "timezone": "Europe/Berlin"}


def _standing(number: int) -> Silence:
    return Silence.model_validate(
        {
            "record_version": 1,
            "id": number,
            "match": {"labels": {"host": f"web-{number}"}},
            "from": datetime(2026, 11, 1, tzinfo=UTC),
            "to": datetime(2027, 1, 1, tzinfo=UTC),
            "by": "alice",
            "created_at": datetime(2026, 11, 1, tzinfo=UTC),
        }
    )


if __name__ == "__main__":
    for row in rows():
        print(row)
