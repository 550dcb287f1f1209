"""Zabbix: problems, recoveries and updates, as the script of docs/senders.md posts its macros."""

import pytest

from core.signals import UnreadableError
from core.sources import read
from tests.sources.bodies import load, post

PROBLEM = load("zabbix-problem.json")


def signal_of(**fields):
    (signal,) = read("zabbix", post(PROBLEM | fields)).signals
    return signal


def test_a_problem_is_read_whole():
    signal = signal_of()
    assert (signal.status, signal.dedup_key, signal.severity) == ("firing", "88017", "Disaster")
    assert signal.title == "Free disk space is below 5 %"
    assert signal.description.splitlines()[0] == "The volume /var is nearly full."
    assert signal.description.splitlines()[-1] == "Host: db-01"
    assert signal.link == "https://wiki.example.com/disks"
    assert signal.labels == {"component": "storage", "scope": "capacity", "host": "db-01", "host_ip": "192.0.2.17"}


def test_a_recovery_resolves_the_same_key():
    signal = signal_of(status="RESOLVED", value="0")
    assert (signal.status, signal.dedup_key) == ("resolved", "88017")


@pytest.mark.parametrize("action", ["acknowledged", "commented, acknowledged", "Acknowledged and changed severity"])
def test_an_acknowledgment_in_zabbix_is_one(action):
    assert signal_of(update_action=action).status == "acknowledged"


@pytest.mark.parametrize(
    "action",
    ["", "commented", "unacknowledged", "commented, unacknowledged", "{EVENT.UPDATE.ACTION}", "changed severity"],
)
def test_another_update_is_none(action):
    assert signal_of(update_action=action).status == "firing"


def test_a_recovery_of_what_was_acknowledged_is_a_recovery():
    assert signal_of(status="RESOLVED", update_action="acknowledged, closed").status == "resolved"


@pytest.mark.parametrize("status", ["{EVENT.STATUS}", "*UNKNOWN*", "7"])
def test_a_macro_that_zabbix_did_not_fill_in_is_refused(status):
    with pytest.raises(UnreadableError, match="is unknown"):
        signal_of(status=status)


@pytest.mark.parametrize("key", [None, "", " ", [], True])
def test_an_event_without_an_id_is_refused(key):
    with pytest.raises(UnreadableError, match=r"send \{EVENT.ID\} as id"):
        signal_of(id=key)


@pytest.mark.parametrize(
    ("tags", "labels"),
    [
        ("", {}),
        (None, {}),
        ("[]", {}),
        ("{EVENT.TAGSJSON}", {"tags": "{EVENT.TAGSJSON}"}),
        ('[{"tag": "a", "value": "1"}, {"tag": "a", "value": "2"}]', {"a": "2"}),
        ([{"tag": "a", "value": 1}, "odd", {"value": "none"}, {"tag": "b"}], {"a": "1", "b": ""}),
        ('{"a": 1}', {}),
        ("[" * 5000, {"tags": "[" * 499 + "…"}),
    ],
)
def test_tags_of_any_shape_cost_no_alert(tags, labels):
    assert signal_of(tags=tags, host_name="", host_ip="").labels == labels
