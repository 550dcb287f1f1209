"""Sentry: issues, issue alerts and metric alerts; what else a hook tells of is no alert."""

import pytest

from core.signals import Reading, UnreadableError
from core.sources import read
from tests.sources.bodies import load, post

ISSUE, EVENT, METRIC = (load(f"sentry-{name}.json") for name in ("issue", "event", "metric"))


def signal_of(hook, **fields):
    (signal,) = read("sentry", post(hook | fields)).signals
    return signal


def test_an_issue_is_read_whole():
    signal = signal_of(ISSUE)
    assert (signal.status, signal.dedup_key, signal.severity) == ("firing", "501", "fatal")
    assert (signal.title, signal.description) == ("KeyError: 'total'", "shop.cart in checkout")
    assert signal.link == "https://sentry.example.com/organizations/shop/issues/501/"
    assert signal.labels == {"project": "shop", "platform": "python"}


@pytest.mark.parametrize("action", ["resolved", "archived", "ignored"])
def test_an_issue_that_people_are_done_with_is_resolved_under_its_key(action):
    signal = signal_of(ISSUE, action=action)
    assert (signal.status, signal.dedup_key) == ("resolved", "501")


def test_an_issue_alert_is_the_alert_of_its_issue_and_names_the_rule():
    signal = signal_of(EVENT)
    assert (signal.status, signal.dedup_key, signal.severity) == ("firing", "501", "error")
    assert signal.description == "Checkout fails\nshop.cart in checkout"
    assert signal.link.endswith("/events/0d1c2b3a/")


@pytest.mark.parametrize(
    ("action", "told"),
    [("critical", ("firing", "critical")), ("warning", ("firing", "warning")), ("resolved", ("resolved", None))],
)
def test_a_metric_alert_says_how_bad_it_is_by_its_action(action, told):
    signal = signal_of(METRIC, action=action)
    assert (signal.status, signal.severity, signal.dedup_key) == (*told, "77")
    assert signal.title == "Critical: Errors of the shop"
    assert signal.description == "310 errors in the last 5 minutes\nFilter: level:error"
    assert signal.labels == {"project": "shop"}


@pytest.mark.parametrize(
    "hook",
    [
        {"action": "created", "data": {"installation": {"uuid": "4f2d", "code": "s3cret"}}},
        {"action": "assigned", "data": ISSUE["data"]},
        {"action": "created", "data": {"comment": "x", "issue_id": 501}},
        {"action": "created", "data": {"error": {"event_id": "1", "title": "x"}}},
        {"action": "created", "data": {"issue": "501"}},
        {"action": "created", "data": None},
        {"data": ISSUE["data"]},
        {},
    ],
)
def test_what_is_no_alert_is_none(hook):
    assert read("sentry", post(hook)) == Reading(())


@pytest.mark.parametrize(("hook", "name"), [(ISSUE, "issue"), (METRIC, "metric_alert")])
def test_an_alert_that_nothing_identifies_is_refused(hook, name):
    with pytest.raises(UnreadableError, match="no id: nothing says what it is about"):
        signal_of(hook, data={name: {"title": "x"}})


@pytest.mark.parametrize("project", [None, [], {}, 3, {"slug": None}, {"slug": ["a"]}])
@pytest.mark.parametrize("projects", [None, [], [None], [{"a": 1}], "shop"])
def test_projects_of_any_shape_do_no_harm(project, projects):
    hook = ISSUE | {"data": {"issue": ISSUE["data"]["issue"] | {"project": project, "projects": projects}}}
    assert signal_of(hook).dedup_key == "501"
