"""Moment: an event of a timeline, and how the alert stood on the ladder just before it."""

from dataclasses import dataclass
from datetime import datetime

from core.alert import Alert
from core.ladder import Step, next_step
from core.timeline import EventKind
from core.why.case import Event
from core.why.policies import Kept


@dataclass(frozen=True, slots=True)
class Silenced:
    """A time in which the alert was silenced, and by what; `end` None: it still is."""

    start: datetime
    reason: str
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """An event, and how the alert stood just before it.

    `kept` is the policy by which it goes from the event on, None when that is not known: then what `before` says about
    times means nothing. `put_by` is what put it where it stood, when that was no step of the ladder; `owner` who had it
    last; `left_because` why its level was left; `silenced` the last silence that was over.
    """

    event: Event
    at: datetime
    before: Alert
    kept: Kept | None
    put_by: EventKind | None = None
    owner: str | None = None
    left_because: str = ""
    silenced: Silenced | None = None

    @property
    def kind(self) -> str:
        """The kind of its event."""
        return str(self.event["event"])

    @property
    def step(self) -> Step | None:
        """The step of the ladder that was next, None when that is not known."""
        return next_step(self.before) if self.kept else None

    @property
    def is_fired_again(self) -> bool:
        """Say whether the level where the alert stood has its turn once more in this event, out of its time."""
        if "by" in self.event:
            return False
        if not self.before.is_unanswered:  # nobody asked, and somebody had it: the acknowledgment ran out
            return True
        # When the snooze ended in a silence, the level waits for the end of that and is then due as any other.
        is_due = self.before.level_fired_at is None and self.before.left_at is not None
        return self.put_by is EventKind.UNSNOOZED and not is_due
