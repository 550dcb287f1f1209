"""Grafana: unified alerts, the Test button, no data, and the dashboard alerts of old."""

import pytest

from core.signals import Reading, SignalStatus, UnreadableError
from core.sources import read
from tests.sources.bodies import load, post


def read_unified(change):
    body = load("grafana-unified.json")
    change(body)
    return read("grafana", post(body)).signals


def read_legacy(**fields):
    return read("grafana", post(load("grafana-legacy.json") | fields))


def test_each_alert_has_its_own_status_though_the_group_still_fires():
    first, second = read("grafana", post(load("grafana-unified.json"))).signals
    assert (first.status, first.dedup_key) == ("firing", "1111222233334444")
    assert (second.status, second.dedup_key) == ("resolved", "5555666677778888")


def test_the_link_is_the_panel_then_the_dashboard_then_the_rule():
    def without_panel(body):
        body["alerts"][0]["panelURL"] = ""

    def without_dashboard(body):
        without_panel(body)
        body["alerts"][0]["dashboardURL"] = ""

    links = [read_unified(change)[0].link for change in (dict, without_panel, without_dashboard)]
    assert links == [
        "https://grafana.test/d/shop?viewPanel=3",
        "https://grafana.test/d/shop",
        "https://grafana.test/alerting/grafana/abc/view",
    ]


def test_the_severity_is_the_label_and_never_an_annotation():
    first, second = read("grafana", post(load("grafana-unified.json"))).signals
    assert (first.severity, second.severity) == ("warning", None)


def test_the_reason_grafana_gives_for_a_state_is_told():
    signal = read("grafana", post(load("grafana-unified.json"))).signals[1]
    assert signal.description == "Slower than 2 s\nGrafana's reason for this state: MissingSeries"


@pytest.mark.parametrize("name", ["DatasourceNoData", "DatasourceError"])
def test_no_data_fires_under_the_name_of_its_rule(name):
    def no_data(body):
        body["alerts"][0]["labels"] |= {"alertname": name, "rulename": "Latency"}
        body["alerts"][0]["annotations"] = {}

    signal = read_unified(no_data)[0]
    assert (signal.status, signal.title) == ("firing", f"{name}: Latency")


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(groupKey="test-1111222233334444-1700000000"),
        lambda body: body["alerts"][0]["labels"].update(alertname="TestAlert", instance="Grafana"),
    ],
    ids=["group key", "labels"],
)
def test_the_test_button_is_a_test_though_it_says_firing(change):
    assert read_unified(change)[0].status is SignalStatus.TEST


def test_a_rule_called_test_alert_on_a_real_host_is_no_test():
    def named(body):
        body["alerts"][0]["labels"].update(alertname="TestAlert", instance="db-01")

    assert read_unified(named)[0].status is SignalStatus.FIRING


def test_an_odd_group_key_does_not_matter():
    assert read_unified(lambda body: body.update(groupKey=[1]))[0].status is SignalStatus.FIRING


def test_html_in_a_summary_stays_the_text_it_is():
    def html(body):
        body["alerts"][0]["annotations"]["summary"] = '<b>5xx</b> & "login"'

    assert read_unified(html)[0].title == '<b>5xx</b> & "login"'


def test_a_legacy_alert_is_identified_by_its_rule_and_titled_without_its_state():
    (signal,) = read_legacy().signals
    assert (signal.status, signal.dedup_key, signal.title) == ("firing", "12", "Load alert")
    assert (signal.link, signal.description) == ("https://grafana.test/d/load?panelId=7", "The load is high")
    assert signal.labels == {"team": "infra"}


def test_a_legacy_recovery_has_the_same_key_and_title_as_its_firing():
    (firing,) = read_legacy().signals
    (resolved,) = read_legacy(state="ok", title="[OK] Load alert").signals
    assert resolved.status is SignalStatus.RESOLVED
    assert (resolved.dedup_key, resolved.title) == (firing.dedup_key, firing.title)


def test_a_legacy_rule_without_data_fires():
    assert read_legacy(state="no_data").signals[0].status is SignalStatus.FIRING


@pytest.mark.parametrize("state", ["paused", "pending"])
def test_a_legacy_rule_that_waits_is_nothing_to_report(state):
    assert read_legacy(state=state) == Reading(())


def test_the_legacy_test_button_is_a_test():
    assert read_legacy(ruleName="Test notification", ruleId=0).signals[0].status is SignalStatus.TEST


def test_the_legacy_rule_number_zero_is_a_key():
    assert read_legacy(ruleId=0).signals[0].dedup_key == "0"


def test_without_a_rule_number_its_name_is_the_key():
    assert read_legacy(ruleId=None).signals[0].dedup_key == "Load alert"


def test_a_legacy_link_that_is_no_address_is_left_out():
    assert read_legacy(ruleUrl="dontcare").signals[0].link is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "odd"}, "The state must be one of alerting, no_data, ok, paused, pending, but is 'odd'"),
        ({"ruleId": None, "ruleName": ""}, "neither 'ruleId' nor 'ruleName'"),
        ({"tags": ["a"]}, "'tags' must be an object, but is a list"),
    ],
)
def test_a_legacy_body_that_cannot_be_read_says_why(change, reason):
    with pytest.raises(UnreadableError, match=reason):
        read_legacy(**change)


def test_a_body_that_is_not_of_grafana_says_so():
    with pytest.raises(UnreadableError, match="really a webhook of Grafana"):
        read("grafana", post({"hello": "world"}))
