"""Opsgenie's alerts: what is created, whose key it has, and which of them are a test."""

import pytest

from core.signals import EmptyBodyError, SignalStatus, UnreadableError, Webhook
from core.sources import read
from tests.sources.bodies import load, post


def created(**fields):
    (signal,) = read("opsgenie", post(load("opsgenie-create.json") | fields)).signals
    return signal


def done(action, alias="9a1f0c52", body=b"{}"):
    (signal,) = read("opsgenie", Webhook(body, "application/json", {"action": action, "alias": alias})).signals
    return signal


def test_an_alert_that_is_created_is_read_whole():
    signal = created()
    assert (signal.status, signal.dedup_key, signal.severity) == ("firing", "9a1f0c52", "P1")
    assert signal.title == "[FIRING:1] DiskFull db-01"
    assert signal.description == "Disk of db-01 is 97 % full\nask the storage team"
    assert signal.link == "https://grafana.example.com/d/7"
    assert signal.labels["alertname"] == "DiskFull"
    assert (signal.labels["tags"], signal.labels["entity"]) == ("storage, production", "db-01")


@pytest.mark.parametrize("details", [None, [], "x", {}])
def test_without_details_its_link_is_the_source_where_that_is_one(details):
    assert created(details=details).link == "http://alertmanager.example.com:9093/#/alerts?receiver=rung"
    assert created(details=details, source="Uptime Kuma").link is None


@pytest.mark.parametrize(("action", "status"), [("close", "resolved"), ("acknowledge", "acknowledged")])
def test_what_is_done_to_an_alias_has_the_key_of_its_alert(action, status):
    signal = done(action)
    assert (signal.status, signal.dedup_key) == (status, created().dedup_key)


@pytest.mark.parametrize("alias", ["a b", " spaced ", "/shop", "50%", "ümlaut 🔥", "x" * 600, "two\nlines", "a\tb"])
def test_an_alias_of_any_kind_is_one_key_for_create_and_close(alias):
    assert created(alias=alias).dedup_key == done("close", alias).dedup_key


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{broken", b"\xff", b'"x"', b'{"note": {"a": 1}}', b"[" * 90_000]
)
def test_a_close_closes_whatever_its_body_is(body):
    assert done("close", body=body).status is SignalStatus.RESOLVED


def test_the_note_of_a_close_is_its_description():
    assert done("close", body=b'{"note": "disk replaced", "source": "x"}').description == "disk replaced"


def test_without_an_alias_each_request_is_an_alert_of_its_own():
    body = post(load("opsgenie-create.json") | {"alias": None}).body
    keys = [read("opsgenie", Webhook(body, request_id=name)).signals[0].dedup_key for name in ("one", "two")]
    assert keys == ["one", "two"]


@pytest.mark.parametrize("message", [None, "", "  "])
def test_an_alert_without_a_message_is_refused(message):
    with pytest.raises(UnreadableError, match="no message"):
        created(message=message)


def test_an_empty_create_is_an_empty_body():
    with pytest.raises(EmptyBodyError):
        read("opsgenie", Webhook(b""))


@pytest.mark.parametrize("tags", [None, "a,b", 7, {}, []])
def test_tags_that_are_no_list_are_no_label(tags):
    assert "tags" not in created(tags=tags).labels


def test_the_test_button_of_uptime_kuma_is_a_test():
    assert created(alias="uptime-kuma-notification-test").status is SignalStatus.TEST


@pytest.mark.parametrize(
    "sent",
    [
        {"details": {"alertname": "TestAlert", "instance": "Grafana"}, "tags": []},
        {"details": {"url": "https://g.example.com"}, "tags": ["alertname:TestAlert", "instance:Grafana", 7]},
    ],
)
def test_the_test_button_of_grafana_is_a_test_however_it_sends_labels(sent):
    assert created(source="Grafana", **sent).status is SignalStatus.TEST
    assert created(source="Prometheus", **sent).status is SignalStatus.FIRING


def test_an_alert_of_grafana_that_is_only_like_its_test_fires():
    assert created(source="Grafana", details={"alertname": "TestAlert"}, tags=None).status is SignalStatus.FIRING
