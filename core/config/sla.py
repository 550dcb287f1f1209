"""sla: how soon an alert must be acknowledged and resolved, in which hours, and who hears of it."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from core.config.base import Count, Fraction, Section, Switch, TimeOfDay, Zone
from core.config.durations import PositiveDuration
from core.config.reporting import Recipients, somebody_if_enabled
from core.config.severities import SeverityName
from core.config.tracking import ChannelNames


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


class SlaClockMonitoring(Section):
    """The watch over the definitions: how often to look, and the fraction after which an alert is at risk."""

    check_interval: PositiveDuration = 60
    warning_threshold: Fraction = 0.8
    notification_channels: ChannelNames = ()


class SlaReporting(Section):
    """The report about the definitions."""

    enabled: Switch = True
    interval: Annotated[Literal["daily", "weekly", "monthly"], Field(description="daily, weekly or monthly")]
    recipients: Recipients = ()
    include_details: Switch = True

    _to_somebody = field_validator("recipients")(somebody_if_enabled)


class Sla(Section):
    """The SLA of each severity. A severity without a definition has none."""

    definitions: Annotated[
        dict[SeverityName, SlaDefinition], Field(description="a mapping of severities to definitions")
    ] = Field(default_factory=dict)
    business_hours: BusinessHours | None = None
    monitoring: SlaClockMonitoring = SlaClockMonitoring()
    reporting: SlaReporting = SlaReporting(enabled=False, interval="daily")
