"""Uptime Kuma: its four ways to send, and the bodies only their text tells apart."""

import json
from urllib.parse import urlencode

import pytest

from core.signals import EmptyBodyError, Reading, SignalStatus, UnreadableError, Webhook
from core.sources import read
from tests.sources.bodies import form, load, post


def beat(**heartbeat):
    body = load("uptime-kuma-down.json")
    body["heartbeat"] |= heartbeat
    return body


def read_one(webhook):
    (signal,) = read("uptime-kuma", webhook).signals
    return signal


def read_text(msg):
    return read_one(post({"heartbeat": None, "monitor": None, "msg": msg}))


def test_a_monitor_that_is_down_fires_under_its_id_and_name():
    signal = read_one(post(beat()))
    assert (signal.status, signal.dedup_key, signal.title) == ("firing", "5", "shop front")
    assert signal.description == "[shop front] [🔴 Down] timeout of 48000ms exceeded"


def test_a_monitor_that_is_up_again_resolves_the_same_key():
    signal = read_one(post(beat(status=1)))
    assert (signal.status, signal.dedup_key) == ("resolved", "5")


@pytest.mark.parametrize("status", [2, 3])
def test_pending_and_maintenance_are_nothing_to_report(status):
    assert read("uptime-kuma", post(beat(status=status))) == Reading(())


def test_the_tag_called_severity_is_the_severity_and_every_tag_a_label():
    signal = read_one(post(beat()))
    assert signal.severity == "critical"
    assert signal.labels == {"monitor": "shop front", "type": "http", "severity": "critical", "team": "shop"}


def test_of_a_tag_with_two_values_the_first_is_taken():
    body = beat()
    body["monitor"]["tags"] = [
        {"name": "team", "value": "shop"},
        {"name": "team", "value": "web"},
        "odd",
        None,
    ]
    assert read_one(post(body)).labels["team"] == "shop"


def test_no_password_of_a_monitor_gets_into_the_signal():
    assert "hunter2" not in repr(read_one(post(beat())))
    assert read_one(post(beat())).link == "https://shop.test/health"


def test_the_placeholder_address_of_a_monitor_without_one_is_no_link():
    body = beat()
    body["monitor"] |= {"url": "https://", "hostname": "db.test", "port": 5432}
    signal = read_one(post(body))
    assert signal.link is None
    assert (signal.labels["hostname"], signal.labels["port"]) == ("db.test", "5432")


def test_a_heartbeat_without_its_monitor_is_identified_by_the_number_it_carries():
    signal = read_one(post(beat() | {"monitor": None}))
    assert (signal.dedup_key, signal.title) == ("5", "[shop front] [🔴 Down] timeout of 48000ms exceeded")


def test_a_heartbeat_of_nobody_is_refused():
    with pytest.raises(UnreadableError, match="nothing identifies the alert"):
        read_one(post({"heartbeat": {"status": 0}, "msg": "down"}))


def test_an_unknown_heartbeat_status_is_refused_with_what_was_found():
    with pytest.raises(UnreadableError, match=r"must be 0 \(down\) to 3 \(maintenance\), but is '9'"):
        read_one(post(beat(status=9)))


@pytest.mark.parametrize(
    "webhook",
    [
        form({"data": json.dumps(beat(), ensure_ascii=False)}),
        Webhook(urlencode({"data": json.dumps(beat())}).encode(), "application/x-www-form-urlencoded"),
        Webhook(json.dumps(beat()).encode(), "application/x-www-form-urlencoded"),
        Webhook(json.dumps(json.dumps(beat())).encode(), "application/json"),
        Webhook(b"", "", {name: value if name == "msg" else json.dumps(value) for name, value in beat().items()}),
        post({name: value if name == "msg" else json.dumps(value) for name, value in beat().items()}),
    ],
    ids=["form-data", "urlencoded", "JSON called a form", "encoded twice", "GET", "parts as text"],
)
def test_however_it_is_sent_the_signal_is_the_same(webhook):
    assert read_one(webhook) == read_one(post(beat()))


def test_the_test_button_is_a_test_by_post_and_by_get():
    signals = [
        read_text("rung Testing"),
        read_one(Webhook(b"", "", {"msg": "rung Testing", "token": "secret"})),
    ]
    assert [signal.status for signal in signals] == [SignalStatus.TEST] * 2
    assert {signal.title for signal in signals} == {"rung Testing"}


