"""What is given in a scenario: alerts that come in, sources that clear them, and what people do about them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from core.config.base import Section, Switch
from core.config.durations import PositiveDuration
from core.config.matching import LabelName
from core.config.silences import Note
from core.scenarios.times import START, Moment

_ALERT = "the key of an alert of this scenario, or its title when it has no key"

Named = Annotated[str, StringConstraints(min_length=1, max_length=300), Field(description=_ALERT)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300), Field(description="a text, at most 300")]
LabelValue = Annotated[str, StringConstraints(max_length=500), Field(description="a text, at most 500")]


class Raised(Section):
    """An alert that comes in: described as for /ingest/generic, or the body of a webhook as a source sends it."""

    severity: Text | None = None
    title: Text = "Alert"
    description: Text | None = None
    labels: Annotated[dict[LabelName, LabelValue], Field(description="a mapping of labels to texts")] = Field(
        default_factory=dict
    )
    source: Annotated[str, Field(description="a source")] = "generic"
    key: Text | None = None
    payload: Annotated[str, StringConstraints(min_length=1), Field(description="a file beside this one")] | None = None


class Cleared(Section):
    """The source says that it is over. Without `alert`: the only one there is."""

    alert: Named | None = None


class Answered(Section):
    """What somebody says. Without `by`: the first of those whom the latest firing asks."""

    alert: Named | None = None
    by: Annotated[str, Field(description="a person")] | None = None
    note: Note = ""
    refused: Switch = False


class Snoozed(Answered):
    """Somebody takes it for later."""

    lasts: Annotated[PositiveDuration, Field(alias="for")]


class Reassigned(Answered):
    """Somebody gives it to somebody else."""

    to: Annotated[str, Field(description="a person or a rotation")]


class Given(Section):
    """One thing that happens. Of what comes after `at` there is exactly one."""

    at: Moment = START
    alert: Raised | None = None
    clear: Cleared | None = None
    acknowledge: Answered | None = None
    update: Answered | None = None
    resolve: Answered | None = None
    escalate: Answered | None = None
    snooze: Snoozed | None = None
    reassign: Reassigned | None = None

    @property
    def verb(self) -> str:
        """The name of the one that there is."""
        return next(name for name in VERBS if getattr(self, name) is not None)

    @property
    def about(self) -> str | None:
        """The alert that it names, None when it names none."""
        deed = getattr(self, self.verb)
        return None if isinstance(deed, Raised) else deed.alert


VERBS = tuple(name for name in Given.model_fields if name != "at")
ANSWERS = tuple(name for name in VERBS if name not in {"alert", "clear"})
