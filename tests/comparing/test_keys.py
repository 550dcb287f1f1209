"""What else was changed: by its key, never by its value."""

import pytest

from core.comparing.keys import all_changed_keys, changed_keys, simulated_keys
from core.config import Config
from tests.comparing.telling import sample


def keys(old, new, of=changed_keys):
    return list(of(Config.model_validate(old), Config.model_validate(new)))


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("people__user1__phone", "+15550109876", "people.user1.phone"),
        ("people__user1__telegram", "12345", "people.user1.telegram"),
        ("people__user1__pager", "77", "people.user1.pager (new)"),
        ("people__user1__prefer", ["sms"], "people.user1.prefer"),
        ("people__user1__slack", None, "people.user1.slack"),
        ("channels__sms__url", "twilio://AC1:hush@+15550109999/{phone}", "channels.sms.url"),
        ("channels__sms__quiet", True, "channels.sms.quiet"),
        ("channels__sms", False, "channels.sms"),
        ("channels__fax", {"url": "jsons://hush.example.com"}, "channels.fax (new)"),
        ("sources__grafana__token", "hush", "sources.grafana.token"),
        ("escalation__reopen_within", 60, "escalation.reopen_within"),
        ("response_tracking__acknowledgment_expires", 7200, "response_tracking.acknowledgment_expires"),
        ("response_tracking__timeouts__updates__high", 60, "response_tracking.timeouts.updates.high (new)"),
        ("response_tracking__tell_others", True, "response_tracking.tell_others"),
        ("sla__pause_on", ["snoozed"], "sla.pause_on"),
        ("bundling__every", 30, "bundling.every"),
        ("flapping__changes", 3, "flapping.changes"),
        ("holidays__dates", ["2026-12-24"], "holidays.dates"),
        ("retention__resolved", 86400, "retention.resolved"),
        ("reporting__metrics_interval", 60, "reporting.metrics_interval"),
        ("outbox", True, "outbox"),
        ("timezone", "Europe/Berlin", "timezone"),
        ("api_tokens__robot", "hush", "api_tokens.robot (new)"),
        ("replies__twilio__auth_token", "hush", "replies.twilio.auth_token"),
    ],
)
def test_each_is_named_by_its_key(path, value, key):
    found = keys(sample(), sample(**{path: value}))
    assert found == [key]
    assert not any("hush" in each for each in found)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("people__user1__quiet", {"high": ["sms"]}),
        ("rotations__oncall_primary__start_time", "10:00"),
        ("escalation__catch_all", ["vp"]),
        ("escalation__policies__high__max_repeats", 0),
        ("sources__grafana__policy", "high"),
        ("sources__grafana__default_severity", "low"),
        ("sources__probe", {"type": "generic"}),
        ("heartbeats__backup", {"interval": 60}),
        ("response_tracking__reminders__max_reminders", 1),
        ("response_tracking__timeouts__acknowledgment__high", 60),
        ("severities__default", "low"),
        ("routes", [{"match": {"title": "x"}, "policy": "high"}]),
    ],
)
def test_what_a_simulation_shows_or_words_tell_is_not_named_again(path, value):
    assert keys(sample(), sample(**{path: value})) == []


def test_people_who_come_and_go():
    new = sample(people__newbie={"email": "n@example.com"}, people__vp=None)
    assert keys(sample(), new) == ["people.vp (gone)", "people.newbie (new)"]


def test_what_stands_elsewhere_in_a_mapping_is_the_same():
    written = sample()
    turned = {**written, "people": dict(reversed(written["people"].items()))}
    assert keys(written, turned, all_changed_keys) == []


def test_what_a_simulation_may_show_is_named_by_its_entry():
    new = sample(rotations__oncall_primary__start_time="10:00", escalation__policies__high__max_repeats=0)
    assert keys(sample(), new, simulated_keys) == ["escalation.policies.high", "rotations.oncall_primary"]
    assert keys(sample(), new, all_changed_keys) == [
        "escalation.policies.high.max_repeats",
        "rotations.oncall_primary.start_time",
    ]
