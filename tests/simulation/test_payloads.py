"""`rung simulate --payload`: the body of a webhook as each source sends it, read by the code that reads it live."""

import json

import pytest

from tests.simulation.terminal import DEFAULT, firings, rows, simulate
from tests.sources.bodies import FIXTURES


def alert(name, status="firing", severity="critical", **labels):
    """One alert of an Alertmanager body."""
    return {
        "status": status,
        "labels": {"alertname": name, "severity": severity, **labels},
        "annotations": {"summary": f"{name} happened"},
        "startsAt": "2026-11-20T16:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z" if status == "firing" else "2026-11-20T16:10:00Z",
        "generatorURL": "",
        "fingerprint": f"fp-{name}",
    }


@pytest.fixture
def body(tmp_path):
    """Write a body to a file and give its path; a text or bytes as they are, lists as an Alertmanager body."""

    def write(content):
        path = tmp_path / "body.json"
        if isinstance(content, list):
            content = {"version": "4", "groupKey": "g", "status": "firing", "receiver": "r", "alerts": content}
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        path.write_bytes(text)
        return path

    return write


@pytest.mark.parametrize(
    ("source", "file", "severity"),
    [
        ("generic", "generic-full.json", "high"),
        ("grafana", "grafana-unified.json", "medium"),
        ("grafana", "grafana-legacy.json", "medium"),
        ("alertmanager", "alertmanager-group.json", "critical"),
        ("uptime-kuma", "uptime-kuma-down.json", "critical"),
        ("pagerduty", "pagerduty-trigger.json", "high"),
    ],
)
def test_a_body_of_each_source_takes_the_policy_that_it_takes_live(source, file, severity):
    found = rows("--payload", FIXTURES / file, "--source", source, "--until", "0")
    assert [(row["event"], row["severity"]) for row in found if row["event"] == "routed"] == [("routed", severity)]
    assert firings(found) == [(0, "triggered", 0, "primary", 0)]


def test_several_alerts_of_one_body_each_have_a_course_and_rows_that_name_them(body):
    three = body([alert("Disk"), alert("Cpu", severity="warning"), alert("Net")])
    found = rows("--payload", three, "--source", "alertmanager", "--until", "11m")
    assert {row["alert"] for row in found} == {1, 2, 3}
    assert [(row["alert"], row["offset_seconds"]) for row in found if row["event"] == "escalated"] == [
        (1, 600),
        (3, 600),
    ]
    said = simulate("--payload", three, "--source", "alertmanager", "--at", "2026-11-20T16:30", "--until", "11m").stdout
    assert "Alerts 1 and 3 (critical), \u201cDisk happened\u201d, \u201cNet happened\u201d, come in on" in said
    assert "Alert 2, \u201cCpu happened\u201d (medium), comes in on" in said


def test_one_alert_alone_needs_no_number(body):
    found = rows("--payload", body([alert("Disk")]), "--source", "alertmanager", "--until", "0")
    assert all("alert" not in row for row in found)


def test_what_people_do_is_done_about_every_alert_of_the_body(body):
    two = body([alert("Old", status="resolved"), alert("Disk"), alert("Net")])
    found = rows("--payload", two, "--source", "alertmanager", "--ack", "5m", "--resolve", "9m:vp")
    done = [(row["alert"], row["event"], row["by"]) for row in found if row["event"] in {"acknowledged", "resolved"}]
    assert done == [
        (1, "acknowledged", "user1"),
        (2, "acknowledged", "user1"),
        (1, "resolved", "vp"),
        (2, "resolved", "vp"),
    ]


def test_two_signals_of_one_alert_are_one_alert(body):
    found = rows("--payload", body([alert("Disk"), alert("Disk")]), "--source", "alertmanager", "--until", "0")
    assert [row["event"] for row in found if row["event"] in {"triggered", "counted"}] == ["triggered", "counted"]


def test_an_alert_that_its_own_body_resolves_is_over_before_anybody_could_answer(body):
    both = body([alert("Disk"), alert("Disk", status="resolved")])
    found = rows("--payload", both, "--source", "alertmanager")
    assert [row["event"] for row in found if row["event"] != "notified"] == ["routed", "triggered", "resolved"]
    assert simulate("--payload", both, "--source", "alertmanager", "--ack", "1m").exit_code == 1


def test_a_body_that_only_resolves_raises_nothing_to_simulate(body):
    said = simulate("--payload", body([alert("Disk", status="resolved")]), "--source", "alertmanager")
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr == "rung: that body raises no alert, so there is nothing to simulate\n"


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b"\xff\xfe\x00", b'{"alerts": 5}', b"{}"])
@pytest.mark.parametrize("source", ["alertmanager", "grafana", "uptime-kuma", "pagerduty"])
def test_a_body_that_cannot_be_read_is_wrong_usage(body, content, source):
    said = simulate("--payload", body(content), "--source", source)
    assert (said.exit_code, said.stdout) == (2, "")
    assert "cannot read this body" in said.stderr or "raises no alert" in said.stderr


def test_one_bad_item_is_told_and_the_others_are_simulated(body):
    said = simulate("--payload", body([alert("Disk"), 17]), "--source", "alertmanager", "--until", "0", "--json")
    assert said.exit_code == 0
    assert said.stderr.startswith("rung: item 2 of the body cannot be read: ")
    assert len(firings(json.loads(said.stdout))) == 1


def test_a_source_that_config_does_not_know_is_wrong_usage(body):
    said = simulate("--payload", body([alert("Disk")]), "--source", "grafna")
    assert said.exit_code == 2
    assert "config has no source 'grafna' (did you mean grafana?)" in said.stderr


def test_so_it_is_of_an_alert_that_is_described():
    said = simulate("--severity", "critical", "--source", "grafna")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "config has no source 'grafna' (did you mean grafana?)" in said.stderr
    assert simulate("--severity", "critical", "--source", "heartbeat", "--until", "0").exit_code == 0


def test_a_body_says_itself_what_the_alert_is(body):
    for words in (["--severity", "low"], ["--title", "Disk"], ["--label", "team=db"]):
        assert simulate("--payload", body([alert("Disk")]), "--source", "alertmanager", *words).exit_code == 2
    assert simulate().exit_code == 2
    assert "--severity critical, or --payload FILE" in simulate().stderr
    assert simulate("--payload", DEFAULT / "no-such-file.json").exit_code == 2


def test_labels_and_title_take_the_routes_that_match_them(tmp_path):
    folder = tmp_path / "config"
    folder.mkdir()
    for file in DEFAULT.glob("*.yaml"):
        (folder / file.name).write_text(file.read_text("utf-8"), "utf-8")
    routes = [
        {"name": "databases", "match": {"labels": {"team": "db"}}, "policy": "critical"},
        {"name": "quiet", "match": {"title": "/backup/"}, "severity": "low"},
    ]
    path = folder / "zz_routes.yaml"
    path.write_text(json.dumps({"routes": routes}), "utf-8")
    by_label = rows("--severity", "low", "--label", "team=db", "--until", "0", config=folder)
    by_title = rows("--severity", "high", "--title", "the backup failed", "--until", "0", config=folder)
    assert (by_label[0]["policy"], by_label[0]["route"]) == ("critical", "databases")
    assert (by_title[0]["severity"], by_title[0]["route"]) == ("low", "quiet")
    said = simulate("--severity", "low", "--label", "team=db", "--until", "0", config=folder).stdout
    assert "policy critical by route databases." in " ".join(said.split())
    assert "--label team: write NAME=VALUE" in simulate("--severity", "low", "--label", "team").stderr
