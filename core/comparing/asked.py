"""Rules that remember what a simulation asked them about time: who is on call, and whether anything silences.

All that a ladder depends on beside its policy are these answers. So two alerts that are answered alike take the same
ladder, and one has to be simulated only.
"""

from dataclasses import dataclass
from datetime import datetime

from core.config import Config
from core.matching import Facts
from core.rules import Rules
from core.silences import Silenced


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked about an instant: who is on call in a rotation, or (None) what silences the alert."""

    rotation: str | None
    at: datetime
    answer: str | None


class AskedRules(Rules):
    """Rules without standing orders; `questions` are those since it was last emptied, in order."""

    def __init__(self, config: Config) -> None:
        """Take a validated config."""
        super().__init__(config)
        self.questions: list[Question] = []

    def on_call(self, rotation: str, now: datetime) -> str | None:
        """Give who is on call, and remember that it was asked."""
        member = super().on_call(rotation, now)
        self.questions.append(Question(rotation, now, member))
        return member

    def silenced(self, facts: Facts, now: datetime) -> Silenced | None:
        """Say what silences an alert, and remember that it was asked."""
        silenced = super().silenced(facts, now)
        self.questions.append(Question(None, now, silenced.reason if silenced else None))
        return silenced
