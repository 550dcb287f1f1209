"""One delivery, decided: what to send for a claim, and what its outcome means for the ledger and the timeline."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.channel_text import ContactError, defuse, fit, render_url
from core.decision import NotificationKind
from core.ledger import MOST_ATTEMPTS, Entry, Key, State, Verdict, judge
from core.links import Links
from core.messages import notice_message, page_message, spoken_message, told
from core.outcomes import Message, Outcome, OutcomeKind
from core.rules import Rules
from core.store import Claim, Settlement
from core.timeline import Event, EventKind
from core.times import rfc3339

# The channel whose messages are read out by a machine.
_SPOKEN = "phone"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message and the address it is to be sent to. The address holds secrets."""

    url: str
    message: Message


@dataclass(frozen=True, slots=True)
class Immediate:
    """An outcome that is known without sending anything."""

    outcome: Outcome
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that has ended; `took` is in seconds."""

    claim: Claim
    message: Message | None
    outcome: Outcome
    took: float

    @property
    def ended_at(self) -> datetime:
        """The instant it ended, by the store's clock."""
        return self.claim.now + timedelta(seconds=self.took)


def prepare(claim: Claim, rules: Rules, links: Links) -> Prepared | Immediate:
    """Give what to send for a claim, or the outcome when there is nothing to send over a wire."""
    if claim.entry.attempts > MOST_ATTEMPTS:
        return Immediate(Outcome(OutcomeKind.REJECTED, f"given up after {MOST_ATTEMPTS} attempts"))
    message = compose(claim, rules, links)
    if rules.outbox_mode:
        return Immediate(Outcome(OutcomeKind.SENT), message)
    channel = rules.config.channels.get(claim.key.channel)
    person = rules.config.people.get(claim.key.responder)
    if not channel or person is None:
        return Immediate(Outcome(OutcomeKind.MISCONFIGURED, "the person or the channel is gone from the config"))
    try:
        url = render_url(channel.url.get_secret_value(), person.contacts)
    except ContactError as error:
        return Immediate(Outcome(OutcomeKind.MISCONFIGURED, str(error)))
    return Prepared(url, fit(message, claim.key.channel))


def compose(claim: Claim, rules: Rules, links: Links) -> Message:
    """Write the message of a claim."""
    link = links.make(claim.alert.id, claim.key.responder)
    if claim.entry.kind is NotificationKind.NOTICE:
        message = notice_message(claim.alert, claim.entry, link, claim.now)
    elif claim.key.channel == _SPOKEN:
        message = spoken_message(claim.alert, claim.entry)
    else:
        others = told(claim.ledger, claim.key)
        zone = ZoneInfo(rules.config.timezone)
        message = page_message(claim.alert, claim.key, claim.entry, others, link, claim.now, zone)
    return Message(defuse(message.title), defuse(message.body))


def conclude(attempt: Attempt, rules: Rules) -> Settlement:
    """Decide what an outcome means: sent, again later, or failed and over to the next channel."""
    claim, outcome, now = attempt.claim, attempt.outcome, attempt.ended_at
    verdict = judge(claim.entry, outcome, now)
    entry = claim.entry.model_copy(
        update={
            "state": verdict.state,
            "settled_at": now,
            "error": None if verdict.state is State.SENT else outcome.reason,
            "provider_id": outcome.provider_id,
        }
    )
    over = _fail_over(claim, rules, now) if verdict.fails_over else ()
    return Settlement(
        key=claim.key,
        token=claim.entry.token,
        entry=entry,
        retry_at=verdict.retry_at,
        events=tuple(event.dump() for event in _events(attempt, verdict, over)),
        failed_over_to=over,
        message=_outbox_message(attempt) if rules.outbox_mode and attempt.message else None,
    )


def _fail_over(claim: Claim, rules: Rules, now: datetime) -> tuple[tuple[Key, Entry], ...]:
    key = claim.key
    tried = [other.channel for other in told(claim.ledger, key) if other.responder == key.responder]
    channel = rules.next_channel(key.responder, [key.channel, *tried])
    if channel is None:
        return ()
    entry = Entry(
        kind=claim.entry.kind,
        reason=claim.entry.reason,
        round=claim.entry.round,
        level=claim.entry.level,
        level_name=claim.entry.level_name,
        queued_at=now,
    )
    return ((Key(key.alert, key.event, key.responder, channel), entry),)


def _events(attempt: Attempt, verdict: Verdict, over: tuple[tuple[Key, Entry], ...]) -> list[Event]:
    key, entry, now = attempt.claim.key, attempt.claim.entry, attempt.ended_at
    who: dict[str, Any] = {"responder": key.responder, "channel": key.channel, "cause": key.event}
    who["attempts"] = entry.attempts if entry.attempts > 1 else None
    who["unknown"] = entry.unknown or None
    if verdict.state is State.SENT:
        return [Event(EventKind.DELIVERED, now, details={**who, "provider_id": attempt.outcome.provider_id})]
    retry = rfc3339(verdict.retry_at) if verdict.retry_at else None
    failed = Event(
        EventKind.NOTIFICATION_FAILED,
        now,
        details={**who, "reason": attempt.outcome.reason, "retry_at": retry},
    )
    moves = [
        Event(
            EventKind.FAILED_OVER,
            now,
            details={
                "responder": key.responder,
                "channel": other.channel,
                "after": key.channel,
                "cause": key.event,
            },
        )
        for other, _ in over
    ]
    return [failed, *moves]


def _outbox_message(attempt: Attempt) -> dict[str, Any]:
    key, message = attempt.claim.key, attempt.message
    return {
        "at": rfc3339(attempt.ended_at),
        "alert": key.alert,
        "responder": key.responder,
        "channel": key.channel,
        "title": message.title if message else "",
        "body": message.body if message else "",
    }
