"""One delivery, decided: what to send for a claim, and what its outcome means for the ledger and the timeline."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.channel_text import ContactError, defuse, fit
from core.decision import NotificationKind
from core.ledger import MOST_ATTEMPTS, Entry, Key, State, Verdict, judge
from core.links import Links
from core.messages import RESOLVED, notice_message, page_message, same_event, spoken_message, taker
from core.moot import why_moot
from core.outcomes import Message, Outcome, OutcomeKind, Ways
from core.rules import Rules
from core.score_messages import reminder_message, sla_message, spoken_notice
from core.score_words import is_about_sla
from core.store import Claim, Settlement
from core.timeline import Event, EventKind
from core.times import rfc3339
from core.ways import changing, ways_of

# The kind of channel whose messages are read out by a machine.
SPOKEN = "phone"

_GIVEN_UP = f"given up after {MOST_ATTEMPTS} attempts; in {{}} of them the worker that sent died or stalled"

_STILL_GOOD = frozenset({State.QUEUED, State.SENDING, State.SENT})
_NOT_TOLD = frozenset({State.FAILED, State.WITHDRAWN})


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
class Withdrawn:
    """A message that has nothing to say any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that has ended; `took` is in seconds, from when it was claimed."""

    claim: Claim
    message: Message | None
    outcome: Outcome
    took: float

    @property
    def ended_at(self) -> datetime:
        """The instant it ended, by the store's clock."""
        return self.claim.now + timedelta(seconds=self.took)


def prepare(claim: Claim, rules: Rules, links: Links) -> Prepared | Immediate | Withdrawn:
    """Give what to send for a claim, or the outcome when there is nothing to send over a wire."""
    if reason := _pointless(claim, rules):
        return Withdrawn(reason)
    if claim.entry.attempts > MOST_ATTEMPTS:
        return Immediate(Outcome(OutcomeKind.GIVEN_UP, _GIVEN_UP.format(claim.entry.unknown)))
    message = compose(claim, rules, links)
    return addressed(message, claim.key, rules)


def addressed(message: Message, key: Key, rules: Rules) -> Prepared | Immediate:
    """Give the message with where to send it, or the outcome when there is nothing to send over a wire."""
    if rules.outbox_mode:
        return Immediate(Outcome(OutcomeKind.SENT), message)
    try:
        url = rules.address(key.responder, key.channel)
    except ContactError as error:
        return Immediate(Outcome(OutcomeKind.MISCONFIGURED, str(error)))
    return Prepared(url, fit(message, rules.kind_of(key.channel)))


def has_nothing_to_send(claim: Claim, rules: Rules) -> bool:
    """Say whether what is claimed is not to be sent, whatever the message; `prepare` says why."""
    return _pointless(claim, rules) is not None or claim.entry.attempts > MOST_ATTEMPTS


def changes_a_page(claim: Claim, rules: Rules) -> bool:
    """Say whether it takes the buttons from a page where it stands, instead of being a message of its own."""
    can = _says_that_it_is_answered(claim) and rules.has_buttons(claim.key.channel)
    return can and changing(claim.key, claim.ledger) is not None


def _says_that_it_is_answered(claim: Claim) -> bool:
    return claim.entry.reason == RESOLVED or bool(taker(claim.entry.reason))


def _pointless(claim: Claim, rules: Rules) -> str | None:
    """Say why nobody needs to hear it any more, None when somebody does."""
    alert, reason = claim.alert, claim.entry.reason
    if not _says_that_it_is_answered(claim):
        return why_moot(claim, rules)
    if reason == RESOLVED and alert.is_open:
        return "it is open again"
    if taker(reason) and (not alert.is_open or alert.acknowledged_by != taker(reason)):
        return "it is so no more"
    if claim.key.responder == (taker(reason) or alert.resolved_by) and not changes_a_page(claim, rules):
        return "they know, and there is no page of theirs to change"
    return None if _has_heard(claim) else "no page about it was sent"


def compose(claim: Claim, rules: Rules, links: Links) -> Message:
    """Write the message of a claim."""
    link, zone = links.make(claim.alert.id, claim.key.responder), ZoneInfo(rules.config.timezone)
    is_page = claim.entry.kind is NotificationKind.PAGE
    ways = _ways(claim, rules, links, is_page=is_page)
    if rules.kind_of(claim.key.channel) == SPOKEN:
        message = spoken_message(claim.alert, claim.entry) if is_page else spoken_notice(claim.alert, claim.entry)
    elif is_page:
        others = [key for key, entry in same_event(claim.ledger, claim.key).items() if entry.state not in _NOT_TOLD]
        answer = _how_to_answer(ways, claim.alert.id, link)
        message = page_message(claim.alert, claim.key, claim.entry, others, answer, claim.now, zone)
    else:
        message = _notice(claim, link, zone)
    return Message(defuse(message.title), defuse(message.body), ways=ways)


