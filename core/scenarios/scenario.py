"""The model of a scenario file: a list of scenarios, each with what is given and what is expected."""

from typing import Annotated

from pydantic import Field, StringConstraints

from core.config.base import Section
from core.config.matching import some
from core.config.silences import Instant, Scope
from core.scenarios.expectation import Expectation
from core.scenarios.given import Given
from core.scenarios.times import Moment

_SCENARIOS = "a list of scenarios"
_GIVEN = "a list of what happens, such as {at: 0s, alert: {severity: critical}}"
_EXPECT = "a list of what is expected, such as {page: alice, on: sms, at: 0s}"

_Name = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$", max_length=120),
    Field(description="a name on one line, at most 120 characters"),
]


class OverrideOrder(Section):
    """Somebody stands in for a while; without `from` since before the start."""

    rotation: Annotated[str, Field(description="a rotation")]
    member: Annotated[str, Field(description="a person")]
    instead_of: Annotated[str, Field(description="a person")] | None = None
    start: Annotated[Moment | None, Field(alias="from")] = None
    end: Annotated[Moment, Field(alias="to")]


class SilenceOrder(Scope):
    """A silence that somebody ordered; without `from` since before the start."""

    start: Annotated[Moment | None, Field(alias="from")] = None
    end: Annotated[Moment, Field(alias="to")]


class Scenario(Section):
    """One scenario. `at` is when it starts; without an offset by the clock of the config."""

    name: _Name
    start: Annotated[Instant, Field(alias="at")]
    until: Moment | None = None
    unreachable: Annotated[tuple[str, ...], Field(description="a list of people")] = ()
    down: Annotated[tuple[str, ...], Field(description="a list of channels")] = ()
    overrides: Annotated[tuple[OverrideOrder, ...], Field(description="a list of overrides")] = ()
    silences: Annotated[tuple[SilenceOrder, ...], Field(description="a list of silences")] = ()
    given: Annotated[tuple[Given, ...], some(_GIVEN), Field(description=_GIVEN)]
    expect: Annotated[tuple[Expectation, ...], some(_EXPECT), Field(description=_EXPECT)]


class ScenarioFile(Section):
    """What a file holds."""

    scenarios: Annotated[tuple[Scenario, ...], some(_SCENARIOS), Field(description=_SCENARIOS)]
