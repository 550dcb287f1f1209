"""The four severities of an alert and their order. Senders' own words are mapped to them in config."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; also the name of the policy that pages for it."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    def is_worse_than(self, other: "Severity") -> bool:
        """Say whether this severity stands above the other."""
        return _ORDER.index(self) > _ORDER.index(other)


_ORDER = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
