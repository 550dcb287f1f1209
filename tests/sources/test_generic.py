"""The generic source: documented JSON, and what people write instead."""

import pytest

from core.signals import EmptyBodyError, Reading, SignalStatus, UnreadableError, Webhook
from core.sources import generic, read
from tests.sources.bodies import form, load, post


def read_one(value):
    (signal,) = read("generic", value if isinstance(value, Webhook) else post(value)).signals
    return signal


def test_every_documented_field_arrives():
    signal = read_one(load("generic-full.json"))
    assert (signal.status, signal.dedup_key, signal.title) == ("firing", "db-01-disk", "Disk full on db-01")
    assert (signal.severity, signal.link, signal.description) == (
        "high",
        "https://wiki.test/disks",
        "96 % used",
    )
    assert signal.labels == {"host": "db-01", "used": "0.96", "raid": "true"}


@pytest.mark.parametrize("name", ["title", "message", "summary", "name", "Title", "MESSAGE"])
def test_the_title_goes_by_several_names_in_any_case(name):
    assert read_one({name: "Disk full"}).title == "Disk full"


@pytest.mark.parametrize("name", ["dedup_key", "id", "key", "alias", "fingerprint"])
def test_the_dedup_key_goes_by_several_names(name):
    assert read_one({"title": "Disk full", name: 17}).dedup_key == "17"


@pytest.mark.parametrize("name", ["severity", "priority", "level"])
def test_the_severity_goes_by_several_names_and_may_be_a_label(name):
    assert read_one({"title": "Disk full", name: "P2"}).severity == "P2"
    assert read_one({"title": "Disk full", "labels": {name: 2}}).severity == "2"


@pytest.mark.parametrize("name", ["description", "details", "body"])
def test_the_description_goes_by_several_names(name):
    assert read_one({"title": "Disk full", name: "96 %\r\nused"}).description == "96 %\nused"


def test_a_message_beside_a_title_is_the_description_and_never_told_twice():
    assert read_one({"title": "Disk full", "message": "96 %"}).description == "96 %"
    assert read_one({"message": "Disk full"}).description == ""


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (generic.FIRING_WORDS, SignalStatus.FIRING),
        (generic.RESOLVED_WORDS, SignalStatus.RESOLVED),
        (generic.TEST_WORDS, SignalStatus.TEST),
    ],
)
def test_every_word_for_a_status_is_understood_in_any_case_and_documented(words, status):
    documented = generic.__doc__.replace("no data", "nodata")
    for word in words.split():
        assert read_one({"title": "Disk full", "status": f" {word.upper()} "}).status is status
        assert word in documented


@pytest.mark.parametrize("word", ["no_data", "No Data", "✅ ok"])
def test_decoration_of_a_status_does_not_matter(word):
    assert read_one({"title": "Disk full", "state": word}).status in {"firing", "resolved"}


@pytest.mark.parametrize("fields", [{}, {"status": None}, {"status": ""}])
def test_without_a_status_it_fires(fields):
    assert read_one({"title": "Disk full"} | fields).status is SignalStatus.FIRING


@pytest.mark.parametrize("word", ["acknowledged", "17", "✅"])
def test_an_unknown_status_is_refused_with_the_words_to_use(word):
    with pytest.raises(UnreadableError, match=f"The status '{word}' is unknown: send firing, resolved or test"):
        read_one({"title": "Disk full", "status": word})


def test_without_a_key_the_title_is_the_key():
    assert read_one({"title": " Disk  full "}).dedup_key == "Disk full"


def test_without_a_key_two_hosts_with_one_title_are_two_alerts():
    keys = {read_one({"title": "Disk full", "labels": {"host": host}}).dedup_key for host in ("a", "b")}
    assert len(keys) == 2


def test_without_a_key_a_resolved_signal_has_the_same_key_as_its_firing():
    firing = read_one(
        {"title": "Disk full", "labels": {"host": "a", "rack": 1}, "status": "firing", "severity": "high"}
    )
    resolved = read_one({"status": "ok", "labels": {"rack": 1, "host": "a"}, "title": "Disk full", "body": "fine"})
    assert firing.dedup_key == resolved.dedup_key


@pytest.mark.parametrize("wrap", [lambda items: items, lambda items: {"alerts": items}], ids=["list", "alerts"])
def test_several_alerts_come_as_a_list_or_under_alerts(wrap):
    reading = read("generic", post(wrap([{"title": "one"}, {"title": "two"}])))
    assert [signal.title for signal in reading.signals] == ["one", "two"]


@pytest.mark.parametrize("body", [[], {"alerts": []}])
def test_no_alerts_give_no_signal(body):
    assert read("generic", post(body)) == Reading(())


def test_one_bad_alert_among_twenty_leaves_nineteen_signals():
    reading = read("generic", post([{"title": f"alert {n}"} if n != 13 else {"severity": "high"} for n in range(20)]))
    assert len(reading.signals) == 19
    assert [item.index for item in reading.bad_items] == [13]
    assert "no title" in reading.bad_items[0].reason


def test_labels_that_are_no_object_do_not_cost_the_alert():
    assert read_one({"title": "Disk full", "labels": ["a", "b"]}).labels == {"labels": '["a", "b"]'}


@pytest.mark.parametrize(
    "webhook",
    [
        Webhook(b"title=Disk+full&status=ok&id=7", "application/x-www-form-urlencoded; charset=utf-8"),
        form({"title": "Disk full", "status": "ok", "id": "7"}),
    ],
    ids=["urlencoded", "multipart"],
)
def test_a_form_with_the_same_fields_works_too(webhook):
    signal = read_one(webhook)
    assert (signal.title, signal.status, signal.dedup_key) == ("Disk full", "resolved", "7")


def test_an_empty_body_is_told_apart_from_a_broken_one():
    for body in (b"", b" \r\n", b"\xef\xbb\xbf"):
        with pytest.raises(EmptyBodyError, match="send the alert as JSON"):
            read("generic", Webhook(body, "application/json"))


@pytest.mark.parametrize("value", [None, 42, "text", [[]], {}, {"title": " "}])
def test_what_is_no_alert_is_refused(value):
    with pytest.raises(UnreadableError):
        read("generic", post(value))
