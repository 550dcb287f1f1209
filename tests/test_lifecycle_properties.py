"""Any order of signals, answers, early, late and doubled timers, under any policy, keeps what must always hold."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.alert import ANSWERED, Alert, Status, load
from core.commands import (
    Acknowledge,
    Clear,
    Command,
    Escalate,
    Fire,
    PagesFailed,
    Reassign,
    Resolve,
    Snooze,
    Suppress,
    Unsuppress,
    Update,
    Wake,
)
from core.config.policy import Policy
from core.decision import Decision, NotificationKind, Refused
from core.due import ladder_at
from core.lifecycle import decide, trigger
from core.rules import Rules
from core.score_words import is_asked_again
from core.severity import Severity
from tests.samples import ALL, PEOPLE, RULES, T0, at, config_dict, decided, rules, signal
from tests.tracked import TRACKED, TRACKING, pausing, with_tracking

PAUSING = rules(**TRACKING | pausing("snoozed", "suppressed"))
EXPIRING = rules(**TRACKING | with_tracking(acknowledgment_expires=3600))
WITHOUT_CATCH_ALL = rules(escalation=config_dict()["escalation"] | {"catch_all": []})
RESPONDERS = ["user1", "user4", "vp", "oncall_primary", "oncall_secondary", "nobody", "gone"]
SCORING = [TRACKED, PAUSING, EXPIRING]
LATER = T0 + timedelta(days=3650)
CODES = {"acknowledged", "resolved", "exhausted", "unknown_responder", "unreachable", "not_in_the_future"}

seconds = st.integers(0, 4000)
levels = st.builds(
    dict,
    level=st.sampled_from(["primary", "secondary", "manager"]),
    delay=seconds,
    timeout=st.integers(1, 4000),
    notification_channels=st.lists(st.sampled_from(ALL), max_size=2),
    responders=st.lists(st.sampled_from(RESPONDERS), max_size=2),
)
policies = st.builds(
    Policy,
    levels=st.lists(levels, min_size=1, max_size=4),
    repeat_interval=st.integers(0, 10_000),
    max_repeats=st.integers(0, 3),
    sla_timeout=st.just(3600),
)
who = st.sampled_from(["user1", "user2", "vp", "operator"])
commands = st.one_of(
    st.builds(Acknowledge, who, st.just("api")),
    st.builds(Update, who, st.just("api")),
    st.builds(Resolve, who, st.just("api")),
    st.builds(Escalate, who, st.just("api")),
    st.builds(Reassign, who, st.just("api"), st.sampled_from([*RESPONDERS, "user2"])),
    st.tuples(st.just(Snooze), who, st.integers(-10, 6000)),
    st.tuples(st.just(Fire), st.sampled_from(Severity)),
    st.tuples(st.just(PagesFailed), st.integers(0, 3)),
    st.just(Clear("generic")),
    st.just(Suppress("night")),
    st.just(Unsuppress("night")),
    *[st.just(Wake())] * 8,
)
# Time passes by so much, or until so long before or after the timer is due.
passing = st.one_of(
    st.tuples(st.just("for"), st.floats(0, 5000)),
    st.tuples(st.just("due"), st.sampled_from([-3.0, -0.001, 0.0, 0.0, 0.0, 0.0, 0.4, 5.0, 5.001, 60.0, 30_000.0])),
)
steps = st.lists(st.tuples(passing, commands), min_size=4, max_size=30)


@dataclass
class Watched:
    """One alert under the eyes of every invariant; `then` is the (round, level) that is to fire or be skipped next."""

    policies: dict[Severity, Policy]
    rules: Rules
    now: datetime = T0
    events: int = 0
    signals: int = 0
    keys: set[str] = field(default_factory=set)
    then: tuple[int, int] = (0, 0)
    stands: tuple[int, int] | None = None
    may_fire_again: bool = False
    reminded: Counter = field(default_factory=Counter)
    marks: set = field(default_factory=set)
    responses: set[str] = field(default_factory=set)

    def begin(self, severity: Severity) -> Alert:
        fire = self.fire(severity)
        decision = trigger(1, fire, self.now, self.rules)
        assert decision == trigger(1, fire, self.now, self.rules)
        self.check(fire, decision)
        return decision.alert

    def fire(self, severity: Severity) -> Fire:
        self.signals += 1
        return Fire("generic", signal(severity=severity), severity, severity, self.policies[severity])

    def passes(self, alert: Alert, how: tuple[str, float]) -> None:
        start = self.now if how[0] == "for" or alert.wake_at is None else alert.wake_at
        self.now = max(self.now, start + timedelta(seconds=how[1]))

    def meant(self, alert: Alert, command: object) -> Command:
        """The command itself, or the one that a strategy could not build without the alert and the clock."""
        match command:
            case (kind, by, span) if kind is Snooze:
                return Snooze(by, "api", self.now + timedelta(seconds=span))
            case (kind, severity) if kind is Fire:
                return self.fire(severity)
            case (kind, back) if kind is PagesFailed:
                return PagesFailed(alert.cause - back)
        return command

    def does(self, alert: Alert, command: Command) -> Alert:
        record = alert.dump()
        decision = decide(alert, command, self.now, self.rules)
        assert alert.dump() == record
        assert decision == decide(load(record), command, self.now, self.rules)
        if isinstance(decision, Refused):
            assert decision.code in CODES
            assert f"alert {alert.id}" in decision.reason or decision.code not in {"acknowledged", "resolved"}
            return alert
        self.check(command, decision, alert)
        return decision.alert

    def check(self, command: Command, decision: Decision, before: Alert | None = None) -> None:
        after = decision.alert
        assert load(after.dump()) == after
        self.check_events(decision, after)
        self.check_notifications(command, decision)
        self.check_order(command, decision, before)
        check_the_end(command, decision)
        check_status(after)
        check_timer(after, self.rules)
        self.check_score(decision, after)
        if before is not None:
            check_change(command, decision, before)
        if decision.result in {"unchanged", "ignored"}:
            assert after is before
        if climbs(command, decision):
            assert (ladder_at(after) or LATER) > self.now
        if isinstance(command, Wake):
            assert decide(after, Wake(), self.now, self.rules).alert is after
        assert after.count == self.signals

    def check_events(self, decision: Decision, after: Alert) -> None:
        numbers = [event.number for event in decision.events]
        assert numbers == list(range(self.events + 1, self.events + 1 + len(numbers)))
        assert all(event.at == self.now == decision.at for event in decision.events)
        self.events += len(numbers)
        assert after.events == self.events
        assert after.cause <= self.events

    def check_notifications(self, command: Command, decision: Decision) -> None:
        after = decision.alert
        keys = [notification.key for notification in decision.notifications]
        assert len(set(keys)) == len(keys)
        assert self.keys.isdisjoint(keys)
        self.keys.update(keys)
        told = [(e.details["cause"], e.details["responder"], e.details["channel"]) for e in notified(decision)]
        assert told == [(n.event, n.responder, n.channel) for n in decision.notifications]
        pages = [n for n in decision.notifications if n.kind is NotificationKind.PAGE]
        assert not pages or after.is_unanswered
        if after.suppressed:
            assert not pages or isinstance(command, (Escalate, Reassign))
        assert {(n.responder, n.channel) for n in pages if not is_asked_again(n.reason)} <= set(after.paged)
        assert {n.responder for n in pages} <= {person for person, _ in after.paged}
        assert {n.responder for n in decision.notifications} <= set(PEOPLE)
        if after.status is Status.RESOLVED:
            people = [n.responder for n in decision.notifications]
            assert len(set(people)) == len(people)
            assert {n.channel for n in decision.notifications}.isdisjoint({"sms", "phone"})

    def check_score(self, decision: Decision, after: Alert) -> None:
        """At most `max_reminders` for one firing, acknowledgment or update; each mark of a clock at most once."""
        since = {"acknowledgment": after.level_fired_at, "update": after.told_at, "resolution": after.acknowledged_at}
        state = after.sla
        for event in decision.events:
            if event.kind == "reminded":
                self.reminded.update((kind.value, since[kind]) for kind in event.details["of"])
            if event.kind in {"sla_at_risk", "sla_breached"}:
                mark = (state.started_at, after.severity, event.kind, event.details["clock"])
                assert mark not in self.marks
                self.marks.add(mark)
        assert max(self.reminded.values(), default=0) <= 3
        answers = {event.details["response_id"] for event in decision.events if "response_id" in event.details}
        assert len(answers) <= 1
        assert self.responses.isdisjoint(answers)
        self.responses |= answers

    def check_order(self, command: Command, decision: Decision, before: Alert | None) -> None:
        """Levels fire in order, each once, but for what puts the alert elsewhere on the ladder."""
        after, kinds = decision.alert, {event.kind.value for event in decision.events}
        if before is not None and before.retry_at is not None and after.retry_at is None and "unsnoozed" not in kinds:
            self.then = (before.round, 0)
        if "reopened" in kinds or ("severity_changed" in kinds and after.is_unanswered):
            self.then, self.stands, self.may_fire_again = (0, 0), None, False
        elif "severity_changed" in kinds:
            self.stand_on_another_ladder(after)
        if "unsnoozed" in kinds or decision.result == "expired":
            self.may_fire_again = True
        for place in steps_of(decision):
            assert place == self.then or (self.may_fire_again and place == self.stands)
            self.stand(place, after)
        if isinstance(command, Reassign):
            self.stand((after.round, after.level), after)

    def stand(self, place: tuple[int, int], alert: Alert) -> None:
        round_, level = place
        is_last = level + 1 >= len(alert.policy.levels)
        self.stands, self.may_fire_again = place, False
        self.then = (round_ + 1, 0) if is_last else (round_, level + 1)

    def stand_on_another_ladder(self, alert: Alert) -> None:
        """The alert got worse while somebody had it: it stands at the same height on the worse ladder."""
        if self.stands is not None:
            may_fire_again = self.may_fire_again
            self.stand((alert.round, alert.level), alert)
            self.may_fire_again = may_fire_again
        if alert.level_fired_at is None:
            self.then = (alert.round, alert.level)


def steps_of(decision: Decision) -> list[tuple[int, int]]:
    return [(e.details["round"], e.details["level"]) for e in decision.events if is_step(e)]


def climbs(command: Command, decision: Decision) -> bool:
    """Say whether the decision did what is due, so that nothing is due any more."""
    if isinstance(command, Wake):
        return True
    climbing = {"triggered", "reopened", "escalated", "reassigned", "left", "unsuppressed"}
    return decision.alert.is_unanswered and decision.result in climbing


def notified(decision: Decision) -> list:
    return [event for event in decision.events if event.kind == "notified"]


def is_step(event) -> bool:
    """A level fired, or was skipped in its turn; not one whose pages failed after it had fired."""
    if event.kind == "skipped":
        return event.details["reason"].endswith(("nobody is on it", "cannot be reached on its channels"))
    return event.kind in {"triggered", "escalated"}


def check_status(alert: Alert) -> None:
    has_owner = alert.acknowledged_by is not None
    assert has_owner == (alert.acknowledged_at is not None)
    if alert.is_open:
        assert has_owner == (alert.status in ANSWERED)
    assert (alert.resolved_at is not None) == (alert.resolved_by is not None) == (not alert.is_open)
    assert alert.snoozed_until is None or alert.status in ANSWERED
    assert len(set(alert.paged)) == len(alert.paged)
    assert 0 <= alert.level < len(alert.policy.levels)
    assert alert.round >= 0
    if alert.exhausted:
        assert alert.round >= alert.policy.max_repeats
        assert alert.level + 1 == len(alert.policy.levels)
        assert alert.status is not Status.PENDING


def check_the_end(command: Command, decision: Decision) -> None:
    """The ladder is used up by the end of it and nothing else; what fires again is on the ladder again."""
    kinds = [event.kind.value for event in decision.events]
    asking = [e.number for e in decision.events if e.kind in {"triggered", "escalated", "reassigned", "exhausted"}]
    assert not asking or decision.alert.cause == asking[-1]
    if "exhausted" in kinds:
        assert decision.alert.exhausted
    elif isinstance(command, Reassign) or {"reopened", "unsnoozed"} & set(kinds) or any(map(is_step, decision.events)):
        assert not decision.alert.exhausted
    if "reopened" in kinds:
        assert not decision.alert.suppressed
        assert set(decision.alert.paged) == {(n.responder, n.channel) for n in decision.notifications}


def check_timer(alert: Alert, rules: Rules) -> None:
    on_the_ladder = alert.is_unanswered and not alert.exhausted and not alert.suppressed
    must_wake = on_the_ladder or alert.snoozed_until is not None
    assert alert.wake_at is not None or not must_wake
    assert alert.wake_at is None or alert.is_open
    if rules not in SCORING:
        assert (alert.wake_at is not None) == must_wake


def check_change(command: Command, decision: Decision, before: Alert) -> None:
    after = decision.alert
    assert after.timer - before.timer == (after.wake_at != before.wake_at)
    if after == before:
        assert after is before
        assert not decision.events
    if isinstance(command, Wake):
        is_due = before.wake_at is not None and before.wake_at <= decision.at
        assert (after is not before) == is_due
    if not before.is_open:
        assert not after.is_open or isinstance(command, Fire)
    if isinstance(command, (Wake, PagesFailed, Suppress, Unsuppress)):
        assert after.is_open == before.is_open
    assert (after.id, after.source, after.dedup_key) == (before.id, before.source, before.dedup_key)
    assert after.created_at == before.created_at


def lived(ladders: tuple[Policy, ...], severity: Severity, way: list, rules: Rules) -> tuple[Watched, Alert]:
    watched = Watched(dict(zip(Severity, ladders, strict=True)), rules)
    alert = watched.begin(severity)
    for how, command in way:
        watched.passes(alert, how)
        alert = watched.does(alert, watched.meant(alert, command))
    return watched, alert


ladders_ = st.tuples(*[policies] * len(Severity))
severities = st.sampled_from(Severity)


@settings(max_examples=300, deadline=None)
@given(ladders_, severities, steps, st.sampled_from([RULES, WITHOUT_CATCH_ALL]))
def test_any_order_of_signals_answers_and_timers_keeps_the_invariants(ladders, severity, way, rules):
    lived(ladders, severity, way, rules)


@settings(max_examples=300, deadline=None)
@given(ladders_, severities, steps, st.sampled_from(SCORING))
def test_with_slas_and_reminders_any_order_keeps_the_invariants(ladders, severity, way, rules):
    lived(ladders, severity, way, rules)


@settings(max_examples=100, deadline=None)
@given(ladders_, severities, steps, st.sampled_from(SCORING))
def test_with_slas_and_reminders_the_ladder_is_the_one_without(ladders, severity, way, rules):
    """What is kept of the score moves no level: the alert stands where it would with nothing to keep."""
    if rules is EXPIRING:
        return
    plain, scored = Watched(dict(zip(Severity, ladders, strict=True)), RULES), None
    scored = Watched(plain.policies, rules)
    first, second = plain.begin(severity), scored.begin(severity)
    for (_, seconds_), command in way:
        plain.now = scored.now = plain.now + timedelta(seconds=abs(seconds_))
        first, second = (
            plain.does(first, plain.meant(first, command)),
            scored.does(second, scored.meant(second, command)),
        )
        assert (first.status, first.round, first.level, first.level_fired_at) == (
            second.status,
            second.round,
            second.level,
            second.level_fired_at,
        )
        assert ladder_at(first) == ladder_at(second)


@settings(max_examples=150, deadline=None)
@given(ladders_, severities, steps, st.sampled_from([0.0, 0.3, 5.0, 5.5, 7200.0]))
def test_whatever_happened_an_open_ladder_left_alone_comes_to_its_end(ladders, severity, way, late):
    """No alert is forgotten: every timer leads on, until somebody has the alert or the catch-all was paged."""
    watched, alert = lived(ladders, severity, way, RULES)
    alert = watched.does(alert, Unsuppress("morning"))
    wakes = 0
    while alert.wake_at is not None:
        watched.passes(alert, ("due", late))
        alert = watched.does(alert, Wake())
        wakes += 1
        assert wakes <= 50
    assert alert.exhausted or alert.status in ANSWERED or not alert.is_open


@settings(max_examples=150, deadline=None)
@given(policies, st.lists(st.floats(0, 5), max_size=40))
def test_small_delays_of_timers_never_move_the_ladder(policy, delays):
    """Each timer is up to 5 s late: every firing counts from where it would have been without."""
    rules_ = dict.fromkeys(Severity, policy)
    on_time, late = Watched(rules_, RULES), Watched(rules_, RULES)
    first, second = on_time.begin(Severity.HIGH), late.begin(Severity.HIGH)
    while first.wake_at is not None:
        on_time.now = first.wake_at
        first = on_time.does(first, Wake())
    for delay in [*delays, *[0.0] * 60]:
        if second.wake_at is None:
            break
        late.now = max(late.now, second.wake_at + timedelta(seconds=delay))
        second = late.does(second, Wake())
    assert (first.round_started_at, first.level_fired_at) == (second.round_started_at, second.level_fired_at)
    assert first.exhausted
    assert second.exhausted


@settings(max_examples=100, deadline=None)
@given(policies)
def test_left_alone_every_level_of_every_round_has_its_turn_exactly_once(policy):
    watched = Watched(dict.fromkeys(Severity, policy), RULES)
    turns: list[tuple[int, int]] = []
    decision = trigger(1, watched.fire(Severity.LOW), T0, RULES)
    turns += steps_of(decision)
    while decision.alert.wake_at is not None:
        decision = decided(decision.alert, Wake(), decision.alert.wake_at)
        turns += steps_of(decision)
    assert turns == [(r, k) for r in range(policy.max_repeats + 1) for k in range(len(policy.levels))]


@settings(max_examples=100, deadline=None)
@given(policies)
def test_left_alone_the_instants_are_those_of_the_rule_of_the_design(policy):
    """The rule of design section 4, written once more and differently, for ladders that reach somebody."""
    reachable = policy.model_copy(
        update={
            "levels": tuple(
                level.model_copy(update={"responders": ("user1",), "notification_channels": ("email",)})
                for level in policy.levels
            )
        }
    )
    expected, start = [], 0
    for _ in range(policy.max_repeats + 1):
        ends = 0
        for level in policy.levels:
            fired = max(start + level.delay, ends)
            expected.append(fired)
            ends = fired + level.timeout
        start = max(start + policy.repeat_interval, ends)
    watched = Watched(dict.fromkeys(Severity, reachable), RULES)
    alert, fired_at = watched.begin(Severity.LOW), []
    while alert.wake_at is not None:
        if alert.level_fired_at is not None:
            fired_at.append(alert.level_fired_at)
        watched.now = alert.wake_at
        alert = watched.does(alert, Wake())
    assert sorted(set(fired_at)) == sorted({at(second) for second in expected})
    assert alert.level_fired_at is not None
    assert watched.now == at(ends)


@settings(max_examples=100, deadline=None)
@given(policies)
def test_when_no_page_can_ever_be_delivered_the_ladder_still_comes_to_its_end_and_the_catch_all_hears(policy):
    watched = Watched(dict.fromkeys(Severity, policy), RULES)
    alert = watched.begin(Severity.LOW)
    for _ in range(400):
        alert = watched.does(alert, PagesFailed(alert.cause))
        if alert.wake_at is None:
            break
        watched.now = alert.wake_at
        alert = watched.does(alert, Wake())
    assert alert.exhausted
    assert "team_manager" in {person for person, _ in alert.paged}
