"""What config says about SLA clocks, made ready for decisions. Design section 4.

Where a key stands twice, the watch over a clock asks its own section first and then the other: `sla.monitoring` for
what `sla.definitions` owe, `response_tracking.sla_monitoring` for a policy's `sla_timeout`. What stands in neither is
the default of this file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.business_hours import Hours
from core.config import Config
from core.config.policy import Policy
from core.config.sla import SlaClockMonitoring, SlaDefinition
from core.config.tracking import SlaMonitoring
from core.holidays import HolidayCalendar
from core.severity import Severity
from core.sla_clock import ClockKind

_WARNING_THRESHOLD = 0.8


@dataclass(frozen=True, slots=True)
class Watch:
    """When a clock is at risk, as a fraction of its time gone, and the channels on which that is told."""

    threshold: float
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed within how much time of its kind."""

    kind: ClockKind
    within: timedelta
    at_risk_after: timedelta
    in_business_hours: bool


@dataclass(frozen=True, slots=True)
class SlaRules:
    """The definitions, the hours, who watches what (`policies` None: nobody), and what clocks stand still for."""

    definitions: Mapping[Severity, SlaDefinition]
    hours: Hours | None
    watch: Watch
    policies: Watch | None
    pause_on: frozenset[str]

    @classmethod
    def of(cls, config: Config, calendar: HolidayCalendar) -> "SlaRules":
        """Give the rules of a validated config. Keep them: the hours remember what they worked out."""
        sla, tracking = config.sla, config.response_tracking
        written = (sla.monitoring, tracking.sla_monitoring)
        hours = sla.business_hours
        return cls(
            sla.definitions,
            Hours.of(hours, config.timezone, calendar) if hours else None,
            _watch(*written),
            _watch(*reversed(written)) if tracking.sla_monitoring.enabled else None,
            sla.pause_on,
        )

    def owed(self, severity: Severity, policy: Policy) -> Iterator[Owed]:
        """Give what is owed for an alert. A severity without a definition owes no acknowledgment and no resolution."""
        definition = self.definitions.get(severity)
        if definition:
            in_hours = definition.business_hours
            yield _owed(ClockKind.ACKNOWLEDGMENT, definition.acknowledgment_time, self.watch, in_hours=in_hours)
            yield _owed(ClockKind.RESOLUTION, definition.resolution_time, self.watch, in_hours=in_hours)
        if self.policies:
            yield _owed(ClockKind.POLICY, policy.sla_timeout, self.policies, in_hours=False)

    def hours_for(self, *, in_business_hours: bool) -> Hours | None:
        """Give the hours in which a clock runs, None for around the clock."""
        return self.hours if in_business_hours else None

    def channels_for(self, kind: ClockKind) -> tuple[str, ...]:
        """Give the channels on which the marks of such a clock are told."""
        watch = self.policies if kind is ClockKind.POLICY else self.watch
        return watch.channels if watch else ()

    def pauses(self, *, snoozed: bool, suppressed: bool) -> bool:
        """Say whether the clocks of such an alert stand still."""
        return (snoozed and "snoozed" in self.pause_on) or (suppressed and "suppressed" in self.pause_on)


def _owed(kind: ClockKind, seconds: int, watch: Watch, *, in_hours: bool) -> Owed:
    return Owed(kind, timedelta(seconds=seconds), timedelta(seconds=watch.threshold * seconds), in_hours)


def _watch(*written: SlaClockMonitoring | SlaMonitoring) -> Watch:
    """Give what the first of these sections says that says anything."""
    thresholds = (each.warning_threshold for each in written if each.warning_threshold is not None)
    channels = (each.notification_channels for each in written if each.notification_channels is not None)
    return Watch(next(thresholds, _WARNING_THRESHOLD), next(channels, ()))