def _how_to_answer(ways: Ways | None, alert_id: int, link: str) -> str:
    """Say what may be replied, where a reply is read, before the link: a text has an address for what became of it."""
    if ways and ways.status_at:
        return f"reply ack {alert_id}, or {link}"
    return f"reply ack to this mail, or {link}" if ways and ways.reply_to else link


def _ways(claim: Claim, rules: Rules, links: Links, *, is_page: bool) -> Ways | None:
    if is_page:
        return ways_of(claim.key, rules.kind_of(claim.key.channel), rules.config.replies, links)
    return changing(claim.key, claim.ledger) if _says_that_it_is_answered(claim) else None


def _notice(claim: Claim, link: str, zone: ZoneInfo) -> Message:
    alert, entry = claim.alert, claim.entry
    if entry.kind is NotificationKind.REMINDER:
        return reminder_message(alert, entry, link, claim.now, zone)
    if is_about_sla(entry.reason):
        return sla_message(alert, entry, link, claim.now, zone)
    return notice_message(alert, entry, link, claim.now, to=claim.key.responder, zone=zone)


def conclude(attempt: Attempt, rules: Rules) -> Settlement:
    """Decide what an outcome means: sent, again later, or failed and over to the next channel."""
    claim, outcome, now = attempt.claim, attempt.outcome, attempt.ended_at
    verdict = judge(claim.entry, outcome, now)
    entry = claim.entry.model_copy(
        update={
            "state": verdict.state,
            "settled_at": now,
            "outages": claim.entry.outages + (outcome.kind is OutcomeKind.UNAVAILABLE),
            "error": None if verdict.state is State.SENT else outcome.reason,
            "provider_id": outcome.provider_id,
        }
    )
    over = fail_over(claim, rules, now) if verdict.fails_over else ()
    return Settlement(
        key=claim.key,
        token=claim.entry.token,
        entry=entry,
        retry_at=verdict.retry_at,
        events=tuple(events_of(attempt, verdict, over)),
        did_not_go_as="" if verdict.state is State.SENT else claim.sent_as,
        failed_over_to=over,
        message=_outbox_message(attempt) if rules.outbox_mode and attempt.message else None,
        outcome=outcome.kind,
    )


def withdraw(claim: Claim, withdrawn: Withdrawn) -> Settlement:
    """Record that a message was not sent because it had nothing to say any more."""
    update = {"state": State.WITHDRAWN, "settled_at": claim.now, "error": withdrawn.reason}
    entry = claim.entry.model_copy(update=update)
    return Settlement(claim.key, claim.entry.token, entry, did_not_go_as=claim.sent_as)


def _has_heard(claim: Claim) -> bool:
    """Say whether a page may have come to this person, on any channel."""
    keys = ((Key.parse(claim.key.alert, field), entry) for field, entry in claim.ledger.items())
    return any(
        key.responder == claim.key.responder
        and entry.kind is NotificationKind.PAGE
        and (entry.state is State.SENT or entry.attempts)
        for key, entry in keys
    )


def fail_over(claim: Claim, rules: Rules, now: datetime) -> tuple[tuple[Key, Entry], ...]:
    """Give the notification on the person's next channel, which stands in for one that failed for good, if any."""
    key, severity = claim.key, claim.alert.severity
    same = {k.channel: e for k, e in same_event(claim.ledger, key).items() if k.responder == key.responder}
    tried = (key.channel, *same)
    channel = rules.first_reaching(key.responder, severity, claim.alert.policy.channels, tried)
    # Beyond the policy's channels only when nothing else reaches this person: a broken Slack must not make every
    # medium alert ring a phone.
    if channel is None and not any(entry.state in _STILL_GOOD for entry in same.values()):
        channel = rules.next_channel(key.responder, severity, tried)
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


def events_of(attempt: Attempt, verdict: Verdict, over: tuple[tuple[Key, Entry], ...]) -> list[Event]:
    """Give what the timeline says of an attempt that has ended."""
    key, entry, now = attempt.claim.key, attempt.claim.entry, attempt.ended_at
    who: dict[str, Any] = {"responder": key.responder, "channel": key.channel, "cause": key.event}
    who["attempts"] = entry.attempts if entry.attempts > 1 else None
    who["unknown"] = entry.unknown or None
    who["bundle"] = len(attempt.claim.bundle) or None
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
    key, message, bundle = attempt.claim.key, attempt.message, attempt.claim.bundle
    return {
        "at": rfc3339(attempt.ended_at),
        "alert": None if bundle else key.alert,
        **({"alerts": bundle} if bundle else {}),
        "responder": key.responder,
        "channel": key.channel,
        "title": message.title if message else "",
        "body": message.body if message else "",
    }
