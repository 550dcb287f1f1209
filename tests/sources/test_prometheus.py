"""Prometheus without an Alertmanager: alerts are over by the clock, and have Alertmanager's fingerprints as keys."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.signals import UnreadableError
from core.sources import read
from tests.samples import T0
from tests.sources.bodies import load, post

ALERTS = load("prometheus-alerts.json")


def signals(alerts=ALERTS, now=T0):
    return read("prometheus", replace(post(alerts), received_at=now)).signals


def one(**fields):
    (signal,) = signals([ALERTS[0] | fields])
    return signal


def test_an_alert_fires_until_its_end_has_passed():
    assert [signal.status for signal in signals()] == ["firing", "resolved"]
    assert [signal.status for signal in signals(now=datetime(2026, 11, 23, 10, 2, 0, 122_999, UTC))] == [
        "firing",
        "resolved",
    ]
    assert [signal.status for signal in signals(now=datetime(2026, 11, 23, 10, 2, 0, 123_000, UTC))] == ["resolved"] * 2


def test_without_a_clock_every_alert_fires():
    assert [signal.status for signal in signals(now=None)] == ["firing", "firing"]


def test_an_alert_is_read_whole():
    signal, other = signals()
    assert (signal.title, signal.severity, signal.description) == ("Disk of db-01 is full", "critical", "97 % used")
    assert signal.link == "http://prometheus.example.com:9090/graph?g0.expr=disk"
    assert signal.labels == ALERTS[0]["labels"]
    assert (other.title, other.link) == ("DiskFull", None)


def test_the_key_is_the_fingerprint_of_all_labels_in_any_order():
    labels = ALERTS[0]["labels"]
    assert one(labels=dict(reversed(labels.items()))).dedup_key == one().dedup_key
    assert len({one().dedup_key, one(labels=labels | {"pod": "a"}).dedup_key, one(labels={"a": "b"}).dedup_key}) == 3
    assert one(labels={"a": "b"}).dedup_key == f"{fnv_1a(b'a', b'b'):016x}"


def fnv_1a(*parts):
    digest = 14695981039346656037
    for byte in b"".join(part + b"\xff" for part in parts):
        digest = ((digest ^ byte) * 1099511628211) % 2**64
    return digest


@pytest.mark.parametrize(
    "end",
    [None, "", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", "soon", 7, [], "2026-11-23T09:00:00", "x" * 5000],
)
def test_an_end_that_is_no_instant_is_none(end):
    assert one(endsAt=end).status == "firing"


@pytest.mark.parametrize("end", ["2026-11-23T11:59:59+02:00", "2026-11-23T10:00:00Z", "2026-11-22T00:00:00.000000001Z"])
def test_an_end_in_any_zone_and_precision_is_read(end):
    assert one(endsAt=end).status == "resolved"


@pytest.mark.parametrize("body", [{}, {"alerts": ALERTS}, None, 7])
def test_a_body_that_is_no_list_is_refused(body):
    with pytest.raises(UnreadableError, match="must be a list of alerts"):
        signals(body)


def test_of_many_alerts_the_bad_ones_are_left_out():
    reading = read("prometheus", post([{}, ALERTS[0], 7, {"labels": []}]))
    assert len(reading.signals) == 1
    assert [bad.index for bad in reading.bad_items] == [0, 2, 3]


def test_an_empty_list_is_nothing_to_report():
    assert signals([]) == ()
