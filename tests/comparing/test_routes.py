"""Routes, sources, heartbeats and teams: which alerts take another way, and what that changes for them."""

import pytest

from core.comparing.cases import cases_of
from core.comparing.routes import paired
from core.config import Config
from tests.comparing.telling import compared, sample, told
from tests.samples import POLICIES

DB = {"name": "db", "match": {"labels": {"team": "db"}, "severity": "high"}, "policy": "medium"}
GRAFANA = {"match": {"source": "grafana"}, "policy": "low"}
GENERIC = {"match": {"source": "generic"}, "policy": "high"}
NOTHING = "  no ladder changes\n\nsenders, routes and silences\n"
MEDIUM_NOT_HIGH = (
    "by route db: high\n"
    "  takes the policy medium instead of high\n"
    "  level 2 (secondary): 1 h 30 min later, after 2 h\n"
    "  level 2 (secondary): not by sms any more\n"
    "  level 3 (manager) is gone: team_manager by email, slack and sms, after 1 h\n"
    "  when nobody ever answered: not by sms any more\n"
    "  2 rounds instead of 3\n"
    "  round 2 after 8 h instead of 4 h\n"
    "  the ladder is used up after 12 h instead of 10 h\n"
    "\n"
    "senders, routes and silences\n"
)


def by(*routes, **changes):
    return sample(routes=list(routes), **changes)


def test_a_new_route_is_told_with_what_changes_for_what_it_takes():
    assert told(sample(), by(DB)) == f'{MEDIUM_NOT_HIGH}  route "db" is new: it takes severity=high team=db'


def test_a_route_that_is_gone_is_told_with_what_changes_for_what_it_took():
    lines = told(by(DB), sample()).splitlines()
    assert lines[:3] == [
        "by route db: high",
        "  takes the policy high instead of medium",
        "  level 2 (secondary): 1 h 30 min earlier, after 30 min",
    ]
    assert lines[-1] == '  route "db" is gone'


def test_a_route_for_some_hours_changes_those_hours():
    nights = DB["match"] | {"time": {"weekdays": ["saturday", "sunday"], "from": "22:00", "to": "06:00"}}
    lines = told(sample(), by(DB | {"match": nights, "policy": "low"})).splitlines()
    assert lines[:4] == [
        "by route db: high",
        "  Sat, Sun 22:00 to 06:00",
        "    takes the policy low instead of high",
        "    level 1 (primary): not by slack any more",
    ]
    assert lines[-2:] == [
        '  route "db" is new: it takes severity=high team=db, Saturday, Sunday 22:00 to',
        "    06:00 UTC",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"match": DB["match"] | {"source": "grafana"}},
            "takes source=grafana severity=high team=db instead of severity=high\n    team=db",
        ),
        ({"name": "databases"}, 'was called "db"'),
        ({"continue": True}, "lets later routes lay theirs over it"),
    ],
)
def test_what_a_simulation_of_the_route_alone_does_not_show_is_told_in_words(change, said):
    new = DB | change
    assert told(by(DB), by(new)) == f'{NOTHING}  route "{new["name"]}" {said}'


def test_a_route_that_makes_other_alerts_of_the_same_signals_is_told():
    lasting = DB | {"match": {"labels": {"team": "db"}}}
    assert told(by(lasting), by(lasting | {"group_by": ["team", "host"]})) == (
        f'{NOTHING}  route "db" makes one alert of what has the same team and host instead of its\n    sender\'s key'
    )
    assert told(by(lasting | {"group_by": ["team"]}), by(lasting | {"dedup_key": "{title}"})) == (
        f'{NOTHING}  route "db" makes one alert of what has the same {{title}} instead of the same\n    team'
    )
    assert told(by(lasting | {"continue": True}), by(lasting)) == (
        f'{NOTHING}  route "db" is the last one asked where it matches'
    )


def test_routes_in_another_order_are_told_by_their_new_order():
    old = by(GRAFANA | {"name": "a"}, GENERIC | {"name": "b"})
    new = by(GENERIC | {"name": "b"}, GRAFANA | {"name": "a"})
    assert told(old, new) == f"{NOTHING}  routes are asked in another order: b, a"


def test_a_route_without_a_name_is_known_by_what_it_says():
    new = by({"match": {"title": "/x/"}, "policy": "high", "severity": "high"}, GRAFANA, GENERIC)
    assert told(by(GRAFANA, GENERIC), new).splitlines()[-1] == '  route "route 1" is new: it takes title=/x/'
    changed = told(by(GRAFANA, GENERIC), by(GRAFANA, GENERIC | {"match": {"source": "alertmanager"}}))
    assert changed == f'{NOTHING}  route "route 2" takes source=alertmanager instead of source=generic'


def test_routes_are_paired_by_what_they_say_then_by_their_names():
    def routes(*written):
        return Config.model_validate(by(*written)).routes

    a, b = GRAFANA | {"name": "a"}, GENERIC | {"name": "b"}
    assert paired(routes(a, b), routes(a, b)) == [(0, 0), (1, 1)]
    assert paired(routes(a, b), routes(b, a)) == [(1, 0), (0, 1)]
    assert paired(routes(a, b), routes(a | {"name": "b"}, b | {"name": "a"})) == [(0, 0), (1, 1)]
    assert paired(routes(a, b), routes(b | {"policy": "low"})) == [(1, 0), (0, None)]
    assert paired(routes(), routes(a)) == [(None, 0)]
    assert paired(routes(a, a), routes(a)) == [(0, 0), (1, None)]


