"""GET /reports and its kinds: JSON for programs, a page for browsers, a file, CSV; what strangers wrote stays text."""

import csv
import io
import random
import re

import pytest

from core.adapters.chart_process import charts_of
from core.facts import Clock, Life
from tests.apps import App, error
from tests.functions.browsers import Browser, signed_in, text
from tests.reports.rows import ALL, at, facts
from tests.reports.seeds import keep
from tests.samples import T0

MONDAY = "from=2026-11-23&to=2026-11-24"
EVIL = '<img src=x onerror="alert(1)"> =HYPERLINK("http://evil.example")'
SLA = {
    "definitions": {
        "critical": {
            "acknowledgment_time": 300,
            "resolution_time": 3600,
            "business_hours": False,
            "allowed_breaches": 0,
        }
    }
}
REPORTING = {"daily_summary": {"enabled": True, "time": "08:00", "recipients": ["manager@example.com"]}}


@pytest.fixture
def app(client, redis_server, tmp_path, monkeypatch):
    """Without charts: to draw them takes a second."""
    monkeypatch.setattr("functions.reports.charts_of", lambda _client, _view, names: dict.fromkeys(names, b"\x89PNG"))
    app = App(tmp_path, redis_server.url, sla=SLA, reporting=REPORTING)
    app.now = T0.replace(day=24, hour=12)
    yield app
    app.redis.close()


def test_the_figures_of_a_window_as_json(app):
    keep(app.redis, ALL)
    found = app.get(f"/reports/daily?{MONDAY}").json
    assert (found["report"], found["from"], found["to"]) == ("daily", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")
    assert found["figures"]["alerts"] == {
        "opened": 3,
        "reopened": 1,
        "acknowledged": 2,
        "resolved": 2,
        "cleared_unacknowledged": 1,
        "exhausted": 1,
        "repeats": 1,
        "reminders": 1,
    }
    assert found["figures"]["time_to_acknowledge"] == {"count": 2, "mean": 660.0, "median": 660.0, "p90": 1200.0}
    assert found["figures"]["pages"]["night"] == 2
    assert found["figures"]["sla"]["labels"] == {"team=shop": {"kept": 2, "breached": 1, "share": 2 / 3}}
    assert found["budgets"] == [
        {
            "severity": "critical",
            "from": "2026-11-23T00:00:00Z",
            "to": "2026-11-24T00:00:00Z",
            "over": True,
            "allowed": 0,
            "used": 1,
            "left": 0,
            "compliant": False,
            "gone_at": None,
            "overdrawn_at": "2026-11-23T23:05:00Z",
        }
    ]
    assert [each["id"] for each in found["alerts"]] == [3, 2, 1], "the worst first"
    assert found["alerts_in_all"] == 3


def test_the_window_that_ended_last_is_the_one_of_the_mail(app):
    found = app.get("/reports/daily").json
    assert (found["from"], found["to"], found["over"]) == ("2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z", True)
    found = app.get("/reports/daily?current=1").json
    assert (found["from"], found["to"]) == ("2026-11-24T08:00:00Z", "2026-11-24T12:00:00Z")
    found = app.get("/reports/sla").json
    assert (found["from"], found["to"]) == ("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")


def test_an_open_alert_is_in_the_report_at_once(app):
    app.fires("Disk is full")
    app.passes(1)
    found = app.get("/reports/daily?current=1").json
    assert (found["figures"]["alerts"]["opened"], found["alerts"][0]["title"]) == (1, "Disk is full")
    assert found["alerts"][0]["acknowledged_at"] is None
    assert found["open"] == {"at": "2026-11-24T12:00:01Z", "open": 1, "unanswered": 1, "exhausted": 0}
    page = text(signed_in(app).get("/reports/daily?current=1"))
    assert "Open at Tue 24 Nov 12:00: 1 alert, 1 unanswered." in page


def test_of_a_window_that_is_over_the_last_snapshot_tells_what_was_open(app):
    app.fires("Disk is full")
    assert app.get(f"/reports/daily?{MONDAY}").json["open"] is None, "nobody knows any more"
    for hour, still_open in ((0, 2), (23, 4), (24, 3), (25, 9)):
        shot = {"open": still_open, "unanswered": 2, "exhausted": 1, "opened": 0, "mtta": None}
        app.rung.reports.add_snapshot(int(T0.replace(hour=0).timestamp()) + 3600 * hour, shot)
    found = app.get(f"/reports/daily?{MONDAY}").json
    assert found["open"] == {"at": "2026-11-24T00:00:00Z", "open": 3, "unanswered": 2, "exhausted": 1}
    page = text(signed_in(app).get(f"/reports/daily?{MONDAY}"))
    assert "Open at Tue 24 Nov 00:00: 3 alerts, 2 unanswered, 1 exhausted. Nothing happened: no new alerts" in page


def test_an_empty_window_is_zeros_and_never_an_error(app):
    for kind in ("daily", "weekly", "sla"):
        found = app.get(f"/reports/{kind}").json
        assert found["figures"]["alerts"]["opened"] == 0
        assert found["figures"]["time_to_acknowledge"] == {"count": 0, "mean": None, "median": None, "p90": None}
        page = signed_in(app).get(f"/reports/{kind}")
        assert "Nothing happened: no new alerts, nobody was paged, no SLA came due." in text(page)


def test_what_got_worse_since_the_window_before_is_said(app):
    keep(app.redis, ALL)
    keep(app.redis, [facts(9, Life(at("10:00") - 86_400_000, at("10:00:30") - 86_400_000, "user1"))])
    changes = app.get(f"/reports/daily?{MONDAY}").json["changes"]
    told = [change["text"] for change in changes if change["worse"]]
    assert "Time to acknowledge (median) rose from 30 s to 11 min." in told
    assert "New alerts rose from 1 to 3." in told
    assert "SLA breaches rose from 0 to 2." in told


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=yesterday", "from: 'yesterday' is no instant; write 2026-11-22 or 2026-11-22T09:00:00Z"),
        ("from=2026-11-24&to=2026-11-23", "the window is empty"),
        ("from=2027-01-01&to=2027-01-02", "the window lies in the future"),
        ("from=0001-01-01&to=2026-01-01", "longer than ten years"),
        ("from=0001-01-01&to=0001-01-02", "between 1970 and ten years from now"),
        ("to=0001-01-01", "between 1970 and ten years from now"),
        ("to=9999-12-31T23:59:59.999999Z", "between 1970 and ten years from now"),
        ("from=0001-01-01T00:00:00%2B23:59", "no instant"),
        ("format=pdf", "format: 'pdf' is none of json, html, csv"),
    ],
)
def test_a_window_or_form_that_is_none_is_refused_with_the_reason(app, query, words):
    answer = app.get(f"/reports/daily?{query}")
    assert answer.status_code == 400
    assert words in error(answer)


