"""GET and POST /a/<signed>: looking changes nothing, pressing acts in the person's name, and nothing can be forged."""

import html
import re

import pytest

from core.commands import Acknowledge, Resolve
from core.links import Links
from tests.apps import App

HTML = "text/html; charset=utf-8"


def path(app, alert=1, person="user2"):
    return "/a/" + app.rung.links.make(alert, person).rsplit("/a/", 1)[1]


def press(app, what, alert=1, person="user2"):
    return app.http.post(path(app, alert, person), data={"action": what})


def everything(app):
    return {key: app.redis.dump(key) for key in app.redis.scan_iter()}


def text(answer):
    """What a person reads."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text.split("</style>", 1)[1])).split())


def test_looking_changes_nothing_however_often_and_by_whatever_method(app):
    app.fires()
    before = everything(app)
    for method in ("get", "head", "options", "get"):
        assert getattr(app.http, method)(path(app)).status_code == 200
    assert app.http.get(path(app) + "?action=acknowledge").status_code == 200
    for method in ("put", "delete", "patch"):
        assert getattr(app.http, method)(path(app), data={"action": "acknowledge"}).status_code == 405
    assert everything(app) == before


def test_the_page_says_what_a_person_needs_to_decide(app):
    app.fires("Disk is full", description="96 % used\non db-01", link="https://grafana.example.com/d/1")
    answer = app.http.get(path(app))
    assert answer.headers["Content-Type"] == HTML
    said = text(answer)
    for wanted in (
        "Alert 1",
        "critical",
        "Disk is full",
        "96 % used",
        "1 (primary)",
        "Mon 23 Nov 2026 10:00:00 UTC",
        "https://grafana.example.com/d/1",
        "level 2 (secondary) is paged at 10:10:00 UTC",
        "This link is user2's",
        "Acknowledge",
    ):
        assert wanted in said
    assert re.findall(r'name="action" value="(\w+)"', answer.text) == ["acknowledge", "resolve", "escalate"]


def test_no_sign_in_is_needed_and_a_token_changes_nothing(app):
    app.fires()
    assert app.http.get(path(app)).text == app.get(path(app)).text


@pytest.mark.parametrize(
    ("what", "status", "kind"),
    [
        ("acknowledge", "acknowledged", "acknowledged"),
        ("resolve", "resolved", "resolved"),
        ("escalate", "escalated", "escalated"),
    ],
)
def test_pressing_acts_in_the_persons_name(app, what, status, kind):
    alert = app.fires()
    answer = press(app, what, alert, "user5")
    assert answer.status_code == 200
    assert "Done." in text(answer)
    assert app.get(f"/alerts/{alert}").json["status"] == status
    last = [event for event in app.events(alert) if event["event"] == kind][-1]
    assert last["by"] == "user5"


def test_what_is_pressed_twice_by_the_same_person_is_fine(app):
    app.fires()
    assert [press(app, "acknowledge").status_code for _ in range(2)] == [200, 200]


def test_who_comes_second_is_told_who_has_it_on_a_page(app):
    alert = app.fires()
    app.does(alert, Acknowledge("user2", "sms"))
    app.passes(180)
    answer = press(app, "acknowledge", person="user5")
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, HTML)
    assert "Not done: alert 1 was acknowledged by user2 3 min ago" in text(answer)
    assert app.get(f"/alerts/{alert}").json["acknowledged_by"] == "user2"


def test_an_alert_that_is_over_offers_nothing_to_press(app):
    alert = app.fires()
    app.does(alert, Resolve("user9", "api"))
    answer = app.http.get(path(app))
    assert answer.status_code == 200
    assert "<button" not in answer.text
    assert "resolved by user9" in text(answer)


@pytest.mark.parametrize("action", ["", "delete", "Acknowledge", "acknowledge ", "\ud7ff", "x" * 10_000, "\x00"])
def test_pressing_what_is_not_there_does_nothing(app, action):
    alert = app.fires()
    before = app.record(alert)
    assert app.http.post(path(app), data={"action": action}).status_code == 400
    assert app.http.post(path(app), json={"action": "acknowledge"}).status_code == 400
    assert app.record(alert) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token + "x",
        lambda token: token.swapcase(),
        lambda token: "x" + token,
        lambda token: token.split(".")[0],
        lambda token: "." + token.split(".")[1],
        lambda token: token.split(".")[0] + ".",
        lambda _: "forged",
        lambda _: "%00",
        lambda _: "%ff%fe",
        lambda _: "日本",
        lambda _: "." * 1000,
        lambda _: "x" * 3000,
        lambda _: Links("x" * 32, "https://rung.example.com").make(1, "user2").rsplit("/a/", 1)[1],
    ],
)
def test_a_forged_or_damaged_link_leads_nowhere_and_does_nothing(app, change):
    alert = app.fires()
    before = app.record(alert)
    forged = "/a/" + change(path(app).removeprefix("/a/"))
    for answer in (app.http.get(forged), app.http.post(forged, data={"action": "acknowledge"})):
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == HTML, "whoever opens a link is a person"
        assert "<button" not in answer.text
    assert app.record(alert) == before


def test_a_link_of_one_alert_does_not_open_another(app):
    app.fires("a")
    app.fires("b")
    press(app, "acknowledge", 2)
    assert [app.get(f"/alerts/{n}").json["status"] for n in (1, 2)] == ["pending", "acknowledged"]


def test_a_link_to_an_alert_that_is_gone_says_so_on_a_page(app):
    for answer in (app.http.get(path(app, 99)), press(app, "acknowledge", 99)):
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, HTML)
        assert "there is no alert 99" in text(answer)


def test_nothing_from_outside_becomes_markup(app):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"
    app.fires(evil, description=evil, labels={evil: evil}, link="javascript:alert(3)")
    app.post("/alerts/1/ack", json={"by": "<b>me</b>", "note": evil})
    for answer in (app.http.get(path(app)), app.http.get(path(app, person="<i>p</i>")), press(app, "acknowledge")):
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "<b>me" not in answer.text
        assert "<i>p" not in answer.text
        assert "javascript:" not in answer.text
        assert "49" not in text(answer).split("Since")[0]
        assert evil in text(answer) or html.escape(evil) in answer.text


def test_an_address_that_is_no_address_is_not_linked(app):
    app.fires(link='https://x.example.com/"><script>')
    assert "<a " not in app.http.get(path(app)).text


def test_every_page_forbids_scripts_frames_and_being_indexed(app):
    app.fires()
    for answer in (
        app.http.get(path(app)),
        press(app, "acknowledge"),
        app.http.get("/a/forged"),
        press(app, "acknowledge", person="user5"),
    ):
        policy = answer.headers["Content-Security-Policy"]
        for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert rule in policy
        assert "script" not in policy
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_while_redis_is_away_it_says_so_on_a_page(tmp_path):
    app = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    for answer in (app.http.get(path(app)), press(app, "acknowledge")):
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, HTML)
        assert "nothing was done" in text(answer)


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 600_000])
def test_a_huge_form_does_nothing(app, size):
    alert = app.fires()
    before = app.record(alert)
    answer = app.http.post(path(app), data={"action": "x" * size})
    assert answer.status_code in {400, 413}
    assert app.record(alert) == before
