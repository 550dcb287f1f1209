"""Escalation: who is paged in what order. A policy is copied into each alert as JSON."""

from typing import Annotated

from pydantic import Field

from core.config.base import Count, Name, Section
from core.config.durations import Duration, PositiveDuration


class Level(Section):
    """One rung. `delay` is in seconds from the start of the round, `timeout` in seconds for an answer."""

    level: Annotated[str, Field(min_length=1, max_length=64, description="the level's name, such as primary")]
    delay: Duration
    notification_channels: tuple[Name, ...]
    responders: tuple[Name, ...]
    timeout: PositiveDuration


class Policy(Section):
    """A ladder: its levels, then `max_repeats` more rounds, at least `repeat_interval` seconds apart."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1, description="a list of at least one level")]
    repeat_interval: Duration
    max_repeats: Count
    sla_timeout: PositiveDuration

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel that any of its levels names, each once."""
        return tuple(dict.fromkeys(channel for level in self.levels for channel in level.notification_channels))


class Escalation(Section):
    """The policies, whom to page when a ladder is used up, and for how many seconds to re-open."""

    policies: Annotated[
        dict[Name, Policy], Field(min_length=1, description="a mapping of at least one policy by its name")
    ]
    catch_all: Annotated[
        list[Name], Field(description="a list of people or rotations to page when a ladder is used up")
    ]
    default_policy: Annotated[Name, Field(description="the policy for severities that have none of their own")]
    reopen_within: Duration = 300