@pytest.mark.parametrize("query", ["to=1970-01-01", "from=1970-01-01&to=1970-01-02", "to=2036-11-20&from=2026-11-20"])
def test_a_window_at_the_edge_of_what_can_be_asked_for_is_counted(app, query):
    for form in ("json", "html", "csv"):
        assert app.get(f"/reports/sla?{query}&format={form}").status_code == 200


def test_there_is_no_other_report(app):
    assert app.get("/reports/monthly").status_code == 404


def test_a_day_is_read_by_the_clock_of_the_config(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, timezone="Europe/Berlin")
    app.now = T0.replace(day=24, hour=12)
    found = app.get(f"/reports/daily?{MONDAY}").json
    assert (found["from"], found["timezone"]) == ("2026-11-22T23:00:00Z", "Europe/Berlin")
    found = app.get("/reports/daily?from=2026-11-23T09:00:00+01:00").json
    assert found["from"] == "2026-11-23T08:00:00Z"


def test_a_browser_gets_a_page_with_charts_that_its_policy_lets_through(app):
    keep(app.redis, ALL)
    answer = signed_in(app).get(f"/reports/daily?{MONDAY}")
    assert "Daily summary: Monday 23 November 2026" in text(answer)
    assert "3 new alerts, 2 resolved (1 opened again, 1 cleared by the source before anybody answered)." in text(answer)
    assert 'src="data:image/png;base64,' in answer.text
    assert "img-src data:" in answer.headers["Content-Security-Policy"]
    assert "img-src" not in signed_in(app).get("/alerts").headers["Content-Security-Policy"]
    assert 'href="../alerts/2"' in answer.text
    assert "/reports/daily?from=2026-11-22T00:00:00Z&amp;to=2026-11-23T00:00:00Z" in answer.text


