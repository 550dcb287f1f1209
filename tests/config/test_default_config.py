"""The requirement's names and numbers, written out once more: the config that Rung brings must have them."""

import shutil
import time
from datetime import datetime
from datetime import time as clock
from pathlib import Path

import pytest

from core.adapters.config_files import load
from core.config import outbox_mode
from core.config.bundling import Bundling
from core.config.severities import DEFAULT_WORDS
from core.rotations import on_call
from core.rules import Rules
from core.severity import Severity

FOLDER = Path(__file__).parents[2] / "config"
URLS = {
    "RUNG_EMAIL_URL": "mailtos://user:password@smtp.example.com?from=rung@example.com&to={email}",
    "RUNG_SLACK_URL": "slack://rung@xoxb-YOUR-BOT-TOKEN/{slack}",
    "RUNG_SMS_URL": "twilio://ACCOUNT_SID:AUTH_TOKEN@+15550109999/{phone}",
    "RUNG_PHONE_URL": "twilio://ACCOUNT_SID:AUTH_TOKEN@+15550109999/{phone}?method=call",
}


@pytest.fixture(scope="module")
def config():
    return load(FOLDER, {})


def ladder(policy):
    return [
        (level.level, level.delay, level.notification_channels, level.responders, level.timeout)
        for level in policy.levels
    ]


def limits(policy):
    return policy.repeat_interval, policy.max_repeats, policy.sla_timeout


def by_name(mapping):
    return {severity.value: value for severity, value in mapping.items()}


def test_the_critical_policy(config):
    policy = config.escalation.policies["critical"]
    assert ladder(policy) == [
        ("primary", 0, ("email", "slack", "sms"), ("oncall_primary",), 300),
        ("secondary", 600, ("email", "slack", "sms", "phone"), ("oncall_secondary",), 600),
        ("manager", 1800, ("email", "slack", "sms", "phone"), ("team_manager",), 1800),
        ("executive", 3600, ("email", "slack", "sms", "phone"), ("director", "vp"), 3600),
    ]
    assert limits(policy) == (7200, 3, 3600)


def test_the_high_policy(config):
    policy = config.escalation.policies["high"]
    assert ladder(policy) == [
        ("primary", 0, ("email", "slack"), ("oncall_primary",), 900),
        ("secondary", 1800, ("email", "slack", "sms"), ("oncall_secondary",), 1800),
        ("manager", 3600, ("email", "slack", "sms"), ("team_manager",), 3600),
    ]
    assert limits(policy) == (14400, 2, 7200)


def test_the_medium_policy(config):
    policy = config.escalation.policies["medium"]
    assert ladder(policy) == [
        ("primary", 0, ("email", "slack"), ("oncall_primary",), 3600),
        ("secondary", 7200, ("email", "slack"), ("oncall_secondary",), 7200),
    ]
    assert limits(policy) == (28800, 1, 14400)


def test_low_is_one_level_of_mail_and_every_severity_has_a_policy(config):
    [level] = config.escalation.policies["low"].levels
    assert level.notification_channels == ("email",)
    assert set(config.escalation.policies) == {severity.value for severity in Severity}


def test_what_holds_for_all_policies(config):
    escalation = config.escalation
    assert (escalation.default_policy, escalation.catch_all, escalation.reopen_within) == (
        "medium",
        ["team_manager"],
        300,
    )


@pytest.mark.parametrize(
    ("name", "members"),
    [("oncall_primary", ("user1", "user2", "user3")), ("oncall_secondary", ("user4", "user5", "user6"))],
)
def test_the_rotations(config, name, members):
    rotation = config.rotations[name]
    assert rotation.type == "weekly"
    assert tuple(member.name for member in rotation.members) == members
    assert rotation.start_time == clock(9, 0)
    assert rotation.handoff_day == "monday"
    assert (rotation.timezone, rotation.start_date) == (None, None)


def test_the_people(config):
    assert set(config.people) == {*(f"user{n}" for n in range(1, 7)), "team_manager", "director", "vp"}
    assert config.people["team_manager"].email == "manager@example.com"
    assert config.people["director"].email == "director@example.com"
    for person in config.people.values():
        assert set(person.contacts) == {"email", "phone", "slack"}
        assert person.phone.startswith("+1555010")


def test_response_tracking(config):
    tracking = config.response_tracking
    assert tracking.acknowledgment_timeout == 300
    assert tracking.resolution_reminders.model_dump() == {"interval": 1800, "max_reminders": 3}
    assert tracking.sla_monitoring.model_dump() == {
        "enabled": True,
        "warning_threshold": 0.8,
        "notification_channels": ("email", "slack"),
    }
    assert by_name(tracking.timeouts.acknowledgment) == {
        "critical": 300,
        "high": 900,
        "medium": 1800,
        "low": 3600,
    }
    assert by_name(tracking.timeouts.updates) == {"critical": 900, "high": 1800, "medium": 3600, "low": 7200}
    assert by_name(tracking.reminders.interval) == {"critical": 300, "high": 600, "medium": 1800, "low": 3600}
    assert tracking.reminders.enabled is True
    assert (tracking.reminders.max_reminders, tracking.reminders.channels) == (3, ("email", "slack"))


