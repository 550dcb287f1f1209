"""The config's schema: what may be written, and every fault in what was. Pure: no file, no environment."""

from core.config.base import WEEKDAYS
from core.config.channels import Channel, placeholders
from core.config.config import Config, knows_severity, outbox_mode, severity_of
from core.config.durations import Duration, parse_duration
from core.config.faults import ConfigError, Fault
from core.config.holidays import Holidays
from core.config.people import Person
from core.config.policy import Escalation, Level, Policy
from core.config.reporting import DailySummary, Reporting, WeeklyReport
from core.config.rotation import Rotation
from core.config.severities import Severities
from core.config.sla import BusinessHours, Sla, SlaClockMonitoring, SlaDefinition, SlaReporting
from core.config.sources import Source
from core.config.tracking import Reminders, ResolutionReminders, ResponseTracking, SlaMonitoring, Timeouts

__all__ = [
    "WEEKDAYS",
    "BusinessHours",
    "Channel",
    "Config",
    "ConfigError",
    "DailySummary",
    "Duration",
    "Escalation",
    "Fault",
    "Holidays",
    "Level",
    "Person",
    "Policy",
    "Reminders",
    "Reporting",
    "ResolutionReminders",
    "ResponseTracking",
    "Rotation",
    "Severities",
    "Sla",
    "SlaClockMonitoring",
    "SlaDefinition",
    "SlaMonitoring",
    "SlaReporting",
    "Source",
    "Timeouts",
    "WeeklyReport",
    "knows_severity",
    "outbox_mode",
    "parse_duration",
    "placeholders",
    "severity_of",
]
