"""Config: everything an operator wrote, read and found sound. The same object serves every process."""

from typing import Annotated

from pydantic import Field, SecretStr

from core.config.base import Name, Section, Switch, Zone
from core.config.bundling import Bundling
from core.config.channels import Channel, ChannelOrOff
from core.config.flapping import Flapping
from core.config.heartbeats import Heartbeats
from core.config.holidays import Holidays
from core.config.mappings import SenderMapping
from core.config.people import Person
from core.config.policy import Escalation
from core.config.replies import Replies
from core.config.reporting import Reporting
from core.config.retention import Retention
from core.config.rotation import Rotation
from core.config.routes import Routes, Teams
from core.config.severities import Severities, normal_word
from core.config.silences import MaintenanceWindows, Silences
from core.config.sla import Sla
from core.config.sources import Sources
from core.config.tracking import ResponseTracking
from core.severity import Severity

ApiToken = Annotated[SecretStr, Field(min_length=1, description="a token that is not empty")]


class Config(Section):
    """The whole config. Names in it refer to each other; `validated` sees to it that they exist."""

    escalation: Escalation
    people: Annotated[dict[Name, Person], Field(min_length=1, description="a mapping of at least one person")]
    channels: Annotated[dict[Name, ChannelOrOff], Field(description="a mapping of channels by their names")]
    rotations: Annotated[dict[Name, Rotation], Field(description="a mapping of rotations by their names")] = Field(
        default_factory=dict
    )
    holidays: Holidays = Holidays()
    sources: Annotated[Sources, Field(description="a mapping of sources by their names")] = Field(default_factory=dict)
    mappings: Annotated[dict[Name, SenderMapping], Field(description="a mapping of senders to how they are read")] = (
        Field(default_factory=dict)
    )
    severities: Severities = Severities()
    teams: Teams = Field(default_factory=dict)
    routes: Routes = ()
    silences: Silences = ()
    maintenance: MaintenanceWindows = ()
    response_tracking: ResponseTracking = ResponseTracking()
    sla: Sla = Sla()
    reporting: Reporting = Reporting()
    retention: Retention = Retention()
    flapping: Flapping = Flapping()
    bundling: Bundling = Bundling()
    heartbeats: Heartbeats = Field(default_factory=dict)
    replies: Replies = Replies()
    timezone: Zone = "UTC"
    outbox: Switch = False
    api_tokens: Annotated[dict[Name, ApiToken], Field(description="a mapping of names to API tokens")] = Field(
        default_factory=dict
    )


def severity_of(config: Config, source_name: str, word: str | None) -> Severity:
    """Give what a sender's word means: the source's words, all's words, the source's default, all's."""
    source = config.sources.get(source_name)
    own, own_default = (source.severities, source.default_severity) if source else ({}, None)
    normal = normal_word(word or "")
    return own.get(normal) or config.severities.by_word.get(normal) or own_default or config.severities.default


def outbox_mode(config: Config) -> bool:
    """Say whether pages go to the built-in outbox: told so, or no channel has credentials."""
    channels = config.channels.values()
    return config.outbox or not any(isinstance(channel, Channel) and channel.has_credentials for channel in channels)