def test_what_strangers_wrote_is_text_in_every_form(app):
    keep(app.redis, [facts(1, Life(at("10:00")), title=EVIL, source="<b>kuma</b>", labels={"team": "<i>"})])
    browser = signed_in(app)
    for page in (browser.get(f"/reports/daily?{MONDAY}"), app.get(f"/reports/daily?{MONDAY}&format=html")):
        assert "&lt;img src=x onerror=" in page.text
        assert "<img src=x" not in page.text
        assert "<b>kuma" not in page.text


def test_the_file_stands_by_itself_and_leads_to_rung(app):
    keep(app.redis, ALL)
    answer = app.get(f"/reports/sla?{MONDAY}&format=html")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    name = 'attachment; filename="rung-sla-20261123T0000Z-20261124T0000Z.html"'
    assert answer.headers["Content-Disposition"] == name
    assert 'href="https://rung.example.com/alerts/2"' in answer.text
    assert not re.search(r'(src|href)="(?!data:|https://rung\.example\.com)', answer.text)


def test_a_window_that_reaches_back_to_what_is_not_kept_any_more_says_so(client, redis_server, tmp_path, monkeypatch):
    monkeypatch.setattr("functions.reports.charts_of", lambda _client, _view, _names: {})
    app = App(tmp_path, redis_server.url, sla=SLA, retention={"facts": "7d"}, timezone="Europe/Berlin")
    app.now = T0.replace(day=24, hour=12)
    told = "What happened before 17 November 2026 is not kept any more and not counted here (`retention.facts`)."
    found = app.get("/reports/daily?from=2026-11-01&to=2026-11-10")
    assert found.json["kept_since"] == "2026-11-17T00:00:00Z"
    page = text(app.get("/reports/daily?from=2026-11-01&to=2026-11-10&format=html"))
    assert "Nothing that is still kept happened" in page
    assert told in page
    assert told not in text(app.get("/reports/daily?from=2026-11-19&to=2026-11-20&format=html"))
    keep(app.redis, ALL)
    compared = app.get("/reports/weekly?from=2026-11-18&to=2026-11-24")
    assert compared.json["changes"] == [], "half a week is nothing to compare with"
    said = text(app.get("/reports/weekly?from=2026-11-18&to=2026-11-24&format=html"))
    assert f"There is nothing to compare with. {told}" in " ".join(said.split())


def test_a_label_with_a_value_for_each_alert_does_not_fill_the_report(app):
    keep(
        app.redis,
        [
            facts(
                n,
                Life(at("10:00"), clocks=(Clock("resolution", at("11:00"), None, at("11:00")),)),
                labels={"pod": f"p{n}"},
            )
            for n in range(300)
        ],
    )
    answer = app.get(f"/reports/sla?{MONDAY}&format=html")
    assert answer.text.count("label: pod=") == 10
    assert "These are the worst; 290 more labels not shown." in text(answer)
    assert len(app.get(f"/reports/sla?{MONDAY}").json["figures"]["sla"]["labels"]) == 300


