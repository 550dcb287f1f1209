"""config/mappings.yaml: each sender of it, read as its bodies in tests/fixtures/sources/mappings.yaml say."""

from urllib.parse import urlencode

import pytest
import yaml

from core.signals import UnreadableError, Webhook
from core.sources import read
from tests.sources.bodies import FIXTURES, MAPPINGS, post

SENT = yaml.safe_load((FIXTURES / "mappings.yaml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(name, each, id=f"{name} {each['is'][0]} {number}")
    for name, bodies in SENT.items()
    for number, each in enumerate(bodies)
]


def webhook_of(case):
    if "form" in case:
        return Webhook(urlencode(case["form"]).encode(), "application/x-www-form-urlencoded")
    return post(case["body"])


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_body_is_read_as_its_fixture_says(name, case):
    (signal,) = read(name, webhook_of(case), MAPPINGS).signals
    assert [signal.status, signal.dedup_key, signal.severity, signal.title] == case["is"]
    assert "s3cret" not in repr(signal)
    for field in ("description", "link", "labels"):
        assert field not in case or getattr(signal, field) == case[field]


def test_every_mapping_has_its_bodies_and_no_other_has():
    assert set(SENT) == set(MAPPINGS)


@pytest.mark.parametrize("name", MAPPINGS)
def test_every_expression_of_a_mapping_finds_something_in_one_of_its_bodies(name):
    """One that never does would be a field that the sender does not have."""
    signals = [read(name, webhook_of(case), MAPPINGS).signals[0] for case in SENT[name]]
    mapping = MAPPINGS[name]
    for field in ("severity", "description", "link"):
        assert getattr(mapping, field) is None or any(getattr(signal, field) for signal in signals), field
    assert {label for signal in signals for label in signal.labels} == set(mapping.labels)


@pytest.mark.parametrize("name", MAPPINGS)
@pytest.mark.parametrize("body", [{}, [], {"title": None}, 7, None, [[]]])
def test_a_body_that_says_nothing_is_refused_with_what_was_missed(name, body):
    with pytest.raises(UnreadableError, match=r"nothing says what is wrong\.$"):
        read(name, post(body), MAPPINGS)


@pytest.mark.parametrize("name", [name for name, mapping in MAPPINGS.items() if mapping.status and name != "postmark"])
def test_a_status_nobody_knows_is_refused_and_not_taken_for_something_else(name):
    where = {"azure-monitor": ("data", "essentials", "monitorCondition"), "gcp-monitoring": ("incident", "state")}
    path = where.get(name, (str(MAPPINGS[name].status).split(" ")[0],))
    body = dict(SENT[name][-1].get("body") or SENT[name][-1]["form"])
    inner = body
    for part in path[:-1]:
        inner[part] = dict(inner[part])
        inner = inner[part]
    inner[path[-1]] = "Perhaps"
    with pytest.raises(UnreadableError, match="The status 'Perhaps' is unknown: the mapping knows"):
        read(name, post(body), MAPPINGS)
