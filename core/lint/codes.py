"""The code of every finding, and how bad it is. docs/checks.md has a line for each.

An error: Rung refuses the config, or an alert would not reach somebody who is to be paged. A warning: it works, but not
as one would think who reads the config. Advice: good to know.
"""

from enum import StrEnum
from typing import Self


class FindingSeverity(StrEnum):
    """How bad a finding is, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Code(StrEnum):
    """What was found. The value is what people see and search for."""

    severity: FindingSeverity

    def __new__(cls, value: str, severity: FindingSeverity = FindingSeverity.ERROR) -> Self:
        """Take the code as people see it, and how bad it is: an error unless told."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.severity = severity
        return code

    # The config cannot be read at all: `rung check` exits 2.
    CONFIG_UNREADABLE = "config-unreadable"
    SECRET_UNREADABLE = "secret-unreadable"  # noqa: S105 - the name of a fault

    # Rung refuses it.
    VARIABLE_UNSET = "variable-unset"
    REFERENCE_MALFORMED = "reference-malformed"
    YAML_REFUSED = "yaml-refused"
    KEY_TWICE = "key-twice"
    KEY_UNKNOWN = "key-unknown"
    KEY_MISSING = "key-missing"
    KEY_MALFORMED = "key-malformed"
    VALUE_REFUSED = "value-refused"
    NAME_UNKNOWN = "name-unknown"
    NAME_TAKEN = "name-taken"
    LEVEL_EMPTY = "level-empty"
    PLACEHOLDER_UNKNOWN = "placeholder-unknown"
    CHANNEL_WITHOUT_CREDENTIALS = "channel-without-credentials"
    SECTION_MISSING = "section-missing"
    ROUTE_NEVER_REACHED = "route-never-reached"
    SILENCE_NEVER_BEGINS = "silence-never-begins"

    # Who is paged.
    PERSON_UNREACHABLE = "person-unreachable"
    PERSON_NEVER_WOKEN = "person-never-woken", FindingSeverity.ADVICE
    LEVEL_NEVER_FIRES = "level-never-fires"
    POLICY_NEVER_PAGES = "policy-never-pages"
    POLICY_UNUSED = "policy-unused", FindingSeverity.ADVICE
    CATCH_ALL_EMPTY = "catch-all-empty", FindingSeverity.WARNING
    HOURS_UNPAGED = "hours-unpaged"
    HOURS_UNCOVERED = "hours-uncovered", FindingSeverity.WARNING
    LEVEL_UNCOVERED = "level-uncovered", FindingSeverity.WARNING
    LEVEL_OFF_DUTY = "level-off-duty", FindingSeverity.ADVICE
    CATCH_ALL_UNCOVERED = "catch-all-uncovered", FindingSeverity.WARNING
    SAME_PERSON_TWICE = "same-person-twice", FindingSeverity.WARNING
    SAME_PERSON_AMONG_OTHERS = "same-person-among-others", FindingSeverity.ADVICE
    MEMBER_STARVED = "member-starved", FindingSeverity.WARNING
    LAYER_HIDDEN = "layer-hidden", FindingSeverity.WARNING

    # Durations that contradict each other.
    LEVEL_AFTER_SLA = "level-after-sla", FindingSeverity.WARNING
    FIRST_PAGE_AFTER_SLA = "first-page-after-sla", FindingSeverity.WARNING
    REMINDER_AFTER_SLA = "reminder-after-sla", FindingSeverity.WARNING
    UPDATE_AFTER_SLA = "update-after-sla", FindingSeverity.WARNING
    RESOLUTION_BEFORE_ACKNOWLEDGMENT = "resolution-before-acknowledgment", FindingSeverity.WARNING
    THRESHOLD_AT_THE_EDGE = "threshold-at-the-edge", FindingSeverity.ADVICE
    DELAY_WITHOUT_EFFECT = "delay-without-effect", FindingSeverity.WARNING
    REPEAT_INTERVAL_WITHOUT_EFFECT = "repeat-interval-without-effect", FindingSeverity.ADVICE
    REMINDERS_NEVER_COME = "reminders-never-come", FindingSeverity.WARNING
    ACKNOWLEDGMENT_EXPIRES_UNREMINDED = "acknowledgment-expires-unreminded", FindingSeverity.WARNING
    AUTO_RESOLVED_BEFORE_LEVEL = "auto-resolved-before-level", FindingSeverity.ADVICE
    BUNDLE_SLOWER_THAN_LADDER = "bundle-slower-than-ladder", FindingSeverity.WARNING
    FACTS_SHORTER_THAN_REPORT = "facts-shorter-than-report", FindingSeverity.WARNING
    HEARTBEAT_WITHOUT_GRACE = "heartbeat-without-grace", FindingSeverity.ADVICE

    # Silences, channels, clocks.
    SILENCE_HIDES_EVERYTHING = "silence-hides-everything"
    SILENCE_HIDES_SEVERITY = "silence-hides-severity", FindingSeverity.WARNING
    NO_CREDENTIALS = "no-credentials", FindingSeverity.ADVICE
    OUTBOX_ON = "outbox-on", FindingSeverity.ADVICE
    REPORT_UNMAILABLE = "report-unmailable", FindingSeverity.WARNING
    REPLY_HALF_SET = "reply-half-set", FindingSeverity.WARNING
    CLOCK_CHANGE = "clock-change", FindingSeverity.ADVICE

    # Found by `--online` only.
    REDIS_UNREACHABLE = "redis-unreachable"
    REDIS_SETTINGS = "redis-settings", FindingSeverity.WARNING
    PROCESS_MISSING = "process-missing", FindingSeverity.WARNING
    KEY_DIFFERS = "key-differs", FindingSeverity.WARNING
    LINKS_LEAD_NOWHERE = "links-lead-nowhere", FindingSeverity.WARNING
    REPLIES_LEAD_NOWHERE = "replies-lead-nowhere", FindingSeverity.WARNING
    REPLY_NOT_SET_UP = "reply-not-set-up", FindingSeverity.ADVICE
    CHANNEL_REFUSED = "channel-refused"
    CHANNEL_UNREACHABLE = "channel-unreachable"
    CHANNEL_NOT_ASKED = "channel-not-asked", FindingSeverity.ADVICE


ONLINE = frozenset(
    {
        Code.REDIS_UNREACHABLE,
        Code.REDIS_SETTINGS,
        Code.PROCESS_MISSING,
        Code.KEY_DIFFERS,
        Code.LINKS_LEAD_NOWHERE,
        Code.REPLIES_LEAD_NOWHERE,
        Code.REPLY_NOT_SET_UP,
        Code.CHANNEL_REFUSED,
        Code.CHANNEL_UNREACHABLE,
        Code.CHANNEL_NOT_ASKED,
    }
)
