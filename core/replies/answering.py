"""From what somebody said to what was done, and the sentence they are told: the same for every way in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.alert import Alert
from core.answering import Answered, answer_all
from core.bundle_messages import ranges
from core.commands import Acknowledge, Command, Escalate, Resolve, Snooze, Update
from core.engine import Engine
from core.messages import say_level
from core.oncall import shown
from core.replies.grammar import Spoken, Verb
from core.store import Filter, Ledger
from core.times import say_when

_PAGE = 200
_MOST_LOOKED_AT = 2000  # open alerts, the newest; who was paged about older ones names them
_MOST_NAMED = 5
_LONGEST_TITLE = 60

HELP = (
    "Reply ack 42, resolve 42, note 42 on my way, snooze 42 2h, escalate 42, ack all or status. "
    "With one alert the number may be left out."
)
NOT_UNDERSTOOD = f"That was not understood, and nothing was done. {HELP}"
NOTHING_OPEN = "Nothing is open that you were paged about."


@dataclass(frozen=True, slots=True)
class Replied:
    """What somebody is told, and the alerts to which something was done; `is_done`: all that was asked."""

    text: str
    alerts: tuple[int, ...] = ()
    is_done: bool = False


class Replies:
    """Acts on what people say. Every call raises StoreUnavailableError when nothing could be done."""

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        """Take the engine, and the ledger, which knows what was sent."""
        self._engine = engine
        self._ledger = ledger

    def answer(self, people: Sequence[str], spoken: Spoken, via: str) -> Replied:
        """Do what was said, in the name of the one of these people whom it is about, and say what came of it."""
        if spoken.verb is Verb.CARRIER:
            return Replied("")
        if spoken.verb in _SAID_ONLY:
            return Replied(_SAID_ONLY[spoken.verb])
        if spoken.alert is not None:
            return self._about([spoken.alert], people, spoken, via)
        return self._about_theirs(people, spoken, via)

    def act(self, alert_ids: int | Sequence[int], person: str, spoken: Spoken, via: str) -> Replied:
        """Do it about these alerts, whatever number was said: the message that was answered is about them."""
        ids = [alert_ids] if isinstance(alert_ids, int) else alert_ids
        return self._about(ids, [person], spoken, via)

    def alert_of(self, provider_id: str) -> int | None:
        """Give the open alert about which a message of this id was sent; None for a message that was about none."""
        return next(iter(self.alerts_of(provider_id)), None)

    def alerts_of(self, provider_id: str) -> list[int]:
        """Give the open alerts about which a message of this id was sent: several for a bundle, perhaps none."""
        ids = [alert.id for alert in self._open()]
        ledgers = self._ledger.entries_of(ids) if ids and provider_id else []
        return [
            alert_id
            for alert_id, ledger in zip(ids, ledgers, strict=False)
            if any(entry.provider_id == provider_id for entry in ledger.values())
        ]

    def paged(self, people: Sequence[str]) -> list[Alert]:
        """Give the open alerts about which any of these people was paged, newest first."""
        return [alert for alert in self._open() if not {person for person, _ in alert.paged}.isdisjoint(people)]

    def _about_theirs(self, people: Sequence[str], spoken: Spoken, via: str) -> Replied:
        found = self.paged(people)
        if spoken.verb is Verb.STATUS or not found:
            return Replied(self._status(found), is_done=True)
        # Who has one already and is paged about another means the other.
        asked = [each for each in found if each.is_unanswered] if spoken.verb is Verb.ACKNOWLEDGE else found
        if spoken.is_all:
            return self._about([each.id for each in asked], people, spoken, via)
        if len(asked or found) != 1:
            return Replied(self._which(asked or found, spoken.verb))
        return self._about([(asked or found)[0].id], people, spoken, via)

    def _about(self, ids: Sequence[int], people: Sequence[str], spoken: Spoken, via: str) -> Replied:
        if not ids:
            return Replied("Somebody has all of them already.")
        now = self._engine.store.look_up([]).now
        answers = [
            each
            for alert_id in ids
            for each in answer_all(self._engine.act, [alert_id], _command(self.who(alert_id, people), spoken, via, now))
        ]
        done = tuple(each.alert_id for each in answers if each.alert is not None)
        text = self._one(answers[0], people, spoken) if len(answers) == 1 else _many(answers)
        return Replied(text, done, is_done=len(done) == len(answers))

    def who(self, alert_id: int, people: Sequence[str]) -> str:
        """Give who answers: of several who share a number, the one who was paged about it."""
        if len(people) == 1:
            return people[0]
        [stored] = self._engine.store.look_up([], [alert_id]).stored
        paged = (
            {person for person, _ in stored.alert.paged} if stored is not None and hasattr(stored, "alert") else set()
        )
        return next((person for person in people if person in paged), people[0])

    def _one(self, answered: Answered, people: Sequence[str], spoken: Spoken) -> str:
        alert = answered.alert
        if alert is None:
            return _sentence(answered.reason)
        return f"{alert.id} {self._became(alert, people, spoken)}"

    def _became(self, alert: Alert, people: Sequence[str], spoken: Spoken) -> str:
        match spoken.verb:
            case Verb.ACKNOWLEDGE:
                return f"is yours: {_title(alert)}. Nobody else is paged."
            case Verb.RESOLVE:
                return f"is resolved: {_title(alert)}."
            case Verb.ESCALATE:
                return f"is escalated: {self._escalated(alert)}."
            case Verb.SNOOZE:
                return f"is snoozed until {self._when(alert.snoozed_until)}: {_title(alert)}."
        whose = "and is yours" if alert.acknowledged_by in people else f"and {self._owned(alert)}"
        return f"has your note, {whose}: {_title(alert)}."

    @staticmethod
    def _escalated(alert: Alert) -> str:
        return "the ladder is used up" if alert.exhausted else f"level {say_level(alert.level, alert)} is paged"

    def _when(self, instant: datetime | None) -> str:
        if instant is None:
            return "later"
        zone = ZoneInfo(self._engine.rules.config.timezone)
        return say_when(instant, self._engine.store.look_up([]).now, zone)

    def _status(self, alerts: Sequence[Alert]) -> str:
        return f"{_count(alerts)}: {self._named(alerts)}." if alerts else NOTHING_OPEN

    def _which(self, alerts: Sequence[Alert], verb: Verb) -> str:
        word = {Verb.ACKNOWLEDGE: "ack", Verb.UPDATE: "note"}.get(verb, verb.value)
        more = " or ack all" if verb is Verb.ACKNOWLEDGE else ""
        return f"{_count(alerts)}: {self._named(alerts)}. Nothing was done: reply {word} {alerts[0].id}{more}."

    def _named(self, alerts: Sequence[Alert]) -> str:
        named = "; ".join(
            f"{each.id} {each.severity.value}{self._owner(each)}: {_title(each)}" for each in alerts[:_MOST_NAMED]
        )
        rest = len(alerts) - _MOST_NAMED
        return f"{named}; and {rest} more" if rest > 0 else named

    def _owner(self, alert: Alert) -> str:
        return f", {self._owned(alert)}" if alert.acknowledged_by else ""

    def _owned(self, alert: Alert) -> str:
        return f"{shown(self._engine.rules.config, alert.acknowledged_by or 'somebody')} has it"

    def _open(self) -> Iterator[Alert]:
        after: int | None = None
        for _ in range(_MOST_LOOKED_AT // _PAGE):
            page = self._engine.store.find(Filter(limit=_PAGE, after=after))
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].id


_SAID_ONLY = {Verb.HELP: HELP, Verb.UNKNOWN: NOT_UNDERSTOOD}

_COMMANDS: dict[Verb, Callable[[str, str, Spoken, datetime], Command]] = {
    Verb.ACKNOWLEDGE: lambda by, via, spoken, _now: Acknowledge(by, via, note=spoken.note),
    Verb.RESOLVE: lambda by, via, spoken, _now: Resolve(by, via, note=spoken.note),
    Verb.ESCALATE: lambda by, via, spoken, _now: Escalate(by, via, note=spoken.note),
    Verb.UPDATE: lambda by, via, spoken, _now: Update(by, via, note=spoken.note),
    Verb.SNOOZE: lambda by, via, spoken, now: Snooze(by, via, now + spoken.lasts, note=spoken.note),
}


def _command(by: str, spoken: Spoken, via: str, now: datetime) -> Command:
    return _COMMANDS[spoken.verb](by, via, spoken, now)


def _many(answers: Sequence[Answered]) -> str:
    done = [each.alert_id for each in answers if each.alert is not None]
    refused = [_sentence(each.reason) for each in answers if each.alert is None]
    yours = f"{', '.join(ranges(done))} {'is' if len(done) == 1 else 'are'} yours." if done else "Nothing was done."
    return " ".join([yours, *refused[:_MOST_NAMED]])


def _count(alerts: Sequence[Alert]) -> str:
    return "1 is open" if len(alerts) == 1 else f"{len(alerts)} are open"


def _title(alert: Alert) -> str:
    return alert.title if len(alert.title) <= _LONGEST_TITLE else f"{alert.title[:_LONGEST_TITLE].rstrip()} …"


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
