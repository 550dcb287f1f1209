"""Alertmanager: every alert speaks for itself."""

import pytest

from core.signals import BadItem, Reading, SignalStatus, UnreadableError
from core.sources import read
from tests.sources.bodies import load, post


def group(*alerts, **fields):
    return {"version": "4", "status": "firing", "alerts": list(alerts), **fields}


def alert(**fields):
    return {"status": "firing", "labels": {"alertname": "Down", "instance": "a"}, "annotations": {}} | fields


def read_group(*alerts, **fields):
    return read("alertmanager", post(group(*alerts, **fields)))


def test_a_group_gives_one_signal_an_alert_with_its_own_status_and_fingerprint():
    first, second = read("alertmanager", post(load("alertmanager-group.json"))).signals
    assert (first.status, first.dedup_key, first.severity) == ("firing", "00aa11bb22cc33dd", "page")
    assert (second.status, second.dedup_key, second.severity) == ("resolved", "44ee55ff66aa77bb", "page")
    assert first.labels == {"alertname": "QueueStuck", "queue": "mail", "severity": "page"}


def test_the_title_is_the_summary_and_else_the_name_of_the_rule():
    first, second = read("alertmanager", post(load("alertmanager-group.json"))).signals
    assert (first.title, second.title) == ("Queue mail is stuck", "QueueStuck")


def test_the_link_is_the_expression_and_else_alertmanager_itself():
    first, second = read("alertmanager", post(load("alertmanager-group.json"))).signals
    assert first.link == "https://prometheus.test/graph?g0.expr=queue_age"
    assert second.link == "https://alertmanager.test"


def test_the_description_carries_the_runbook_and_how_many_alerts_were_left_out():
    signal = read("alertmanager", post(load("alertmanager-group.json"))).signals[0]
    assert signal.description.splitlines() == [
        "Nothing left the queue for 10 minutes.",
        "Runbook: https://runbooks.test/queue",
        "Alerts the sender left out of this message: 3",
    ]


def test_a_runbook_that_is_no_address_is_not_shown():
    (signal,) = read_group(alert(annotations={"runbook_url": "javascript:alert(1)"})).signals
    assert signal.description == ""


def test_without_a_fingerprint_it_is_computed_as_alertmanager_does():
    labels = {"instance": "Grafana", "alertname": "TestAlert"}
    (signal,) = read_group(alert(labels=labels)).signals
    assert signal.dedup_key == "57c6d9296de2ad39"  # what Grafana's Test button sends for these labels


def test_without_a_fingerprint_a_resolved_signal_has_the_same_key_as_its_firing():
    firing, resolved = read_group(alert(), alert(status="resolved", endsAt="2026-03-01T08:00:00Z")).signals
    assert firing.dedup_key == resolved.dedup_key
    assert resolved.status is SignalStatus.RESOLVED


def test_an_alert_with_neither_fingerprint_nor_labels_cannot_be_read():
    with pytest.raises(UnreadableError, match="nothing identifies it"):
        read_group(alert(labels={}))


@pytest.mark.parametrize("alerts", [[], None])
def test_a_group_without_alerts_gives_no_signal(alerts):
    assert read("alertmanager", post({"status": "resolved", "alerts": alerts})) == Reading(())


def test_a_missing_status_is_that_of_the_group():
    (signal,) = read_group(alert(status=None), status="resolved").signals
    assert signal.status is SignalStatus.RESOLVED


def test_one_bad_alert_among_twenty_leaves_nineteen_signals_in_order():
    alerts = [alert(fingerprint=f"{n:04}") for n in range(20)]
    alerts[7] = alert(status="maybe")
    reading = read_group(*alerts)
    assert [signal.dedup_key for signal in reading.signals] == [f"{n:04}" for n in range(20) if n != 7]
    assert reading.bad_items == (BadItem(7, "The status must be firing or resolved, but is 'maybe'."),)


def test_a_body_of_bad_alerts_only_is_unreadable_and_says_how_many():
    with pytest.raises(UnreadableError, match=r"None of 2 alerts can be read\. The first: An alert must be an object"):
        read_group("up", 4)


@pytest.mark.parametrize("name", ["severity", "priority", "level"])
def test_the_severity_is_taken_as_given_from_its_label(name):
    (signal,) = read_group(alert(labels={"alertname": "Down", name: "Warnung"})).signals
    assert signal.severity == "Warnung"


def test_without_a_severity_label_there_is_no_severity():
    assert read_group(alert()).signals[0].severity is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "The body must be an object, but is a list"),
        ({"status": "firing"}, "has no 'alerts': is this really a webhook of Alertmanager"),
        ({"alerts": {}}, "'alerts' must be a list"),
        ({"alerts": [{"status": "firing", "labels": ["a"]}]}, "'labels' must be an object, but is a list"),
    ],
)
def test_what_is_no_alertmanager_body_is_refused_with_the_reason(body, reason):
    with pytest.raises(UnreadableError, match=reason):
        read("alertmanager", post(body))