@pytest.mark.parametrize("days", ["21 days", "1 day", "-2 days"])
def test_a_certificate_that_expires_fires_under_one_key_whatever_the_days(days):
    signal = read_text(f"[shop][https://shop.test] server certificate shop.test will expire in {days}")
    assert signal.status is SignalStatus.FIRING
    assert signal.dedup_key == "[shop][https://shop.test] server certificate shop.test"
    assert signal.title.endswith(days)


def test_a_domain_that_expires_fires_under_one_key_whatever_the_days():
    keys = {read_text(f"Domain name shop.test will expire in {days} days").dedup_key for days in (14, 7)}
    assert keys == {"Domain name shop.test will expire"}


def test_a_text_nobody_knows_fires_rather_than_being_lost():
    assert read_text("something else entirely").status is SignalStatus.FIRING


def test_a_custom_body_with_an_id_is_the_same_alert_as_the_monitor():
    signal = read_one(post({"id": "5", "state": "🔴 Down", "status": 0, "name": "shop front", "msg": "timeout"}))
    assert (signal.status, signal.dedup_key, signal.title) == ("firing", "5", "shop front")
    assert signal.description == "timeout"


@pytest.mark.parametrize(
    ("down", "up"),
    [
        (
            {"Title": "Kuma - shop", "Body": "[shop] [🔴 Down] x"},
            {"Title": "Kuma - shop", "Body": "[shop] [✅ Up] 200"},
        ),
        ({"title": "shop", "status": "🔴 Down"}, {"title": "shop", "status": "✅ Up"}),
        ({"title": "shop", "status": 0}, {"title": "shop", "status": "1"}),
        ({"title": "shop is 🔴 Down", "body": "x"}, {"title": "shop is ✅ Up", "body": "200"}),
        ({"msg": "[shop] [🔴 Down] timeout"}, {"msg": "[shop] [✅ Up] 200 - OK"}),
        ({"text": "[shop] [🔴 Down] timeout"}, {"text": "[shop] [✅ Up] 200 - OK"}),
    ],
)
def test_a_custom_body_without_an_id_has_one_key_for_down_and_up(down, up):
    firing, resolved = read_one(post(down)), read_one(post(up))
    assert (firing.status, resolved.status) == ("firing", "resolved")
    assert firing.dedup_key == resolved.dedup_key


def test_a_custom_body_of_the_test_button_is_a_test():
    body = {"title": "Kuma - Monitor Name not available", "status": "⚠️ Test", "body": "rung Testing"}
    assert read_one(post(body)).status is SignalStatus.TEST


def test_a_certificate_in_a_custom_body_is_no_test_though_its_status_says_so():
    text = "[shop][https://shop.test] server certificate shop.test will expire in 7 days"
    assert read_one(post({"title": "Kuma", "status": "⚠️ Test", "body": text})).status is SignalStatus.FIRING


@pytest.mark.parametrize("status", [2, "3", "🔧 Maintenance", "pending"])
def test_a_custom_body_about_maintenance_is_nothing_to_report(status):
    assert read("uptime-kuma", post({"title": "shop", "status": status})) == Reading(())


def test_a_custom_body_with_an_unescaped_quote_is_refused_with_the_way_to_escape_it():
    body = b'{"Title": "Kuma", "Body": "connect ECONNREFUSED "10.0.0.5""}'
    with pytest.raises(UnreadableError, match=r"not valid JSON: .* \(line 1, column 50\)\. .*\{\{ msg \| json \}\}"):
        read_one(Webhook(body, "application/x-www-form-urlencoded"))


def test_a_custom_body_with_a_bare_line_break_in_its_text_is_read():
    signal = read_one(Webhook('{"title": "shop", "body": "[shop] [🔴 Down] PING\n100% loss"}'.encode()))
    assert signal.description == "[shop] [🔴 Down] PING\n100% loss"


def test_a_broken_part_of_a_get_is_refused():
    with pytest.raises(UnreadableError, match="not valid JSON"):
        read_one(Webhook(b"", "", {"msg": "x", "heartbeat": '{"monitorID":'}))


def test_a_get_without_any_part_is_an_empty_body():
    with pytest.raises(EmptyBodyError):
        read_one(Webhook(b"", "", {"token": "secret"}))


def test_a_body_that_says_nothing_is_refused():
    with pytest.raises(UnreadableError, match="no title"):
        read_one(post({"heartbeat": None, "monitor": None}))
