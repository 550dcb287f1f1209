"""Healthchecks: the whole check, a template of one's own, the Test button, and the addresses never taken over."""

import json

import pytest

from core.signals import SignalStatus, UnreadableError, Webhook
from core.sources import read
from tests.sources.bodies import load, post

CHECK = load("healthchecks-down.json")


def signal_of(check):
    (signal,) = read("healthchecks", post(check)).signals
    return signal


def test_a_check_that_is_down_is_read_whole():
    signal = signal_of(CHECK)
    assert (signal.status, signal.dedup_key, signal.severity) == ("firing", CHECK["uuid"], None)
    assert (signal.title, signal.description) == ("Backup of db-01", "every night at two")
    assert signal.labels == {"tags": "prod db", "slug": "backup-db-01"}


def test_a_check_that_is_up_again_resolves_the_same_key():
    signal = signal_of(CHECK | {"status": "up"})
    assert (signal.status, signal.dedup_key) == ("resolved", CHECK["uuid"])


def test_no_address_that_pings_or_changes_the_check_gets_into_the_signal():
    assert "s3cret" in json.dumps(CHECK)
    assert "s3cret" not in repr(signal_of(CHECK))
    assert signal_of(CHECK).link is None


def test_the_test_button_is_a_test():
    assert signal_of(CHECK | {"name": "TEST", "n_pings": 42}).status is SignalStatus.TEST


@pytest.mark.parametrize(
    "like", [{"name": "TEST"}, {"n_pings": 42}, {"name": "Test", "n_pings": 42}, {"name": ["TEST"], "n_pings": 42}]
)
def test_a_check_that_is_only_like_the_test_fires(like):
    assert signal_of(CHECK | like).status is SignalStatus.FIRING


@pytest.mark.parametrize("name", ["uuid", "alert", "code"])
def test_a_template_of_ones_own_is_read_without_a_content_type(name):
    body = json.dumps({name: "5b1e7d20", "state": "down", "title": "Backup is down", "tags": "prod"})
    (signal,) = read("healthchecks", Webhook(body.encode())).signals
    assert (signal.status, signal.dedup_key, signal.title) == ("firing", "5b1e7d20", "Backup is down")


def test_without_a_code_the_name_is_the_key():
    assert signal_of({"name": "Backup", "status": "up"}).dedup_key == "Backup"


def test_a_check_without_a_name_has_its_code_as_the_title():
    assert signal_of({"uuid": "5b1e7d20", "status": "down"}).title == "5b1e7d20"


@pytest.mark.parametrize("check", [{}, {"status": "down"}, {"name": " "}, {"uuid": ["x"]}, [], "x", None])
def test_a_check_that_nothing_identifies_is_refused(check):
    with pytest.raises(UnreadableError):
        signal_of(check)


@pytest.mark.parametrize("status", ["grace", "paused", "$STATUS"])
def test_a_status_that_is_neither_down_nor_up_is_refused(status):
    with pytest.raises(UnreadableError, match="is unknown"):
        signal_of(CHECK | {"status": status})
