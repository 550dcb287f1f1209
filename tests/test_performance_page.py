"""docs/performance.md is written whole by `make bench`: on what, with what and how it was measured stands in it."""

import platform
import re
import sys

import pytest

from benchmarks.__main__ import _page, main
from benchmarks.measures import Row

MET = Row("next level", "p99 <= 1.5 s", "p99 0.19 s", "", met=True)
NOT_MET = Row("burst", ">= 300/s", "288/s", "stock: 8 s", met=False)


def test_the_page_says_how_on_what_and_with_what_it_was_measured():
    page = _page([MET, NOT_MET], 7)
    assert "Medians of 7 runs" in page
    assert "`make bench`" in page
    assert "`python -m benchmarks PART --runs N`" in page
    assert re.search(r"\* Machine: .+, \d+ cores, \d+ GiB, ", page)
    assert f"* Versions: Python {platform.python_version()}, " in page
    assert re.search(r"(redis|valkey)-server \d+\.\d+", page)
    assert "| burst | >= 300/s | 288/s | stock: 8 s | not met |" in page
    assert "| next level | p99 <= 1.5 s | p99 0.19 s |  | met |" in page


def test_what_bounds_the_goals_is_said_only_while_one_is_not_met():
    assert "is bounded by the processor" in _page([MET, NOT_MET], 5)
    assert "not met" not in _page([MET], 5)
    assert '"Redis memory for an open alert" is one with' in _page([MET], 5)


def test_one_part_does_not_overwrite_the_page_of_all(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "burst", "--write"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "leave the parts out" in capsys.readouterr().err
