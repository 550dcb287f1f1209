import pytest

from core.config import Config, severity_of
from core.severity import Severity


def config_with(**more):
    level = {
        "level": "one",
        "delay": 0,
        "notification_channels": ["email"],
        "responders": ["ada"],
        "timeout": 60,
    }
    policy = {"levels": [level], "repeat_interval": 0, "max_repeats": 0, "sla_timeout": 60}
    escalation = {"policies": {"medium": policy}, "catch_all": [], "default_policy": "medium"}
    base = {"escalation": escalation, "people": {"ada": {}}, "channels": {"email": {"url": ""}}}
    return Config.model_validate(base | more)


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("critical", "critical"),
        (" CRITICAL ", "critical"),
        ("page", "critical"),
        ("Disaster", "critical"),
        ("P1", "critical"),
        ("Sev0", "critical"),
        ("error", "high"),
        ("Average", "high"),
        ("P2", "high"),
        ("warning", "medium"),
        ("P3", "medium"),
        ("info", "low"),
        ("none", "low"),
        ("OK", "low"),
        ("p5", "low"),
    ],
)
def test_the_usual_words_are_known(word, severity):
    assert severity_of(config_with(), "grafana", word) is Severity(severity)


@pytest.mark.parametrize("word", [None, "", "Warnung", "banana"])
def test_a_word_nobody_knows_takes_the_default_and_the_source_s_own_first(word):
    config = config_with(
        sources={"grafana": {}, "uptime-kuma": {"default_severity": "high"}}, severities={"default": "low"}
    )
    assert severity_of(config, "grafana", word) is Severity.LOW
    assert severity_of(config, "uptime-kuma", word) is Severity.HIGH
    assert severity_of(config, "not-a-source", word) is Severity.LOW
    assert severity_of(config_with(), "grafana", word) is Severity.MEDIUM


def test_a_source_s_own_words_come_before_all_others():
    config = config_with(sources={"grafana": {"severities": {"Page ": "low", "Meltdown": "critical"}}, "generic": {}})
    assert severity_of(config, "grafana", "PAGE") is Severity.LOW
    assert severity_of(config, "grafana", "meltdown") is Severity.CRITICAL
    assert severity_of(config, "grafana", "error") is Severity.HIGH
    assert severity_of(config, "generic", "page") is Severity.CRITICAL


def test_written_words_replace_the_built_in_ones_but_the_four_names_stay():
    config = config_with(severities={"words": {"high": ["Boom"]}})
    assert severity_of(config, "generic", "boom") is Severity.HIGH
    assert severity_of(config, "generic", "error") is Severity.MEDIUM
    assert severity_of(config, "generic", "Critical") is Severity.CRITICAL
