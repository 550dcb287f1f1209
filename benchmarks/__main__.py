"""`python -m benchmarks`: measure Rung against the goals of design section 10, print the table and write it down."""

import argparse
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import measures
from benchmarks.measures import Row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
PARTS = ("ingest", "idle_latency", "burst", "next_level", "memory")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(PARTS)}")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured; the median counts")
    parser.add_argument("--write", action="store_true", help=f"write the table to {PAGE.name} in docs")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    rows = []
    for part in given.parts or PARTS:
        print(f"measuring {part} ...", file=sys.stderr, flush=True)
        rows += _measured(part, given.runs)
    _print(rows)
    if given.write:
        PAGE.write_text(_page(rows, given.runs), "utf-8")


def _measured(part: str, runs: int) -> list[Row]:
    measure = getattr(measures, part)
    found = measure() if part == "memory" else measure(runs)
    return found if isinstance(found, list) else [found]


def _print(rows: list[Row]) -> None:
    table = Table("goal", "target", "measured", "compared with", "")
    for row in rows:
        table.add_row(row.goal, row.target, row.figure, row.baseline, "met" if row.met else "NOT MET")
    Console().print(table)


def _page(rows: list[Row], runs: int) -> str:
    lines = [f"| {r.goal} | {r.target} | {r.figure} | {r.baseline} | {'met' if r.met else 'not met'} |" for r in rows]
    parts = ", ".join(f"{name} {version(name)}" for name in ("flask", "gunicorn", "redis", "rq", "apprise"))
    return "\n".join(
        [
            "# Performance",
            "",
            f"Medians of {runs} runs by `make bench`, client, sink, Redis and Rung on the same two shared cores.",
            f"Python {platform.python_version()} on {platform.system()} {platform.machine()}; {parts}.",
            "",
            "| goal | target | measured | compared with | |",
            "|---|---|---|---|---|",
            *lines,
            "",
        ]
    )


if __name__ == "__main__":
    main()
