"""PagerDuty's Events v2: what an event means, whose key it has, and Uptime Kuma's two meanings of one key."""

import pytest

from core.signals import SignalStatus, UnreadableError, Webhook
from core.sources import pagerduty, read
from tests.sources.bodies import load, post


def signal_of(event):
    (found,) = read("pagerduty", post(event)).signals
    return found


def event(action="trigger", **fields):
    payload = {"summary": "Disk is full", "source": "db-01", "severity": "critical"}
    return {"routing_key": "r", "dedup_key": "k", "event_action": action, "payload": payload} | fields


def kuma(text):
    return event(dedup_key="Uptime Kuma/test", payload={"summary": f"[Uptime Kuma Alert] {text}"})


def test_a_trigger_of_alertmanager_is_read_whole():
    signal = signal_of(load("pagerduty-trigger.json"))
    assert (signal.status, signal.dedup_key, signal.severity) == ("firing", "9f2d0a41c7", "error")
    assert signal.title == "[FIRING:1] InstanceDown (db-01 node)"
    assert signal.link == "https://grafana.example.com/d/1"
    assert signal.labels == {
        "source": "db-01",
        "component": "postgres",
        "client": "Alertmanager",
        "num_firing": "1",
        "team": "storage",
    }
    assert "team: storage" in signal.description
    assert '"alertname": "InstanceDown"' in signal.description


@pytest.mark.parametrize(
    ("action", "status"),
    [("trigger", "firing"), ("acknowledge", "acknowledged"), ("resolve", "resolved"), ("Resolve", "resolved")],
)
def test_each_action_is_a_status_and_all_share_the_key(action, status):
    signal = signal_of(event(action))
    assert (signal.status, signal.dedup_key) == (status, "k")


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_what_ends_or_takes_an_alert_needs_its_key_and_nothing_else(action):
    signal = signal_of({"routing_key": "r", "dedup_key": 7, "event_action": action})
    assert (signal.dedup_key, signal.severity) == ("7", None)
    for key in (None, "", "  ", [], True):
        with pytest.raises(UnreadableError, match=f"no dedup_key: nothing says what to {action}"):
            signal_of(event(action, dedup_key=key))


@pytest.mark.parametrize("action", [None, "", "assign", 7, ["trigger"]])
def test_another_action_is_refused(action):
    with pytest.raises(UnreadableError, match="must be trigger, acknowledge or resolve"):
        signal_of(event(action))


@pytest.mark.parametrize("payload", [None, {}, {"summary": " "}])
def test_a_trigger_that_does_not_say_what_is_wrong_is_refused(payload):
    with pytest.raises(UnreadableError, match=r"payload\.summary"):
        signal_of(event(payload=payload))


@pytest.mark.parametrize("body", [[], [event()], "x", 7, None])
def test_a_body_that_is_no_event_is_refused(body):
    with pytest.raises(UnreadableError):
        read("pagerduty", post(body))


def test_a_trigger_without_a_key_takes_the_requests():
    body = post(event(dedup_key=None))
    webhooks = [Webhook(body.body, request_id=name) for name in ("one", "two")]
    assert [read("pagerduty", each).signals[0].dedup_key for each in webhooks] == ["one", "two"]
    assert [pagerduty.dedup_key(event(dedup_key=None), each) for each in webhooks] == ["one", "two"]


def test_without_a_key_and_a_request_the_body_is_the_key():
    keys = [signal_of(event(dedup_key=None, client=client)).dedup_key for client in ("a", "a", "b")]
    assert keys[0] == keys[1] != keys[2]


def test_a_long_key_is_the_same_for_every_action():
    signals = [signal_of(event(action, dedup_key="k" * 400)) for action in ("trigger", "resolve")]
    assert signals[0].dedup_key == signals[1].dedup_key
    assert len(signals[0].dedup_key) <= 255


@pytest.mark.parametrize("text", ["My PagerDuty Testing", "[undefined] pager Testing"])
def test_the_test_button_of_uptime_kuma_is_a_test(text):
    signal = signal_of(kuma(text))
    assert (signal.status, signal.dedup_key) == ("test", "Uptime Kuma/test")


def test_what_expires_is_real_though_it_has_the_key_of_the_test():
    warnings = [
        kuma("[shop][https://shop.example.com] server certificate shop.example.com will expire in 14 days"),
        kuma("[shop][https://shop.example.com] server certificate shop.example.com will expire in 7 days"),
        kuma("[blog][https://blog.example.com] server certificate blog.example.com will expire in 7 days"),
        kuma("Domain name example.com will expire in 7 days"),
    ]
    signals = [signal_of(each) for each in warnings]
    assert {signal.status for signal in signals} == {SignalStatus.FIRING}
    keys = [signal.dedup_key for signal in signals]
    assert keys[0] == keys[1]
    assert len({*keys, "Uptime Kuma/test"}) == 4


def test_any_other_text_under_the_key_of_the_test_is_real():
    assert signal_of(kuma("the disk of Uptime Kuma is full")).status == "firing"


def test_details_may_be_anything():
    for details in ("plain text", ["a"], 7, None, {"a": None, "b": "x" * 300, "c": "two\nlines"}):
        signal = signal_of(event(payload={"summary": "s", "custom_details": details}))
        assert set(signal.labels) == set()
    assert signal.description == f"b: {'x' * 300}\nc: two\nlines"


@pytest.mark.parametrize("links", [None, 7, {}, ["x"], [{"href": "javascript:alert(1)"}], [{}]])
def test_without_a_good_link_it_is_the_clients_address(links):
    assert signal_of(event(links=links, client_url="https://zabbix.example.com")).link == "https://zabbix.example.com"
