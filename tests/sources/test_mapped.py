"""A sender that config describes: what each expression gives, many alerts in a body, and words of its own."""

import json
import time

import pytest

from core.config.mappings import SenderMapping
from core.signals import SignalStatus, UnreadableError, Webhook
from core.sources import read
from core.sources.mapped import MAX_ITEMS
from tests.sources.bodies import post

BODY = {
    "check": {"id": 7, "host": "db-01", "name": "disk"},
    "output": "97 % used",
    "state": "CRITICAL",
    "level": "Sev 1",
    "url": "https://nagios.example.com/7",
    "groups": ["db", "prod"],
    "extra": '{"rack": "r2"}',
}
NAGIOS = {
    "key": ["check.host", "check.name"],
    "title": "join(' ', [check.host, check.name])",
    "status": "state",
    "firing": ["CRITICAL", "WARNING"],
    "resolved": ["RECOVERED"],
    "acknowledged": ["TAKEN"],
    "test": "TRIAL",
    "severity": "level",
    "description": "output",
    "link": "url",
    "labels": {
        "host": "check.host",
        "groups": "groups",
        "first": "groups[0]",
        "rack": "parse_json(extra).rack",
        "none": "x.y",
    },
}


def reading(body, **changes):
    mapping = SenderMapping.model_validate(
        {name: value for name, value in (NAGIOS | changes).items() if value is not None}
    )
    return read("nagios", post(body), {"nagios": mapping})


def one(body=BODY, **changes):
    (signal,) = reading(body, **changes).signals
    return signal


def test_a_body_is_read_by_its_expressions():
    signal = one()
    assert (signal.status, signal.dedup_key, signal.severity) == ("firing", "db-01 disk", "Sev 1")
    assert (signal.title, signal.description, signal.link) == (
        "db-01 disk",
        "97 % used",
        "https://nagios.example.com/7",
    )
    assert signal.labels == {"host": "db-01", "groups": '["db", "prod"]', "first": "db", "rack": "r2"}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("CRITICAL", "firing"),
        ("warning", "firing"),
        ("Recovered", "resolved"),
        ("trial", "test"),
        ("Taken", "acknowledged"),
        ("OK", "resolved"),
        ("down", "firing"),
        ("", "firing"),
        (None, "firing"),
    ],
)
def test_words_are_the_mappings_own_and_those_that_every_sender_says(word, status):
    assert one(BODY | {"state": word}).status == status


def test_a_word_of_the_mapping_goes_before_what_it_means_elsewhere():
    assert one(BODY | {"state": "UP"}, firing=["UP"], resolved=["DOWN"]).status is SignalStatus.FIRING
    assert one(BODY | {"state": "DOWN"}, firing=["UP"], resolved=["DOWN"]).status is SignalStatus.RESOLVED


@pytest.mark.parametrize("word", ["FLAPPING", "7", 7, ["x"], {"a": "x"}])
def test_a_word_nobody_knows_is_refused_and_the_known_ones_are_told(word):
    with pytest.raises(UnreadableError, match="the mapping knows CRITICAL, WARNING, RECOVERED, TAKEN, TRIAL"):
        one(BODY | {"state": word})
    with pytest.raises(UnreadableError, match="knows no words of its own"):
        one(BODY | {"state": word}, firing=[], resolved=[], acknowledged=[], test=[])


def test_without_an_expression_for_the_status_every_body_fires():
    assert one(BODY | {"state": "nobody knows"}, status=None).status is SignalStatus.FIRING


def test_of_a_key_all_parts_are_needed_else_the_title_is_the_key():
    assert one(key=["check.host", "check.missing"], title="output").dedup_key == "97 % used"
    assert one(key="check.id").dedup_key == "7"
    assert one({"check": {"id": 0}}, key="check.id").dedup_key == "0"


def test_without_a_title_the_key_is_the_title():
    assert one(title="missing").title == "db-01 disk"


def test_without_either_it_is_refused_with_the_expressions():
    with pytest.raises(UnreadableError, match=r"Neither join\(.*\) nor check\.host, check\.name is there"):
        one({"check": {"host": "db-01"}})


def test_a_body_of_many_alerts_is_read_one_by_one():
    many = reading({"alerts": [BODY, {}, BODY | {"state": "OK"}, 7, None]}, items="alerts")
    assert [signal.status for signal in many.signals] == ["firing", "resolved"]
    assert [bad.index for bad in many.bad_items] == [1, 3, 4]
    assert reading([BODY, BODY], items="@").signals == reading({"a": [[BODY], [BODY]]}, items="a[]").signals
    assert reading({"alerts": []}, items="alerts").signals == ()


@pytest.mark.parametrize("body", [{}, {"alerts": None}, {"alerts": BODY}, {"alerts": "x"}])
def test_a_body_without_the_list_is_refused(body):
    with pytest.raises(UnreadableError, match="no list at alerts, where its alerts should be"):
        reading(body, items="alerts")


def test_a_form_is_read_by_the_names_of_its_fields():
    mapping = SenderMapping(key="TestID", title="Name", status="Status")
    webhook = Webhook(b"TestID=7&Name=Shop+front&Status=Down", "application/x-www-form-urlencoded")
    (signal,) = read("cake", webhook, {"cake": mapping}).signals
    assert (signal.status, signal.dedup_key, signal.title) == ("firing", "7", "Shop front")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "https://", 7, [], None])
def test_what_is_no_address_is_no_link(link):
    assert one(BODY | {"url": link}).link is None


def test_credentials_in_a_link_are_not_taken_over():
    assert one(BODY | {"url": "https://me:s3cret@nagios.example.com/7"}).link == "https://nagios.example.com/7"


MEBIBYTE = 1024 * 1024
HOSTILE = {
    "many numbers": "[" + ",".join(["0"] * (MEBIBYTE // 2)) + "]",
    "many objects": "[" + ",".join(["{}"] * (MEBIBYTE // 3)) + "]",
    "one long text": json.dumps({"check": {"host": "x" * MEBIBYTE, "name": "a"}}),
    "many keys": json.dumps({f"k{n}": n for n in range(MEBIBYTE // 15)}),
    "deep": '{"check":' * 900 + "1" + "}" * 900,
    "deeper": '{"check":' * 100_000,
    "json in json": json.dumps(BODY | {"extra": "[" * (MEBIBYTE - 500)}),
    "a number of many digits": '{"check": ' + "9" * MEBIBYTE + "}",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("items", [None, "@", "[]", "*"])
def test_a_hostile_body_takes_a_moment(name, items):
    mapping = SenderMapping.model_validate(NAGIOS | ({"items": items} if items else {}))
    started = time.process_time()
    try:
        signals = read("nagios", Webhook(HOSTILE[name].encode()), {"nagios": mapping}).signals
    except UnreadableError:
        signals = ()
    assert len(signals) <= 1
    assert time.process_time() - started < 1


def test_more_alerts_than_any_sender_sends_are_refused():
    assert len(reading([{"output": str(n)} for n in range(MAX_ITEMS)], items="@", title="output").signals) == MAX_ITEMS
    with pytest.raises(UnreadableError, match="more than 10000 alerts"):
        reading([BODY] * (MAX_ITEMS + 1), items="@")