def test_an_alert_that_resolves_by_itself_does_not_come_to_its_later_levels():
    old = by(DB | {"policy": "high"})
    assert told(old, by(DB | {"policy": "high", "auto_resolve": "20m"})) == (
        "by route db: high\n"
        "  level 2 (secondary) and level 3 (manager): not reached any more, since the\n"
        "    alert resolves by itself before\n"
        "  is resolved after 20 min of silence of its source instead of when its source\n"
        "    says so"
    )
    assert told(old, by(DB | {"policy": "high", "auto_resolve": False})) == (
        "by route db: high\n  is resolved by people only instead of when its source says so"
    )


def test_a_route_that_makes_an_alert_of_another_severity_is_told():
    lines = told(sample(), by(DB | {"severity": "low"})).splitlines()
    assert lines[:3] == [
        "by route db: high",
        "  takes the policy medium instead of high",
        "  is made low instead of high",
    ]


def test_a_team_changes_the_alerts_of_its_routes():
    team = {"team": "db", "policy": "high"}
    old = by(DB | team, teams={"db": {"oncall_primary": "director"}})
    new = by(DB | team, teams={"db": {"oncall_primary": "vp"}})
    assert told(old, new) == "by route db: high\n  level 1 (primary): vp instead of director"
    unused = by(teams={"db": {"oncall_primary": "vp"}})
    assert told(sample(), unused) == "  no ladder changes\n\nChanged without effect in this time: teams.db"


def test_a_source_of_its_own_policy_or_speed_is_a_case_of_its_own():
    groups = told(sample(), sample(sources__grafana__policy="high")).split("\n\n")
    assert [group.splitlines()[:2] for group in groups] == [
        [f"from grafana: {severity}", f"  takes the policy high instead of {severity}"]
        for severity in ("critical", "medium", "low")
    ]
    assert told(sample(), sample(sources__grafana__speedup=2)).splitlines()[:3] == [
        "from grafana: critical",
        "  level 2 (secondary): 5 min earlier, after 5 min",
        "  level 3 (manager): 15 min earlier, after 15 min",
    ]


def test_the_own_words_of_a_source_do_not_make_another_case_of_its_severities():
    words = {"sources__grafana__severities": {"critical": "low"}, "sources__grafana__policy": "high"}
    assert told(sample(**words), sample(escalation__policies__high__levels__0__delay=60, **words)).splitlines()[0] == (
        "high; from grafana: every severity"
    )


def test_a_source_that_comes_or_goes_is_told_and_not_simulated():
    probe = {"type": "generic", "token": "s3cret", "policy": "low"}
    assert told(sample(), sample(sources__probe=probe)) == f"{NOTHING}  source probe is new: it takes the policy low"
    assert told(sample(sources__probe=probe), sample()) == f"{NOTHING}  source probe is gone: its webhooks are refused"


def test_heartbeats():
    job = {"interval": "1h", "grace": "5m", "token": "s3cret"}
    old = sample(heartbeats__backup=job)
    assert told(sample(), old) == f"{NOTHING}  heartbeat backup is new: high, missed after 1 h 5 min"
    assert told(old, sample()) == f"{NOTHING}  heartbeat backup is gone"
    assert told(old, sample(heartbeats__backup=job | {"grace": "10m", "severity": "low"})) == (
        f"{NOTHING}  heartbeat backup is low instead of high\n"
        "  heartbeat backup is missed after 1 h 10 min instead of missed after 1 h 5 min"
    )
    assert told(old, sample(heartbeats__backup=job | {"policy": "low"})).splitlines()[:2] == [
        "from heartbeat backup: high",
        "  takes the policy low instead of high",
    ]


def test_a_policy_that_only_a_heartbeat_takes_is_compared():
    job = {"interval": "1h", "policy": "jobs", "severity": "low"}
    old = sample(heartbeats__backup=job, escalation__policies__jobs=POLICIES["low"])
    new = sample(heartbeats__backup=job, escalation__policies__jobs=POLICIES["medium"])
    assert told(old, new).splitlines()[:2] == ["from heartbeat backup: low", "  level 1 (primary): by slack too"]


def test_an_alert_that_no_route_and_no_own_policy_takes_is_of_no_source():
    old = Config.model_validate(by(DB, sources__grafana__policy="low"))
    assert [(case.severity.value, case.way) for case in cases_of(old, old)] == [
        *((severity, "") for severity in ("critical", "high", "medium", "low")),
        *((severity, "from grafana") for severity in ("critical", "high", "medium", "low")),
        ("high", "by route db"),
    ]


def test_a_pattern_says_which_severities_a_route_takes():
    def taken(severity):
        config = Config.model_validate(by(DB | {"match": {"severity": severity}}))
        return [case.severity.value for case in cases_of(config, config) if case.route]

    assert taken("/^(critical|low)$/") == ["critical", "low"]
    assert taken("!low") == ["critical", "high", "medium"]
    assert taken(["high", "low"]) == ["high", "low"]


def test_many_routes_are_told_in_a_few_words():
    routes = [{"name": f"r{n}", "match": {"labels": {"n": str(n)}}, "policy": "high"} for n in range(9)]
    new = by(*routes, escalation__policies__high__levels__0__delay=60)
    assert told(by(*routes), new).splitlines()[0] == "high; by route r0, r1, r2, r3 and 5 more: every severity"
    everywhere = by(*routes, escalation__catch_all=["vp"])
    assert told(by(*routes), everywhere) == "every alert\n  when nobody ever answered: vp instead of team_manager"
    assert len(compared(by(*routes), everywhere).differences[0].cases) == 4 * 10
