"""A match: every form of matcher against every kind of text, as an operator writes them."""

import pytest
from pydantic import ValidationError

from core.config.matching import Match, parse_matcher
from core.matching import SignalFacts, compiled
from core.severity import Severity
from tests.samples import triggered

LABELS = {"team": "db", "host": "db-17", "mount": "/data/", "empty": ""}
FACTS = SignalFacts("grafana", Severity.HIGH, "disk /dev/sda1 is full", LABELS)


def holds(match, facts=FACTS):
    return compiled(Match.model_validate(match))(facts)


def label(matchers, value=None):
    labels = {} if value is None else {"x": value}
    return holds({"labels": {"x": matchers}}, SignalFacts("s", Severity.LOW, "t", labels))


@pytest.mark.parametrize(
    ("matchers", "value", "matches"),
    [
        ("db", "db", True),
        ("db", "db-1", False),
        ("db", "DB", False),
        ("db", None, False),
        (["db", "web"], "web", True),
        (["db", "web"], "mail", False),
        ("/b-\\d/", "db-17", True),
        ("/^b-\\d/", "db-17", False),
        ("/^db-\\d+$/", "db-17", True),
        ("/^db-\\d+$/", "db-17a", False),
        ("/DB/", "db", False),
        ("/(?i)DB/", "db", True),
        (["web", "/^db/"], "db-17", True),
        (["/^web/", "/^db/"], "db-17", True),
        (["/^web/", "/^mail/"], "db-17", False),
        ("!db", "db", False),
        ("!db", "web", True),
        ("!db", None, True),
        ("!/^db/", "db-17", False),
        ("!/^db/", "web", True),
        (["!db", "!web"], "db", False),
        (["!db", "!web"], "web", False),
        (["!db", "!web"], "mail", True),
        (["/^db/", "!db-9"], "db-8", True),
        (["/^db/", "!db-9"], "db-9", False),
        (["/^db/", "!db-9"], "web", False),
        (["/^db/", "!/9$/"], "db-19", False),
        ("", None, True),
        ("", "", True),
        ("", "db", False),
        ("!", "db", True),
        ("!", "", False),
        ("!", None, False),
        ("/", "/", True),
        ("/", "a/b", False),
        ("!/", "/", False),
        ("/data/", "all data here", True),
        ("/^\\/data\\/$/", "/data/", True),
        ("/^$/", None, True),
        ("!/./", None, True),
        ("/a.b/", "a\nb", False),
    ],
)
def test_a_label_is_matched_by_value_pattern_negation_and_list(matchers, value, matches):
    assert label(matchers, value) is matches


@pytest.mark.parametrize(
    ("match", "matches"),
    [
        ({}, True),
        ({"source": "grafana"}, True),
        ({"source": ["alertmanager", "grafana"]}, True),
        ({"source": "/^graf/"}, True),
        ({"source": "!grafana"}, False),
        ({"source": ""}, False),
        ({"severity": "high"}, True),
        ({"severity": " HIGH "}, True),
        ({"severity": ["critical", "high"]}, True),
        ({"severity": ["critical", "low"]}, False),
        ({"severity": "!low"}, True),
        ({"severity": ["!low", "!high"]}, False),
        ({"severity": "/^(critical|high)$/"}, True),
        ({"title": "/disk .* full/"}, True),
        ({"title": "disk"}, False),
        ({"title": "disk /dev/sda1 is full"}, True),
        ({"title": "!/raid/"}, True),
        ({"labels": {"team": "db", "host": "/^db-/"}}, True),
        ({"labels": {"team": "db", "host": "/^web-/"}}, False),
        ({"labels": {"team": "web", "host": "/^db-/"}}, False),
        ({"source": "grafana", "severity": "high", "title": "/full$/", "labels": {"rack": ""}}, True),
        ({"source": "grafana", "severity": "high", "title": "/full$/", "labels": {"rack": "1"}}, False),
        ({"source": "grafana", "severity": "low", "title": "/full$/"}, False),
    ],
)
def test_every_condition_of_a_match_must_hold(match, matches):
    assert holds(match) is matches


def test_an_alert_is_matched_as_its_signal_was():
    alert = triggered("critical")
    assert holds({"source": "generic", "severity": "critical", "title": "Disk is full"}, alert)
    assert not holds({"severity": "!critical"}, alert)


def test_a_pattern_sees_the_first_thousand_characters_and_a_value_all():
    assert label("/needle/", "x" * 994 + "needle")
    assert not label("/needle/", "x" * 995 + "needle")
    assert label("x" * 400 + "!", "x" * 400 + "!")


@pytest.mark.parametrize(
    ("match", "is_empty"),
    [
        ({}, True),
        ({"labels": {}}, True),
        ({"source": ""}, False),
        ({"title": ""}, False),
        ({"labels": {"host": ""}}, False),
    ],
)
def test_a_match_is_empty_when_it_matches_everything_and_an_empty_text_is_a_condition(match, is_empty):
    assert Match.model_validate(match).is_empty is is_empty


def test_a_matcher_says_what_it_means():
    read = [parse_matcher(text) for text in ("a", "!a", "/a/", "!/a/", "!!a", "/")]
    assert [(each.text, each.is_pattern, each.is_negated) for each in read] == [
        ("a", False, False),
        ("a", False, True),
        ("a", True, False),
        ("a", True, True),
        ("!a", False, True),
        ("/", False, False),
    ]


def test_brackets_too_deep_for_re_are_a_fault_and_no_crash():
    with pytest.raises(ValueError, match="with fewer brackets"):
        parse_matcher("/" + "(" * 20_000 + ")" * 20_000 + "/")


def test_a_text_longer_than_a_label_is_refused():
    assert Match.model_validate({"title": "x" * 500})
    with pytest.raises(ValidationError):
        Match.model_validate({"title": "x" * 501})


def test_a_match_survives_being_written_as_json():
    match = Match.model_validate({"source": ["a", "/b/"], "labels": {"host": "!c"}})
    assert Match.model_validate_json(match.model_dump_json(exclude_defaults=True)) == match
