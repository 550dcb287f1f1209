"""Under any order of silences, signals and answers nobody is paged about what is covered, and no alert is lost."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.alert import ANSWERED, Alert
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
    Wake,
)
from core.config.policy import Policy
from core.decision import Decision, NotificationKind, Refused
from core.lifecycle import decide, trigger
from core.rules import Rules
from core.severity import Severity
from core.silences import Silence
from core.silencing import reviewed
from core.standing import Standing
from tests.samples import ALL, T0, at, config, signal

CONFIG = config(
    maintenance=[
        {"match": {"severity": "low"}, "from": "10:20", "to": "11:05"},
        {"match": {"source": "generic"}, "from": "12:00", "to": "12:30", "weekdays": ["monday"]},
    ]
)
HALF_HOUR = 1800

levels = st.builds(
    dict,
    level=st.just("level"),
    delay=st.integers(0, 3000),
    timeout=st.integers(1, 2000),
    notification_channels=st.lists(st.sampled_from(ALL), max_size=2),
    responders=st.lists(st.sampled_from(["user1", "oncall_primary", "vp", "nobody"]), max_size=2),
)
policies = st.builds(
    Policy,
    levels=st.lists(levels, min_size=1, max_size=3),
    repeat_interval=st.integers(0, 5000),
    max_repeats=st.integers(0, 2),
    sla_timeout=st.just(3600),
)
matches = st.sampled_from([{"source": "generic"}, {"severity": "high"}, {"severity": ["high", "critical"]}])
adding = st.tuples(st.just("add"), st.integers(-500, 3000), st.integers(1, 6000), matches)
steps = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 2500), st.just("due"), st.just("due")),
        st.one_of(
            adding,
            st.tuples(st.just("end"), st.integers(0, 5)),
            st.tuples(st.just("prolong"), st.integers(0, 5), st.integers(1, 4000)),
            st.just(("review",)),
            st.tuples(st.just("fire"), st.sampled_from(Severity)),
            st.tuples(st.just("snooze"), st.integers(1, 4000)),
            st.tuples(st.just("failed"), st.integers(0, 1)),
            *[
                st.just(command)
                for command in (
                    *[Wake()] * 4,
                    Acknowledge("user1", "api"),
                    Resolve("user1", "api"),
                    Clear("generic"),
                    Escalate("user1", "api"),
                    Reassign("user1", "api", "vp"),
                )
            ],
        ),
    ),
    min_size=4,
    max_size=30,
)


@dataclass
class Life:
    """One alert, the silences there are, and every check after every step."""

    policy: Policy
    now: datetime = T0
    silences: list[Silence] = field(default_factory=list)

    def rules(self) -> Rules:
        return Rules(CONFIG, Standing(1, silences=tuple(self.silences)))

    def fire(self, severity: Severity) -> Fire:
        return Fire("generic", signal(severity=severity), severity, severity, self.policy)

    def begin(self, severity: Severity) -> Alert:
        decision = trigger(1, self.fire(severity), self.now, self.rules())
        self.check(decision, None)
        return decision.alert

    def step(self, alert: Alert, passed: object, what: object) -> Alert:
        if passed == "due":
            self.now = max(self.now, alert.wake_at or self.now)
        else:
            self.now += timedelta(seconds=passed)
        match what:
            case ("add", starts, lasts, match):
                start = self.now + timedelta(seconds=starts)
                self.put(len(self.silences), start, start + timedelta(seconds=lasts), match)
            case ("end", number) if number < len(self.silences) and self.silences[number].start < self.now:
                old = self.silences[number]
                self.put(number, old.start, min(old.end, self.now), old.match)
            case ("prolong", number, by) if number < len(self.silences):
                old = self.silences[number]
                self.put(number, old.start, old.end + timedelta(seconds=by), old.match)
            case ("review",):
                alert = self.review(alert)
            case ("fire", severity):
                alert = self.does(alert, self.fire(severity))
            case ("snooze", span):
                alert = self.does(alert, Snooze("user1", "api", self.now + timedelta(seconds=span)))
            case ("failed", back):
                alert = self.does(alert, PagesFailed(alert.cause - back))
            case command if not isinstance(command, tuple):
                alert = self.does(alert, command)
        return alert

    def put(self, number: int, start: datetime, end: datetime, match: object) -> None:
        given_ = {"record_version": 1, "id": number, "match": match, "by": "alice", "created_at": T0}
        self.silences[number : number + 1] = [Silence.model_validate(given_ | {"from": start, "to": end})]

    def review(self, alert: Alert) -> Alert:
        if not alert.is_open:
            return alert
        command = reviewed(alert, self.now, self.rules())
        alert = self.does(alert, command) if command else alert
        covering = self.rules().silenced(alert, self.now)
        assert alert.suppressed == (covering is not None)
        assert alert.suppressed_until == (covering.until if covering else None)
        return alert

    def does(self, alert: Alert, command: Command) -> Alert:
        decision = decide(alert, command, self.now, self.rules())
        if isinstance(decision, Refused):
            return alert
        self.check(decision, command)
        return decision.alert

    def check(self, decision: Decision, command: Command | None) -> None:
        after = decision.alert
        if self.rules().silenced(after, self.now):
            asked = [n for n in decision.notifications if n.kind is NotificationKind.PAGE]
            assert not asked or isinstance(command, (Escalate, Reassign))
        if after.is_unanswered and not after.exhausted:
            assert after.wake_at is not None
        if isinstance(command, Wake) and after.is_unanswered and not after.exhausted:
            assert after.wake_at > self.now


@settings(max_examples=400, deadline=None)
@given(policies, st.sampled_from(Severity), steps)
def test_nobody_is_paged_about_what_a_silence_covers_but_by_a_person_and_an_alert_always_has_a_timer(
    policy, severity, way
):
    life = Life(policy)
    alert = life.begin(severity)
    for passed, what in way:
        alert = life.step(alert, passed, what)


@settings(max_examples=200, deadline=None)
@given(policies, st.sampled_from(Severity), steps)
def test_once_all_silences_are_over_and_reviewed_the_ladder_goes_on_to_its_end(policy, severity, way):
    life = Life(policy)
    alert = life.begin(severity)
    for passed, what in way:
        alert = life.step(alert, passed, what)
    life.silences.clear()
    life.now = max(life.now, at(3 * 3600))  # the windows of that Monday are over
    alert = life.review(alert)
    assert not alert.suppressed or not alert.is_open
    wakes = 0
    while alert.wake_at is not None:
        life.now = max(life.now, alert.wake_at)
        alert = life.does(alert, Wake())
        wakes += 1
        assert wakes <= 60
    assert alert.exhausted or alert.status in ANSWERED or not alert.is_open


@settings(max_examples=200, deadline=None)
@given(policies, st.integers(1, 4000), st.integers(1, 4000))
def test_a_silence_never_moves_a_ladder_that_has_nothing_due_in_it(policy, starts, lasts):
    """Looked at or not, a silence between two steps of the ladder leaves them where they were."""
    free, life = Life(policy), Life(policy)
    alert, twin = free.begin(Severity.CRITICAL), life.begin(Severity.CRITICAL)
    due = alert.wake_at
    if due is None or due <= at(starts + lasts):
        return
    life.put(0, at(starts), at(starts + lasts), {"source": "generic"})
    life.now = at(starts)
    twin = life.review(twin)
    life.now = at(starts + lasts)
    twin = life.does(twin, Wake())
    assert (twin.suppressed, twin.wake_at) == (False, due)
