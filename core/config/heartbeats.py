"""Heartbeats: jobs that say that they live; one that falls silent raises an alert. How: core/heartbeats.py."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from core.config.base import Section
from core.config.durations import Duration, PositiveDuration
from core.config.severities import SeverityName
from core.config.sources import SourceName
from core.severity import Severity

# The source of the alerts that heartbeats raise; their dedup key is the heartbeat's name.
HEARTBEAT = "heartbeat"

# A job that runs every five minutes is never exactly on time, and nobody should be woken for a second.
_PART_OF_GRACE = 10

Title = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$", max_length=200),
    Field(description="a title on one line, at most 200 characters"),
]


class Heartbeat(Section):
    """One job: a beat is due every `interval` seconds, and missed after `grace` more (a tenth unless written).

    An empty `token` means none was given out, so only an API token lets a beat in.
    """

    interval: PositiveDuration
    grace: Duration | None = None
    severity: SeverityName = Severity.HIGH
    policy: Annotated[str, Field(description="a policy")] | None = None
    title: Title | None = None
    token: SecretStr = SecretStr("")

    @property
    def patience(self) -> int:
        """The seconds of silence after which a beat is missed."""
        return self.interval + (self.interval // _PART_OF_GRACE if self.grace is None else self.grace)


Heartbeats = Annotated[dict[SourceName, Heartbeat], Field(description="a mapping of heartbeats by their names")]
