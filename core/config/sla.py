"""sla: how soon an alert must be acknowledged and resolved, in which hours, and who hears of it.

Where a key stands in `response_tracking.sla_monitoring` too, each is the other's default: core/sla_rules.py.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from core.config.base import Count, Fraction, Section, Switch, TimeOfDay, Zone
from core.config.durations import PositiveDuration
from core.config.reporting import Recipients, somebody_if_enabled
from core.config.severities import SeverityName
from core.config.tracking import ChannelNames

_WEEK = timedelta(weeks=1)
_LONGEST = timedelta(days=3650)  # of business hours one after the other; ten years, like the longest duration

Cause = Annotated[Literal["snoozed", "suppressed"], Field(description="snoozed or suppressed")]


class SlaDefinition(Section):
    """What is owed for one severity, in seconds; of business hours only, when `business_hours` says so."""

    acknowledgment_time: PositiveDuration
    resolution_time: PositiveDuration
    business_hours: Switch
    allowed_breaches: Count


class BusinessHours(Section):
    """When people work. Weekdays count from Monday, 0; hours that end before they start run past midnight."""

    start_time: TimeOfDay
    end_time: TimeOfDay
    timezone: Zone | None = None
    weekdays: Annotated[
        frozenset[Annotated[int, Field(ge=0, le=6, description="a day from 0, Monday, to 6, Sunday")]],
        Field(min_length=1, description="a list of at least one day from 0, Monday, to 6, Sunday"),
    ]

    @field_validator("end_time")
    @classmethod
    def _not_empty(cls, end: time, info: ValidationInfo) -> time:
        if info.data.get("start_time") == end:
            raise ValueError("an end other than start_time (around the clock: business_hours: false)")
        return end

    @property
    def weekly(self) -> timedelta:
        """How much of a week is open, holidays and clock changes left aside."""
        start, end = (datetime.combine(date.min, at) for at in (self.start_time, self.end_time))
        day = end - start if start < end else end - start + timedelta(days=1)
        return len(self.weekdays) * day


class SlaClockMonitoring(Section):
    """The watch over the definitions: how often to look, and the fraction after which an alert is at risk."""

    check_interval: PositiveDuration = 60
    warning_threshold: Fraction | None = None
    notification_channels: ChannelNames | None = None


class SlaReporting(Section):
    """The report about the definitions."""

    enabled: Switch = True
    interval: Annotated[Literal["daily", "weekly", "monthly"], Field(description="daily, weekly or monthly")]
    recipients: Recipients = ()
    include_details: Switch = True

    _to_somebody = field_validator("recipients")(somebody_if_enabled)


class Sla(Section):
    """The SLA of each severity; one without a definition has none. No clock stands still but for `pause_on`."""

    definitions: Annotated[
        dict[SeverityName, SlaDefinition], Field(description="a mapping of severities to definitions")
    ] = Field(default_factory=dict)
    business_hours: BusinessHours | None = None
    pause_on: Annotated[frozenset[Cause], Field(description="a list of snoozed, suppressed or both")] = frozenset()
    monitoring: SlaClockMonitoring = SlaClockMonitoring()
    reporting: SlaReporting = SlaReporting(enabled=False, interval="daily")

    @field_validator("business_hours")
    @classmethod
    def _long_enough(cls, hours: BusinessHours | None, info: ValidationInfo) -> BusinessHours | None:
        """Refuse a duration that such hours take longer to hold than anybody waits."""
        for severity, definition in (info.data.get("definitions") or {}).items():
            for key in ("acknowledgment_time", "resolution_time"):
                seconds = getattr(definition, key) if definition.business_hours else 0
                if hours and timedelta(seconds=seconds) > hours.weekly * (_LONGEST / _WEEK):
                    where = f"sla.definitions.{severity}.{key}"
                    raise ValueError(f"longer hours, since {where} ({seconds} s) takes more than ten years of them")
        return hours
