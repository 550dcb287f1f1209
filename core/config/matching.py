"""Match: which alerts a route, a silence or a maintenance window is about. What it compiles to: core/matching.py."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag

from core.config.base import Section, TimeOfDay, Weekday, Zone
from core.severity import Severity

_WANTED = "a value, a /pattern/, either after ! for anything else, or a list of these"
_ONE_WANTED = "a value, a /pattern/, or either after ! for anything else"
_WINDOWS_WANTED = "weekdays, from and to, or a list of such windows"
_DAYS_WANTED = "a list of at least one day, such as [saturday, sunday]"
_SEVERITY_WANTED = "critical, high, medium, low, a /pattern/, or either after ! for anything else"
_SEVERITIES_WANTED = f"{_SEVERITY_WANTED}, or a list of these"
_SEVERITIES = tuple(severity.value for severity in Severity)
_LONGEST = 500  # as long as a label's value may be

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Matcher:
    """One matcher as it was meant: a value, or a pattern that is searched for; negated, anything else."""

    text: str
    is_pattern: bool
    is_negated: bool


def parse_matcher(written: str) -> Matcher:
    """Read `value`, `/pattern/`, `!value` or `!/pattern/`. ValueError tells what is wrong with a pattern."""
    text = written.removeprefix("!")
    is_pattern = len(text) > 1 and text.startswith("/") and text.endswith("/")
    if not is_pattern:
        return Matcher(text, is_pattern=False, is_negated=text != written)
    return Matcher(_readable(text[1:-1]), is_pattern=True, is_negated=text != written)


def listed(one_or_several: T | tuple[T, ...]) -> tuple[T, ...]:
    """Give what was written as one or as a list as a tuple."""
    return one_or_several if isinstance(one_or_several, tuple) else (one_or_several,)


def _readable(pattern: str) -> str:
    if not pattern:
        raise ValueError('a pattern between the slashes, or "" for what is absent')
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise ValueError(f"a regular expression between the slashes ({error})") from None
    except RecursionError:
        raise ValueError("a regular expression with fewer brackets between the slashes") from None
    return pattern


def _matcher(written: str) -> str:
    parse_matcher(written)
    return written


def _severity_matcher(written: str) -> str:
    written = written.strip().lower() if not written.endswith("/") else written
    matcher = parse_matcher(written)
    if not matcher.is_pattern and matcher.text not in _SEVERITIES:
        raise ValueError(_SEVERITY_WANTED)
    return written


def some(wanted: str) -> AfterValidator:
    """Refuse an empty list. Field(min_length=1) would also tell of a list whose entries are all faulty."""

    def checked(entries: tuple[T, ...]) -> tuple[T, ...]:
        if not entries:
            raise ValueError(wanted)
        return entries

    return AfterValidator(checked)


def _tag(value: object) -> str:
    return "[several]" if isinstance(value, list | tuple) else "[one]"


Text = Annotated[str, StringConstraints(max_length=_LONGEST), AfterValidator(_matcher), Field(description=_ONE_WANTED)]
Matchers = Annotated[
    Annotated[Text, Tag("[one]")]
    | Annotated[tuple[Text, ...], some(_WANTED), Field(description=_WANTED), Tag("[several]")],
    Discriminator(_tag),
    Field(description=_WANTED),
]
SeverityText = Annotated[
    str, StringConstraints(max_length=_LONGEST), AfterValidator(_severity_matcher), Field(description=_SEVERITY_WANTED)
]
SeverityMatchers = Annotated[
    Annotated[SeverityText, Tag("[one]")]
    | Annotated[
        tuple[SeverityText, ...], some(_SEVERITIES_WANTED), Field(description=_SEVERITIES_WANTED), Tag("[several]")
    ],
    Discriminator(_tag),
    Field(description=_SEVERITIES_WANTED),
]
LabelName = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s{}](.*[^\s{}])?$", max_length=200),
    Field(description="the name of a label, without braces"),
]


class Match(Section):
    """Every condition that is written must hold; without any it matches everything.

    A value is compared as it is, a pattern is searched for anywhere in the text. Of a list one must match, and
    none of those after `!`. A label that is absent is the empty text.
    """

    source: Matchers = ()
    severity: SeverityMatchers = ()
    title: Matchers = ()
    labels: Annotated[
        dict[LabelName, Matchers], Field(description="a mapping of labels to what their values must be")
    ] = Field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether it matches everything."""
        return not self.labels and self.source == self.severity == self.title == ()


class TimeWindow(Section):
    """A recurring time; core/windows.py says when it is. It begins on each of `weekdays`, by default every day."""

    weekdays: Annotated[tuple[Weekday, ...], some(_DAYS_WANTED), Field(description=_DAYS_WANTED)] = ()
    start: Annotated[TimeOfDay, Field(alias="from")] = time(0)
    end: Annotated[TimeOfDay, Field(alias="to")] = time(0)
    timezone: Zone | None = None


def _narrow(window: TimeWindow) -> TimeWindow:
    if not window.model_fields_set - {"timezone"}:
        raise ValueError(_WINDOWS_WANTED)
    return window


RouteWindow = Annotated[TimeWindow, AfterValidator(_narrow), Field(description=_WINDOWS_WANTED)]
TimeWindows = Annotated[
    Annotated[RouteWindow, Tag("[one]")]
    | Annotated[tuple[RouteWindow, ...], some(_WINDOWS_WANTED), Field(description=_WINDOWS_WANTED), Tag("[several]")],
    Discriminator(_tag),
    Field(description=_WINDOWS_WANTED),
]


class RouteMatch(Match):
    """A match that may also depend on when the signal came: inside one of the windows."""

    time: TimeWindows = ()

    @property
    def is_empty(self) -> bool:
        """Whether it matches everything, always."""
        return super().is_empty and self.time == ()

    @property
    def is_lasting(self) -> bool:
        """Whether it gives the same answer for a firing signal and the resolved one that follows."""
        return self.severity == () and self.time == ()