def test_sla_definitions(config):
    definitions = {
        name: (each.acknowledgment_time, each.resolution_time, each.business_hours, each.allowed_breaches)
        for name, each in by_name(config.sla.definitions).items()
    }
    assert definitions == {
        "critical": (300, 3600, False, 0),
        "high": (1800, 14400, True, 1),
        "medium": (3600, 28800, True, 2),
        "low": (7200, 86400, True, 3),
    }


def test_sla_hours_monitoring_and_reporting(config):
    hours = config.sla.business_hours
    assert (hours.start_time, hours.end_time, hours.timezone) == (clock(9, 0), clock(17, 0), "UTC")
    assert sorted(hours.weekdays) == [0, 1, 2, 3, 4]
    assert config.sla.monitoring.model_dump() == {
        "check_interval": 60,
        "warning_threshold": 0.8,
        "notification_channels": ("email", "slack"),
    }
    assert config.sla.reporting.model_dump() == {
        "enabled": True,
        "interval": "daily",
        "recipients": ("manager@example.com",),
        "include_details": True,
    }


def test_reporting(config):
    assert config.reporting.metrics_interval == 3600
    assert config.reporting.daily_summary.model_dump() == {
        "enabled": True,
        "time": clock(0, 0),
        "recipients": ("manager@example.com",),
    }
    assert config.reporting.weekly_report.model_dump() == {
        "enabled": True,
        "day": "monday",
        "time": clock(9, 0),
        "recipients": ("director@example.com",),
    }


def test_the_sources_and_the_one_to_try_rung_out(config):
    assert {name: source.type for name, source in config.sources.items()} == {
        "grafana": "grafana",
        "alertmanager": "alertmanager",
        "uptime-kuma": "uptime-kuma",
        "pagerduty": "pagerduty",
        "generic": "generic",
        "demo": "generic",
    }
    assert config.sources["uptime-kuma"].default_severity is Severity.HIGH
    assert (config.sources["demo"].policy, config.sources["demo"].speedup) == ("critical", 30)
    assert config.sources["generic"].speedup == 1


def test_all_sources_share_the_token_of_the_environment(config):
    assert {source.token.get_secret_value() for source in config.sources.values()} == {""}
    tokens = load(FOLDER, {"RUNG_SOURCE_TOKEN": "abc"}).sources.values()
    assert {source.token.get_secret_value() for source in tokens} == {"abc"}


def test_the_words_written_out_are_the_built_in_ones(config):
    assert config.severities.words == DEFAULT_WORDS


def test_without_credentials_it_pages_into_the_outbox_by_the_clock_of_utc(config):
    assert outbox_mode(config)
    assert (config.timezone, config.outbox, config.api_tokens) == ("UTC", False, {})


def test_a_storm_is_bundled_after_five_messages_in_a_minute_every_twenty_seconds(config):
    assert config.bundling.model_dump() == {"after": 5, "window": 60, "every": 20}
    assert config.bundling == Bundling()


def test_the_choices_of_a_person_in_its_comments_work(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "config")
    written = (folder / "oncall.yaml").read_text()
    choices = "".join(f"    {line.removeprefix('#').strip()}\n" for line in written.splitlines() if _is_choice(line))
    (folder / "oncall.yaml").write_text(written.replace("    name: User One\n", f"    name: User One\n{choices}"))
    person = load(folder, {}).people["user1"]
    assert person.prefer == ("slack", "sms", "phone")
    assert person.quiet == {"low": ("sms", "phone"), "medium": ("phone",)}


def _is_choice(line: str) -> bool:
    return line.startswith(("#     prefer:", "#     quiet:"))


def test_the_examples_in_its_comments_work():
    comments = (FOLDER / "channels.yaml").read_text()
    assert all(f"{name}='{url}'" in comments for name, url in URLS.items())
    channels = load(FOLDER, URLS).channels
    assert {name: set(channel.needs) for name, channel in channels.items()} == {
        "email": {"email"},
        "slack": {"slack"},
        "sms": {"phone"},
        "phone": {"phone"},
    }
    assert not outbox_mode(load(FOLDER, URLS))


def test_the_rotation_in_its_comments_works(tmp_path):
    folder = tmp_path / "config"
    shutil.copytree(FOLDER, folder)
    written = (folder / "oncall.yaml").read_text()
    example, rest = written.partition("# holidays:")[2].split("\nrotations:", 1)
    uncommented = "holidays:" + example.replace("\n# ", "\n").replace("\n#\n", "\n")
    (folder / "oncall.yaml").write_text(f"{uncommented}{rest}")
    config = load(folder, {})
    assert set(config.rotations) == {"office", "oncall_primary", "oncall_secondary"}
    assert config.holidays.countries == ("DE-BY", "US-CA")
    office = Rules(config).plans["office"]
    instants = ["2026-01-05T09:00", "2026-01-06T12:00", "2026-01-07T12:00", "2026-01-09T23:00", "2026-01-10T12:00"]
    assert [on_call(office, datetime.fromisoformat(f"{each}Z")) for each in instants] == [
        "user1",
        "user4",  # Epiphany is a holiday in Bavaria
        "user3",
        "user5",
        None,
    ]


def test_it_loads_quickly():
    def seconds():
        start = time.perf_counter()
        load(FOLDER, {})
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.05
