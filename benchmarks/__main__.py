"""`python -m benchmarks`: measure Rung against the goals of design section 10, print the table and write it down."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import business_hours, checking, foresight, measures, oncall, reports, routing
from benchmarks.machine import machine, versions
from benchmarks.measures import Row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
_MEMORY = """\
"Redis memory for an open alert" is one with its job, key and timeline, on a policy of one level that pages nobody yet;
one of the default critical policy with three pages waiting takes about 4 KiB."""
_BOUNDS = """\
What is not met of ingest is bounded by the processor. In a body of twenty an alert costs about 0.13 ms of Python and
0.035 ms of Redis, counted as CPU time of the processes; the goal leaves 0.09 ms of the two cores for both, and for the
sender of the load. Of the Python, reading the body takes 14 us, deciding 20, writing it down for the script 19, its two
lines of the log 14; the rest is redis-py, Flask, gunicorn, and two processes that share their caches.

Years in a simulation are bounded by the engine: a critical alert that nobody answers takes 59 decisions
and 194 messages, and the decisions of 365 of them alone, which are those that Rung makes live, take longer than the
goal. One alert, with the year ahead of it, takes some ms."""
PARTS: dict[str, Callable[[int], Row | list[Row]]] = {
    "ingest": measures.ingest,
    "idle_latency": measures.idle_latency,
    "burst": measures.burst,
    "next_level": measures.next_level,
    "memory": lambda _runs: measures.memory(),
    "oncall": oncall.rows,
    "routing": routing.rows,
    "business_hours": business_hours.rows,
    "checking": checking.rows,
    "reports": reports.rows,
    "foresight": foresight.rows,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(PARTS)}")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured; the median counts")
    parser.add_argument("--write", action="store_true", help=f"write the table to {PAGE.name} in docs")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if given.write and given.parts:
        parser.error("--write writes the whole page, so it measures every part: leave the parts out")
    rows = []
    for part in given.parts or PARTS:
        print(f"measuring {part} ...", file=sys.stderr, flush=True)
        rows += _measured(part, given.runs)
    _print(rows)
    if given.write:
        PAGE.write_text(_page(rows, given.runs), "utf-8")


def _measured(part: str, runs: int) -> list[Row]:
    found = PARTS[part](runs)
    return found if isinstance(found, list) else [found]


def _print(rows: list[Row]) -> None:
    table = Table("goal", "target", "measured", "compared with", "")
    for row in rows:
        table.add_row(row.goal, row.target, row.figure, row.baseline, "met" if row.met else "NOT MET")
    Console().print(table)


def _page(rows: list[Row], runs: int) -> str:
    lines = [f"| {r.goal} | {r.target} | {r.figure} | {r.baseline} | {'met' if r.met else 'not met'} |" for r in rows]
    bounds = [] if all(row.met for row in rows) else ["", _BOUNDS]
    return "\n".join(
        [
            "# Performance",
            "",
            f"Medians of {runs} runs; client, sink, Redis and Rung shared the cores.",
            "",
            f"* Command: `make bench`; one part alone: `python -m benchmarks PART --runs N`, of {', '.join(PARTS)}.",
            f"* Machine: {machine()}.",
            f"* Versions: {versions()}.",
            "",
            "| goal | target | measured | compared with | |",
            "|---|---|---|---|---|",
            *lines,
            "",
            _MEMORY,
            *bounds,
            "",
        ]
    )


if __name__ == "__main__":
    main()
