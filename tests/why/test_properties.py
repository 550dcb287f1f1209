"""Whatever happens to an alert, its story can be told with every page in it, and says why anybody was paged or not."""

import json
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.alert import Alert
from core.commands import Wake
from core.config.policy import Policy
from core.decision import Decision
from core.due import ladder_at
from core.ledger import Key, State, new_entry
from core.severity import Severity
from core.why.case import Case
from core.why.replay import replayed
from core.why.view import why_view
from tests.samples import PEOPLE, RULES
from tests.test_lifecycle_properties import (
    SCORING,
    WITHOUT_CATCH_ALL,
    Watched,
    ladders_,
    severities,
    steps,
)

STATES = st.sampled_from([State.QUEUED, State.SENDING, State.SENT, State.FAILED, State.UNKNOWN, State.WITHDRAWN])
people = st.sampled_from(sorted(PEOPLE))
LADDER = ("round", "level", "level_fired_at", "left_at", "round_started_at", "retry_at", "exhausted", "suppressed")


class Kept(Watched):
    """An alert that is watched, with all that the store would keep of it."""

    def check(self, command, decision, before=None):
        super().check(command, decision, before)
        if before is not None and not before.is_open and decision.alert.is_open:
            self.over.append(before)
        self.keep(decision)

    def passes(self, alert, how):
        super().passes(alert, (how[0], round(how[1], 3)))  # a timeline keeps milliseconds

    def keep(self, decision: Decision) -> None:
        self.timeline += [json.loads(event.dump()) for event in decision.events]
        for each in decision.notifications:
            self.ledger[each.key] = new_entry(each, decision.at)


def kept(ladders, rules) -> Kept:
    world = Kept(dict(zip(Severity, ladders, strict=True)), rules)
    world.over, world.timeline, world.ledger = [], [], {}
    return world


def lived(ladders, severity, way, rules) -> tuple[Kept, Alert]:
    world = kept(ladders, rules)
    alert = world.begin(severity)
    for how, command in way:
        world.passes(alert, how)
        alert = world.does(alert, world.meant(alert, command))
    return world, alert


def case_of(world: Kept, alert: Alert, ledger=None) -> Case:
    return Case(alert, world.timeline, world.ledger if ledger is None else ledger, world.rules, world.now, world.over)


@settings(max_examples=120, deadline=None)
@given(ladders_, severities, steps, st.sampled_from([RULES, WITHOUT_CATCH_ALL, *SCORING]))
def test_every_page_and_notice_is_in_the_story(ladders, severity, way, rules):
    world, alert = lived(ladders, severity, way, rules)
    view = why_view(case_of(world, alert))
    said = [
        (step["number"], told["person"], message["channel"])
        for step in view["steps"]
        for told in step["told"]
        for message in told["messages"]
    ]
    notified = [
        (event["cause"], event["responder"], event["channel"])
        for event in world.timeline
        if event["event"] == "notified"
    ]
    assert sorted(said) == sorted(notified)
    assert all(step["text"].endswith((".", "”", ")")) for step in view["steps"])
    instants = [datetime.fromisoformat(step["at"]) for step in view["steps"]]
    assert instants == sorted(instants)


@settings(max_examples=100, deadline=None)
@given(st.tuples(ladders_, severities, steps, st.sampled_from([RULES, *SCORING])), people, st.data())
def test_whoever_is_asked_about_gets_a_verdict_that_the_ledger_bears_out(life, person, data):
    ladders, severity, way, rules = life
    world, alert = lived(ladders, severity, way, rules)
    ledger = {
        field: entry.model_copy(update={"state": data.draw(STATES), "attempts": 1})
        for field, entry in world.ledger.items()
    }
    found = why_view(case_of(world, alert, ledger), person)["person"]
    keys = {Key.parse(1, field): entry for field, entry in ledger.items()}
    pages = [entry for key, entry in keys.items() if key.responder == person and entry.kind == "page"]
    assert found["was_paged"] == any(entry.state is State.SENT for entry in pages)
    assert found["reasons"]
    words = "was paged" if found["was_paged"] else "be paged" if pages else "was not paged"
    assert words in found["verdict"] or (pages and "is being paged" in found["verdict"])


@settings(max_examples=120, deadline=None)
@given(ladders_, severities, steps, st.sampled_from([RULES, *SCORING]))
def test_with_timers_on_time_the_story_puts_the_alert_where_it_really_stood(ladders, severity, way, rules):
    world = kept(ladders, rules)
    alert = world.begin(severity)
    for how, command in way:
        until = world.now + timedelta(seconds=abs(round(how[1], 3)))
        while alert.wake_at is not None and alert.wake_at <= until:
            world.now = max(world.now, alert.wake_at)
            alert = stands_as_told(world, alert, Wake())
        world.now = until
        alert = stands_as_told(world, alert, world.meant(alert, command))


@settings(max_examples=120, deadline=None)
@given(ladders_, severities, steps, st.sampled_from([RULES, *SCORING]))
def test_with_timers_as_they_come_it_does_too_where_the_first_level_has_no_delay(ladders, severity, way, rules):
    """That a round has begun is no event: with a delay nobody can tell when a timer that was late began it."""
    world = kept(tuple(map(_at_once, ladders)), rules)
    alert = world.begin(severity)
    for how, command in way:
        world.passes(alert, how)
        alert = stands_as_told(world, alert, world.meant(alert, command))


def stands_as_told(world: Kept, before: Alert, command) -> Alert:
    """Do it; what the story says of the ladder just before must be what was so."""
    events = len(world.timeline)
    alert = world.does(before, command)
    if len(world.timeline) > events and before.is_open:
        moments = replayed(case_of(world, alert))
        moment = moments[events]
        if any(_hides_something(each) for each in moments[:events]):
            return alert
        # A level whose delay has passed is told together with the round that it began, and what comes at the very
        # instant at which one begins is told of the new one.
        is_turn = moment.kind in {"triggered", "escalated", "skipped"}
        is_beginning = before.policy.levels[0].delay and ladder_at(before) == world.now
        is_first = is_beginning or (before.level_fired_at is None and (is_turn or before.suppressed))
        if moment.kept and moment.kept.is_copied and moment.kept.policy == before.policy and not is_first:
            assert _ladder(moment.before) == _ladder(before)
    return alert


def _hides_something(moment) -> bool:
    """Say whether an event leaves out what the ladder goes by from then on."""
    # The policy between is not kept, and what somebody had stood at a height that it allowed.
    is_worse = moment.kind == "severity_changed" and not moment.before.is_unanswered
    # Somebody who escalates in a silence may begin a round whose first level has a delay, and no event says so.
    is_begun = moment.before.suppressed and "by" in moment.event and moment.before.policy.levels[0].delay > 0
    return is_worse or is_begun


def _ladder(alert: Alert) -> dict:
    return {name: getattr(alert, name) for name in LADDER}


def _at_once(policy: Policy) -> Policy:
    first, *others = policy.levels
    return policy.model_copy(update={"levels": (first.model_copy(update={"delay": 0}), *others)})
