"""response_tracking: what is owed by whoever answers, and when to remind. Left out means not done."""

from typing import Annotated

from pydantic import Field

from core.config.base import Count, Fraction, Name, Section, Switch
from core.config.durations import PositiveDuration
from core.config.severities import SeverityName

BySeverity = Annotated[dict[SeverityName, PositiveDuration], Field(description="a mapping of severities to durations")]
ChannelNames = Annotated[tuple[Name, ...], Field(description="a list of channels")]


class ResolutionReminders(Section):
    """Reminders that an acknowledged alert is still open, `interval` seconds apart."""

    interval: PositiveDuration = 1800
    max_reminders: Count = 0


class SlaMonitoring(Section):
    """The watch over a policy's `sla_timeout`: a warning when this fraction of it has passed."""

    enabled: Switch = True
    warning_threshold: Fraction | None = None
    notification_channels: ChannelNames | None = None


class Timeouts(Section):
    """Seconds until an acknowledgment, and between updates, are overdue."""

    acknowledgment: BySeverity = Field(default_factory=dict)
    updates: BySeverity = Field(default_factory=dict)


class Reminders(Section):
    """Reminders of an overdue acknowledgment or update, `interval` seconds apart. `enabled: false` ends all reminders.

    Left out it is nothing of its own, and those about the resolution come all the same.
    """

    enabled: Switch = True
    interval: BySeverity = Field(default_factory=dict)
    max_reminders: Count = 0
    channels: ChannelNames = ()


class ResponseTracking(Section):
    """`acknowledgment_timeout` is for severities that `timeouts.acknowledgment` does not list.

    `acknowledgment_expires`: an acknowledged alert without an update for that long goes back on the ladder; left out,
    never. `tell_others`: who was paged hears, quietly, who has it.
    """

    acknowledgment_timeout: PositiveDuration | None = None
    acknowledgment_expires: PositiveDuration | None = None
    tell_others: Switch = False
    resolution_reminders: ResolutionReminders = ResolutionReminders()
    sla_monitoring: SlaMonitoring = SlaMonitoring(enabled=False)
    timeouts: Timeouts = Timeouts()
    reminders: Reminders = Reminders()
