"""Channels that send nothing, and reports that nobody gets."""

from core.lint import lint
from core.rules import Rules
from functions.commands._offline import read_config
from tests.lint.sound import NOW, changed, findings, put, sound, told

MAIL = {"enabled": True, "recipients": ["boss@example.com"]}


def without_credentials():
    return changed("channels", {"email": {"url": ""}, "sms": {"url": ""}})


def test_no_channel_with_credentials_is_one_piece_of_advice():
    [finding] = findings(without_credentials())
    assert (finding.severity, finding.code, finding.path) == ("advice", "no-credentials", "channels")
    assert told(put(without_credentials(), "outbox", True)) == [("no-credentials", "channels")]


def test_it_names_what_to_set(monkeypatch):
    from core.config.validation import validated

    for name in ("EMAIL", "SLACK", "SMS", "PHONE"):
        monkeypatch.delenv(f"RUNG_{name}_URL", raising=False)
    written = read_config("config")
    [*_, finding] = lint(Rules(validated(written)), NOW, written=written)
    assert finding.mend.startswith("Set RUNG_EMAIL_URL, RUNG_SLACK_URL, RUNG_SMS_URL and RUNG_PHONE_URL, or")
    assert finding.file == "config/channels.yaml"


def test_an_outbox_that_holds_back_what_could_be_sent():
    assert told(changed("outbox", True)) == [("outbox-on", "outbox")]


def test_a_channel_that_is_switched_off_lacks_nothing():
    assert told(changed("channels.phone", False)) == []


def test_a_report_that_no_channel_mails():
    written = changed("reporting", {"daily_summary": MAIL})
    assert told(written) == []
    put(written, "channels.email", False)
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("report-unmailable", "channels")
    assert "the daily report cannot be mailed to boss@example.com" in finding.found


def test_a_report_goes_nowhere_without_credentials_and_one_that_is_off_to_nobody():
    assert told(put(without_credentials(), "reporting", {"daily_summary": MAIL})) == [("no-credentials", "channels")]
    written = changed("reporting", {"daily_summary": {**MAIL, "enabled": False}})
    assert told(put(written, "channels.email", False)) == []


def test_no_finding_shows_a_secret():
    for written in (sound(), changed("outbox", True), changed("reporting", {"daily_summary": MAIL})):
        assert "s3cret" not in repr(findings(put(written, "channels.email.url", "slack://rung@s3cret-1/{email}")))
