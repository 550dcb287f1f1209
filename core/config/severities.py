"""Severities: which words of the senders mean critical, high, medium and low. Sources can add their own."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, Field

from core.config.base import Section
from core.severity import Severity


def normal_word(word: str) -> str:
    """Give a word as it is compared: no case, no space around it."""
    return word.strip().casefold()


Word = Annotated[str, AfterValidator(normal_word), Field(min_length=1, description="a word, or a number in quotes")]
SeverityName = Annotated[Severity, Field(description="critical, high, medium or low")]

# fmt: off
DEFAULT_WORDS: Mapping[Severity, tuple[str, ...]] = {
    Severity.CRITICAL: (
        "critical", "crit", "fatal", "emergency", "emerg", "alert", "panic", "page", "disaster", "blocker",
        "outage", "down", "urgent", "highest", "p0", "p1", "sev0", "sev1", "1",
    ),
    Severity.HIGH: ("high", "error", "err", "major", "severe", "important", "average", "p2", "sev2", "2"),
    Severity.MEDIUM: ("medium", "warning", "warn", "moderate", "minor", "normal", "p3", "sev3", "3"),
    Severity.LOW: (
        "low", "lowest", "info", "informational", "information", "notice", "none", "ok", "debug", "trace",
        "verbose", "trivial", "p4", "p5", "sev4", "sev5", "4", "5",
    ),
}
# fmt: on


class Severities(Section):
    """The words of all sources; written ones replace the built-in ones. The four names are always known."""

    words: Annotated[
        dict[SeverityName, tuple[Word, ...]], Field(description="a mapping of severities to lists of words")
    ] = Field(default_factory=lambda: dict(DEFAULT_WORDS))
    default: SeverityName = Severity.MEDIUM

    @cached_property
    def by_word(self) -> dict[str, Severity]:
        """The severity of each known word."""
        listed = {word: severity for severity, words in self.words.items() for word in words}
        return listed | {severity.value: severity for severity in Severity}