def lines(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_the_alerts_as_csv(app):
    keep(app.redis, ALL)
    answer = app.get(f"/reports/daily?{MONDAY}&format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    found = {line["id"]: line for line in lines(answer)}
    assert list(found) == ["1", "2", "3"], "the first opened first"
    assert found["2"] == {
        "id": "2",
        "title": "Alert 2",
        "severity": "critical",
        "source": "grafana",
        "opened_at": "2026-11-23T23:00:00Z",
        "acknowledged_at": "2026-11-23T23:20:00Z",
        "acknowledged_by": "user4",
        "acknowledged_at_level": "2 (secondary)",
        "acknowledged_after": "1200.0",
        "resolved_at": "2026-11-24T01:00:00Z",
        "resolved_by": "user4",
        "resolved_after": "7200.0",
        "pages": "2",
        "exhausted": "no",
        "breached": "acknowledgment",
    }


@pytest.mark.parametrize(
    "title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "\uff1d1+1", "\u3000\uff0b1", "\xa0=1"]
)
def test_no_cell_of_the_csv_is_a_formula(app, title):
    keep(app.redis, [facts(1, Life(at("10:00"), at("10:01"), "=cmd()"), title=title)])
    [line] = lines(app.get(f"/reports/daily?{MONDAY}&format=csv"))
    assert (line["title"], line["acknowledged_by"]) == (f"'{title}", "'=cmd()")


def test_the_lines_of_the_csv_stand_in_the_order_of_the_alerts_however_redis_keeps_them(app):
    keep(app.redis, [facts(n, Life(at("10:00"))) for n in random.Random(5).sample(range(1, 1000), 600)])
    numbers = [int(line["id"]) for line in lines(app.get(f"/reports/daily?{MONDAY}&format=csv"))]
    assert len(numbers) == 600
    assert numbers == sorted(numbers)


def test_the_list_of_reports_says_when_each_is_sent_next_and_what_became_of_the_last(app):
    claimed = app.rung.reports.claim("daily:2026-11-24", "t", app.now, app.now - T0)
    app.rung.reports.note(claimed, "manager@example.com", {"state": "failed", "reason": "no such user", "again": False})
    found = app.get("/reports").json
    assert [each["report"] for each in found["sent"]] == ["daily"]
    assert found["reports"][0] == {
        "kind": "daily",
        "title": "Daily summary",
        "next": "2026-11-25T08:00:00Z",
        "recipients": ["manager@example.com"],
    }
    page = text(signed_in(app).get("/reports"))
    assert "Next by mail Wed 25 Nov 08:00 UTC to manager@example.com" in page
    assert "Not sent by mail: it is switched off in the config" in page
    assert "manager@example.com: failed: no such user" in page


def test_reports_are_for_those_with_a_token(app):
    for path in ("/reports", "/reports/daily"):
        assert app.get(path, headers={}).status_code == 401


def test_charts_are_drawn_apart_and_kept_for_a_while(client, redis_server, tmp_path, monkeypatch):
    app = App(tmp_path, redis_server.url, sla=SLA)
    app.now = T0.replace(day=24, hour=12)
    keep(app.redis, ALL)
    view = app.get(f"/reports/sla?{MONDAY}").json | {
        "snapshots": [
            {"at": f"2026-11-23T{hour}:00:00Z", "open": hour, "unanswered": 1, "exhausted": 0} for hour in (10, 11)
        ]
    }
    names = ["alerts", "hours", "sla", "trend"]
    drawn = charts_of(client, view, names)
    assert list(drawn) == names
    assert all(png.startswith(b"\x89PNG") and 2000 < len(png) < 40_000 for png in drawn.values())
    monkeypatch.setattr("core.adapters.chart_process.sys.executable", "/nowhere/python")
    assert charts_of(client, view, names) == drawn
    client.flushall()
    assert charts_of(client, view, names) == {}, "a report is right without them"


def test_a_redis_that_takes_nothing_more_shows_reports_with_their_charts(app, monkeypatch, caplog):
    """It is full when somebody looks what happened: a chart that cannot be kept is drawn anew."""
    monkeypatch.setattr("core.adapters.chart_process._drawn", lambda _asked: b'{"sla": "iVBORw=="}')
    view = app.get(f"/reports/sla?{MONDAY}").json
    app.redis.config_set("maxmemory", "1")
    try:
        assert charts_of(app.redis, view, ["sla"]) == {"sla": b"\x89PNG"}
    finally:
        app.redis.config_set("maxmemory", "0")
    assert "the charts were drawn but not kept" in caplog.text
    assert app.redis.keys("rung:charts:*") == []


def test_a_report_without_its_charts_is_whole(app, monkeypatch):
    monkeypatch.setattr("functions.reports.charts_of", lambda *_: {})
    keep(app.redis, ALL)
    answer = signed_in(app).get(f"/reports/daily?{MONDAY}")
    assert answer.status_code == 200
    assert "<img" not in answer.text


def test_whoever_signs_in_comes_back_to_the_report_they_wanted(app):
    browser = Browser(app)
    wanted = f"/reports/sla?{MONDAY}T00:00:00.5Z"
    assert f'value="{wanted.replace("&", "&amp;")}"' in browser.get(wanted).text
    assert browser.sign_in(next=wanted).headers["Location"] == f".{wanted}"
