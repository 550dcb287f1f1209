"""reporting: the figures and the two reports by mail, and when they go out (by the config's time zone)."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from core.config.base import Section, Switch, TimeOfDay, Weekday
from core.config.durations import PositiveDuration
from core.config.people import Email


def _each_once(recipients: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(recipients))


Recipients = Annotated[
    tuple[Email, ...],
    AfterValidator(_each_once),
    Field(validate_default=True, description="a list of e-mail addresses"),
]


def somebody_if_enabled(recipients: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Refuse a report that is sent to nobody."""
    if info.data.get("enabled") and not recipients:
        raise ValueError("at least one e-mail address, or enabled: false")
    return recipients


class DailySummary(Section):
    """The mail about each day."""

    enabled: Switch = True
    time: TimeOfDay = time(0)
    recipients: Recipients = ()

    _to_somebody = field_validator("recipients")(somebody_if_enabled)


class WeeklyReport(Section):
    """The mail about each week."""

    enabled: Switch = True
    day: Weekday = "monday"
    time: TimeOfDay = time(9)
    recipients: Recipients = ()

    _to_somebody = field_validator("recipients")(somebody_if_enabled)


LabelName = Annotated[
    str, Field(min_length=1, max_length=100, description="the name of a label of alerts, such as team")
]


class Reporting(Section):
    """`metrics_interval` is in seconds. A report that is left out is not sent.

    SLA compliance is told by `labels` too; each of them stands in the facts that are kept of every alert.
    """

    metrics_interval: PositiveDuration = 3600
    daily_summary: DailySummary = DailySummary(enabled=False)
    weekly_report: WeeklyReport = WeeklyReport(enabled=False)
    labels: Annotated[tuple[LabelName, ...], Field(max_length=10, description="a list of at most 10 labels")] = (
        "team",
        "service",
    )
