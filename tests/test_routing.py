"""Routing: which way a signal takes, and which alert it belongs to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.routes import AutoResolve
from core.routing import Routed, Routing, policy_for_team
from core.severity import Severity
from core.signals import SignalStatus
from core.sources.making import MAX_KEY
from tests.samples import RULES, T0, at, config, signal

LABELS = {"cluster": "eu-1", "alertname": "DiskFull", "team": "db"}
DISK = signal("k1", "critical", title="disk sda is full", labels=LABELS)
TEAMS = {"db": {"oncall_primary": "user4", "oncall_secondary": "vp"}, "web": {"oncall_primary": "user5"}}


def routing(*routes, **changes):
    return Routing(config(routes=list(routes), teams=TEAMS, **changes))


def way(*routes, given=DISK, severity=Severity.CRITICAL, now=T0, **changes):
    return routing(*routes, **changes).route("grafana", given, severity, now)


def names(*routes, **given):
    return way(*routes, **given).names


def key(*routes, given=DISK, source="grafana"):
    return routing(*routes).key_of(source, given).text


# The way


def test_without_routes_a_signal_goes_the_usual_way_under_its_own_key():
    assert way() == Routed((), None, Severity.CRITICAL, None, AutoResolve())
    assert key() == "k1"


def test_a_route_sets_what_it_says_and_leaves_the_rest():
    assert way({"name": "databases", "match": {"labels": {"team": "db"}}, "policy": "high"}) == Routed(
        ("databases",), "high", Severity.CRITICAL, None, AutoResolve()
    )
    assert way({"severity": "low", "team": "web", "auto_resolve": "2h"}) == Routed(
        ("route 1",), None, Severity.LOW, "web", AutoResolve(by_source=True, after=7200)
    )


def test_the_first_route_that_matches_is_taken():
    routes = (
        {"name": "web", "match": {"labels": {"team": "web"}}, "policy": "low"},
        {"name": "disks", "match": {"title": "/^disk /"}, "policy": "high"},
        {"name": "databases", "match": {"labels": {"team": "db"}}, "policy": "critical", "severity": "high"},
    )
    assert way(*routes) == Routed(("disks",), "high", Severity.CRITICAL, None, AutoResolve())


def test_a_route_that_goes_on_lets_later_ones_lay_theirs_over_it():
    routes = (
        {"name": "a", "policy": "low", "severity": "low", "auto_resolve": "no", "continue": "yes"},
        {"name": "b", "match": {"title": "/raid/"}, "policy": "critical", "continue": True},
        {"name": "c", "match": {"title": "/disk/"}, "severity": "high", "team": "db", "continue": True},
        {"name": "d", "policy": "high", "match": {"labels": {"team": "db"}}},
        {"name": "e", "match": {}, "policy": "medium"},
    )
    assert way(*routes) == Routed(("a", "c", "d"), "high", Severity.HIGH, "db", AutoResolve(by_source=False))


def test_a_match_looks_at_the_severity_of_the_signal_and_not_at_an_earlier_routes():
    routes = (
        {"name": "raise", "match": {"title": "/disk/"}, "severity": "critical", "continue": True},
        {"name": "worst", "match": {"severity": "critical"}, "policy": "high"},
        {"name": "rest", "match": {"severity": "low"}, "policy": "low"},
    )
    assert names(*routes, severity=Severity.LOW) == ("raise", "rest")


def test_nothing_is_routed_that_no_route_matches():
    assert names({"match": {"source": "alertmanager"}}, {"match": {"severity": "!critical"}}) == ()


@pytest.mark.parametrize(
    ("seconds", "taken"),
    [
        (0, ("days",)),  # Monday, 11:00 in Berlin
        (10 * 3600 + 3599, ("days",)),  # 21:59:59
        (11 * 3600, ("nights",)),  # 22:00
        (19 * 3600 - 1, ("nights",)),  # 05:59:59
        (19 * 3600, ("days",)),
        (5 * 86400, ("weekend",)),
    ],
)
def test_a_route_may_hold_for_a_time_of_the_week_only(seconds, taken):
    routes = (
        {"name": "weekend", "match": {"time": {"weekdays": ["saturday", "sunday"]}}},
        {"name": "nights", "match": {"time": [{"from": "22:00", "to": "00:00"}, {"from": "00:00", "to": "06:00"}]}},
        {"name": "days"},
    )
    assert names(*routes, now=at(seconds), timezone="Europe/Berlin") == taken


def test_a_time_and_the_other_conditions_must_both_hold():
    night = {"from": "22:00", "to": "06:00", "timezone": "UTC"}
    route = {"match": {"title": "/raid/", "time": night}}
    assert names(route, now=at(13 * 3600)) == ()
    assert names({"match": {"title": "/disk/", "time": night}}, now=at(13 * 3600)) == ("route 1",)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", AutoResolve(by_source=True)),
        (True, AutoResolve(by_source=True)),
        ("false", AutoResolve(by_source=False)),
        (False, AutoResolve(by_source=False)),
        ("off", AutoResolve(by_source=False)),
        ("2h", AutoResolve(by_source=True, after=7200)),
        ("90", AutoResolve(by_source=True, after=90)),
        (1, AutoResolve(by_source=True, after=1)),
    ],
)
def test_auto_resolve_is_a_switch_or_a_time(written, meant):
    assert way({"auto_resolve": written}).auto_resolve == meant


# Which alert


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("{source}/{labels.cluster}/{labels.alertname}", "grafana/eu-1/DiskFull"),
        ("{title}", "disk sda is full"),
        ("{dedup_key}-{labels.cluster}", "k1-eu-1"),
        ("{labels.cluster}/{labels.rack}", "eu-1/"),
        ("{labels.rack}/{labels.cluster}", "/eu-1"),
        ("{labels.rack}/{labels.row}", "k1"),
        ("{labels.rack}", "k1"),
        ("{{{labels.team}}}", "{db}"),
        ("{labels.team}{labels.team}", "dbdb"),
        ("one for all", "one for all"),
        ("{source}", "grafana"),
    ],
)
def test_a_template_makes_the_key_and_an_absent_label_is_the_empty_text(template, made):
    assert key({"dedup_key": template}) == made


def test_signals_with_the_same_labels_are_one_alert():
    route = {"name": "clusters", "match": {"source": "grafana"}, "group_by": ["cluster", "alertname"]}
    other = replace(DISK, dedup_key="k2", title="disk sdb is full", labels=LABELS | {"host": "db-9"})
    assert key(route) == key(route, given=other) == 'clusters: cluster="eu-1", alertname="DiskFull"'


@pytest.mark.parametrize(
    ("labels", "made"),
    [
        ({"cluster": "eu-1"}, 'clusters: cluster="eu-1", alertname=""'),
        ({"alertname": "a"}, 'clusters: cluster="", alertname="a"'),
        ({"cluster": 'x", alertname="y'}, 'clusters: cluster="x\\", alertname=\\"y", alertname=""'),
        ({"cluster": "Zürich"}, 'clusters: cluster="Zürich", alertname=""'),
        ({"cluster": ""}, "k1"),
        ({"host": "db-1"}, "k1"),
        ({}, "k1"),
    ],
)
def test_absent_labels_group_as_empty_and_a_signal_without_any_keeps_its_key(labels, made):
    route = {"name": "clusters", "group_by": ["cluster", "alertname"]}
    assert key(route, given=replace(DISK, labels=labels)) == made


def test_groups_of_two_routes_are_two_alerts():
    routes = (
        {"name": "databases", "match": {"labels": {"team": "db"}}, "group_by": ["cluster"]},
        {"name": "web", "match": {"labels": {"team": "web"}}, "group_by": ["cluster"]},
    )
    assert key(*routes) == 'databases: cluster="eu-1"'
    assert key(*routes, given=replace(DISK, labels=LABELS | {"team": "web"})) == 'web: cluster="eu-1"'


def test_a_key_too_long_to_be_kept_is_a_hash_of_it():
    long = replace(DISK, labels={"cluster": "x" * 300})
    made = key({"group_by": ["cluster"]}, given=long)
    assert len(made) <= MAX_KEY
    assert made == key({"group_by": ["cluster"]}, given=long)
    assert made != key({"group_by": ["cluster"]}, given=replace(DISK, labels={"cluster": "x" * 301}))


def test_the_first_route_that_matches_stops_the_search_for_a_key():
    stop = {"match": {"labels": {"team": "db"}}, "policy": "high"}
    by_cluster = {"name": "all", "group_by": ["cluster"]}
    assert key(stop, by_cluster) == "k1"
    assert key(stop | {"continue": True}, by_cluster) == 'all: cluster="eu-1"'


def test_a_later_key_is_laid_over_an_earlier_one():
    first = {"dedup_key": "{title}", "continue": True}
    assert key(first, {"match": {"title": "/disk/"}, "dedup_key": "{labels.team}"}) == "db"
    assert key(first, {"match": {"title": "/raid/"}, "dedup_key": "{labels.team}"}) == "disk sda is full"
    assert key(first, {"policy": "low"}) == "disk sda is full"


def test_a_route_by_severity_or_time_stops_no_key_because_the_resolved_signal_may_differ_there():
    routes = (
        {"name": "quiet", "match": {"severity": "low"}, "policy": "low"},
        {"name": "nights", "match": {"time": {"from": "22:00", "to": "06:00"}}, "policy": "high"},
        {"name": "all", "group_by": ["cluster"]},
    )
    resolved = replace(DISK, status=SignalStatus.RESOLVED, severity=None)
    assert key(*routes) == key(*routes, given=resolved) == 'all: cluster="eu-1"'
    assert names(*routes, severity=Severity.LOW) == ("quiet",)


@given(st.sampled_from(["low", "critical", None]), st.text(max_size=5), st.sampled_from(list(SignalStatus)))
def test_severity_description_and_status_never_change_the_key(severity, description, status):
    routes = (
        {"match": {"severity": "low"}, "policy": "low"},
        {"match": {"title": "/disk/"}, "dedup_key": "{labels.cluster}/{title}"},
    )
    other = replace(DISK, severity=severity, description=description, status=status)
    assert key(*routes, given=other) == "eu-1/disk sda is full"


# Teams


def test_a_teams_people_stand_in_for_the_policys():
    _, policy = RULES.policy_for("generic", Severity.CRITICAL)
    levels = policy_for_team(policy, TEAMS["db"]).levels
    assert [level.responders for level in levels] == [("user4",), ("vp",), ("team_manager",), ("director", "vp")]
    assert [level.delay for level in levels] == [0, 600, 1800, 3600]


def test_whoever_stands_in_for_two_is_named_once():
    _, policy = RULES.policy_for("generic", Severity.CRITICAL)
    levels = policy_for_team(policy, {"director": "vp"}).levels
    assert levels[3].responders == ("vp",)
    assert policy_for_team(policy, {}) == policy
