"""The alert's record: what is written is read back, small, and by later versions too."""

import json
from datetime import timedelta

import pytest
from pydantic import ValidationError

from core import alert as module
from core.alert import RECORD_VERSION, Status, load
from core.commands import Acknowledge, Escalate, Fire, Resolve, Snooze, Suppress
from core.lifecycle import trigger
from core.severity import Severity
from tests.samples import RULES, T0, at, decided, left_alone, signal, triggered


@pytest.mark.parametrize(
    "commands",
    [
        [],
        [Acknowledge("user2", "link")],
        [Escalate("user2", "api"), Suppress("night")],
        [Snooze("user2", "api", at(5000))],
        [Resolve("user2", "api")],
    ],
)
def test_a_record_is_read_back_as_it_was_written(commands):
    alert = triggered()
    for second, command in enumerate(commands, 1):
        alert = decided(alert, command, at(second)).alert
    assert load(alert.dump()) == alert
    assert load(alert.dump().encode()) == alert


def test_a_record_of_a_used_up_ladder_is_read_back():
    alert, _ = left_alone(triggered(), 30_000)
    assert load(alert.dump()) == alert


@pytest.mark.parametrize("text", ["🔥 ümlaut", '"record_version":9,', "\n\t\x00", "'; DROP", "x" * 10_000])
def test_whatever_a_sender_wrote_is_read_back(text):
    said = signal(key=text, title=text, description=text, labels={text: text})
    fire = Fire("generic", said, Severity.LOW, *RULES.policy_for("generic", Severity.LOW))
    alert = trigger(1, fire, T0, RULES).alert
    assert load(alert.dump()) == alert


def test_instants_keep_their_microseconds():
    alert = triggered(now=T0 + timedelta(microseconds=123_457))
    assert load(alert.dump()).created_at == T0 + timedelta(microseconds=123_457)


def test_what_stands_at_its_default_is_left_out():
    assert "acknowledged_by" not in triggered().dump()
    assert len(triggered("low").dump()) < 1200


def test_the_version_stands_first_so_that_it_is_found_without_reading_the_rest():
    assert triggered().dump().startswith(f'{{"record_version":{RECORD_VERSION},')


def test_the_order_of_the_fields_does_not_matter():
    alert = triggered()
    record = dict(reversed(json.loads(alert.dump()).items()))
    assert load(json.dumps(record)) == alert


def test_a_record_of_a_newer_rung_is_refused_and_named():
    record = json.loads(triggered().dump()) | {"record_version": RECORD_VERSION + 1}
    with pytest.raises(ValueError, match=r"alert 1 was written by a newer Rung \(record version 2\)"):
        load(json.dumps(record))


def test_a_record_of_an_older_rung_is_upgraded_step_by_step(monkeypatch):
    steps = {
        -1: lambda fields: fields | {"title": fields["title"] + " (from -1)"},
        0: lambda fields: fields | {"title": fields["title"] + " (from 0)"},
    }
    monkeypatch.setattr(module, "_UPGRADES", steps)
    record = json.loads(triggered().dump()) | {"record_version": -1}
    alert = load(json.dumps(record))
    assert (alert.title, alert.record_version) == ("Disk is full (from -1) (from 0)", RECORD_VERSION)


@pytest.mark.parametrize("damaged", ["", "{}", "null", '{"record_version":1,', '{"record_version":1,"id":1}'])
def test_a_damaged_record_is_no_alert(damaged):
    with pytest.raises((ValueError, KeyError, TypeError)):
        load(damaged)


def test_an_alert_cannot_be_changed_in_place():
    alert = triggered()
    with pytest.raises(ValidationError, match="frozen"):
        alert.status = Status.RESOLVED
