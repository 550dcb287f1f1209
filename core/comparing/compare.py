"""Compare two configs over some weeks: what changes for which alerts, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.comparing.beside import told_beside
from core.comparing.case import CaseComparison
from core.comparing.cases import Case, cases_of
from core.comparing.changes import Change
from core.comparing.keys import all_changed_keys, changed_keys, simulated_keys
from core.comparing.side import Side
from core.config import Config
from core.lint.spans import Span

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change, for alerts of these cases; `when` it holds, empty: always. `is_by_page`: by when pages go out."""

    cases: tuple[Case, ...]
    change: Change
    when: tuple[Span, ...] = ()
    is_by_page: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two configs for alerts of this time, and the cases that were compared.

    `beside` is told without a simulation; `keys` are what else was changed, `unseen` what shows nothing in this time.
    """

    window: Span
    cases: tuple[Case, ...]
    differences: tuple[Difference, ...]
    beside: tuple[str, ...]
    keys: tuple[str, ...]
    unseen: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both configs mean the same."""
        return not (self.differences or self.beside or self.keys or self.unseen)


def compare(
    old: Config, new: Config, start: datetime, end: datetime, progress: Progress = lambda _done, _of: None
) -> Comparison:
    """Give what differs between two configs for alerts that come in from `start` until just before `end`.

    Both are whole seconds. `progress` hears how many cases are done.
    """
    window = (start, end)
    sides = Side(old, window), Side(new, window)
    cases = cases_of(old, new)
    found: dict[tuple[Change, tuple[Span, ...], bool], list[Case]] = {}
    shown: set[str] = set()
    for number, case in enumerate(cases):
        progress(number, len(cases))
        of_case = CaseComparison(sides, case, window)
        for each in of_case.found:
            found.setdefault((each.change, each.told, each.is_by_page), []).append(case)
        shown |= of_case.used() if of_case.found else set()
    progress(len(cases), len(cases))
    differences = tuple(Difference(tuple(of), *key) for key, of in found.items())
    beside, keys = told_beside(old, new, cases), tuple(changed_keys(old, new))
    unseen = tuple(key for key in simulated_keys(old, new) if key not in shown)
    if old != new and not (differences or beside or keys or unseen):
        unseen = tuple(all_changed_keys(old, new))
    return Comparison(window, tuple(cases), differences, beside, keys, unseen)
