"""A match as people type it, and as it is shown to them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.config.matching import Match
from core.match_words import like, match_of, words_of
from core.matching import SignalFacts, compiled
from core.severity import Severity


def read(words):
    return Match.model_validate(match_of(words))


def facts(source="grafana", title="Disk is full", **labels):
    return SignalFacts(source, Severity.HIGH, title, labels)


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ("", {}),
        ("source=grafana", {"source": "grafana"}),
        ("  source=grafana\tteam=db\n", {"source": "grafana", "labels": {"team": "db"}}),
        ("severity=critical title=/disk/", {"severity": "critical", "title": "/disk/"}),
        ("team=db team=web", {"labels": {"team": ["db", "web"]}}),
        ("team!=db severity!=low", {"labels": {"team": "!db"}, "severity": "!low"}),
        ("team!=/^db-/", {"labels": {"team": "!/^db-/"}}),
        ("labels.source=x labels.team=db", {"labels": {"source": "x", "team": "db"}}),
        ("env=", {"labels": {"env": ""}}),
        ('title="Disk is full"', {"title": "Disk is full"}),
        ("title='say \"no\"'", {"title": 'say "no"'}),
        (r"title=/disk\s+\d/", {"title": r"/disk\s+\d/"}),
        ("a=b=c", {"labels": {"a": "b=c"}}),
        ("team=#db", {"labels": {"team": "#db"}}),
    ],
)
def test_words_are_read_as_a_match(words, match):
    assert read(words) == Match.model_validate(match)


def test_a_list_of_words_needs_no_quotes():
    assert read(["title=Disk is 'full'", "team=db"]) == read("title=\"Disk is 'full'\" team=db")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("grafana", "'grafana' is not NAME=VALUE, such as source=grafana, team=db or title=/disk/"),
        ("=x", "'=x' is not NAME=VALUE"),
        ("!=x", "'!=x' is not NAME=VALUE"),
        ("team=~db.*", "'team=~db.*': a pattern is written between slashes, team=/db.*/"),
        ("title='open", "a quotation mark is open"),
        (["x" * 500], "x' is not NAME=VALUE"),
    ],
)
def test_words_that_mean_nothing_are_refused_with_what_is_wanted(words, said):
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        match_of(words)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("words", ["severity=urgent", "title=/(/", "title=//", "{a}=b"])
def test_words_that_make_no_match_are_refused_as_in_the_config(words):
    with pytest.raises(ValidationError):
        read(words)


def test_what_is_no_text_and_no_list_is_left_to_the_schema():
    assert match_of({"source": "x"}) == {"source": "x"}
    assert match_of(7) == 7


def test_a_match_of_everything_is_called_so():
    assert words_of(Match()) == "everything"


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
values = texts.filter(lambda value: not value.lstrip("!").startswith(("~", "/")))
names = st.from_regex(r"[a-z][a-z.]{0,8}[a-z]", fullmatch=True).filter(lambda name: not name.startswith("labels."))
one_or_two = st.one_of(values, st.lists(values, min_size=2, max_size=3))


@given(st.builds(dict, source=one_or_two, title=one_or_two, labels=st.dictionaries(names, one_or_two, max_size=3)))
def test_what_is_shown_reads_as_the_same_match(match):
    written = Match.model_validate(match)
    assert read(words_of(written)) == written


# Like an alert


def test_like_an_alert_is_its_source_and_all_its_labels():
    assert words_of(like(facts(team="db", host="db-1"))) == "source=grafana team=db host=db-1"


def test_without_labels_it_is_its_title_too_or_it_would_be_all_of_the_source():
    assert words_of(like(facts())) == 'source=grafana title="Disk is full"'


@pytest.mark.parametrize("title", ["/root/ is full/", "/a/", "!important", "x" * 2000, "[a] (b) *", "/", "a\nb"])
def test_like_a_title_that_looks_like_a_pattern_or_is_long_is_that_title(title):
    holds = compiled(like(facts(title=title)))
    assert holds(facts(title=title))
    assert not holds(facts(title="Disk is full"))


labels = st.dictionaries(st.text(max_size=8), st.text(max_size=30), max_size=4)


@given(st.text(min_size=1, max_size=20), st.text(max_size=700), labels)
def test_whatever_an_alert_says_it_is_like_itself(source, title, said):
    alert = SignalFacts(source, Severity.HIGH, title, said)
    assert compiled(like(alert))(alert)


@given(labels.filter(bool), labels)
def test_another_source_is_never_like_it(said, others):
    assert not compiled(like(SignalFacts("a", Severity.HIGH, "t", said)))(SignalFacts("b", Severity.HIGH, "t", others))
