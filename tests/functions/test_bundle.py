"""GET and POST /b/<signed>: looking changes nothing, one press takes all, and each line says why not."""

import html
import re
from datetime import timedelta

import pytest

from core.commands import Acknowledge, Resolve
from core.links import Links
from tests.apps import App

SENT_TO = "user2"


@pytest.fixture
def app(client, redis_server, tmp_path):
    """user2 is sent alerts 6 to 9 in one bundle, into the built-in outbox."""
    app = App(tmp_path, redis_server.url, bundling={"after": 5, "window": 60, "every": 20})
    for number in range(1, 10):
        app.fires(f"Host {number} is down", "critical" if number == 9 else "low")
        app.rung.dispatcher(None, 8).drain(60)
    app.now += timedelta(seconds=20)
    app.rung.dispatcher(None, 8).drain(60)
    yield app
    app.redis.close()


def path(app) -> str:
    return "/b/" + app.rung.ledger.messages(1)[0]["body"].rsplit("/b/", 1)[1]


def text(answer) -> str:
    """What a person reads."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text.split("</style>", 1)[1])).split())


def everything(app):
    return {key: app.redis.dump(key) for key in app.redis.scan_iter()}


def test_looking_changes_nothing_however_often_and_by_whatever_method(app):
    before = everything(app)
    for method in ("get", "head", "options", "get"):
        assert getattr(app.http, method)(path(app)).status_code == 200
    for method in ("put", "delete", "patch"):
        assert getattr(app.http, method)(path(app)).status_code == 405
    assert everything(app) == before


def test_the_page_lists_every_alert_the_worst_first_with_how_it_stands(app):
    app.does(7, Acknowledge("bob", "api"))
    answer = app.http.get(path(app))
    assert answer.status_code == 200
    assert re.findall(r"#(\d+)</span>", answer.text) == ["9", "6", "7", "8"]
    said = text(answer)
    assert "4 alerts, 3 unanswered" in said
    assert "Acknowledge all 3" in said
    assert "Host 7 is down acknowledged by bob" in said
    assert "This link is user2's" in said


def test_each_alert_leads_to_its_own_page_of_the_same_person(app):
    links = re.findall(r'href="([^"]+)"', app.http.get(path(app)).text)
    targets = [app.rung.links.read(link.rsplit("/a/", 1)[1]) for link in links]
    assert [(target.alert, target.person) for target in targets] == [(n, SENT_TO) for n in (9, 6, 7, 8)]


def test_one_press_acknowledges_all_in_the_persons_name(app):
    answer = app.http.post(path(app))
    assert answer.status_code == 200
    assert "4 are user2's now." in text(answer)
    assert "unanswered</h1>" in answer.text
    assert "<form" not in answer.text
    for number in (6, 7, 8, 9):
        shown = app.get(f"/alerts/{number}").json
        assert (shown["status"], shown["acknowledged_by"]) == ("acknowledged", SENT_TO)
        assert [e["via"] for e in app.events(number) if e["event"] == "acknowledged"] == ["link"]
    assert app.get("/alerts/1").json["status"] == "pending", "it came by itself"


def test_what_others_did_meanwhile_is_said_for_each(app):
    app.does(6, Acknowledge("bob", "api"))
    app.does(7, Resolve("carol", "api"))
    app.now += timedelta(seconds=90)
    said = text(app.http.post(path(app)))
    assert "2 are user2's now. 2 were not acknowledged; each says why." in said
    assert "Not done: alert 6 was acknowledged by bob 1 min 30 s ago." in said
    assert "Not done: alert 7 was resolved by carol 1 min 30 s ago." in said
    assert app.get("/alerts/6").json["acknowledged_by"] == "bob"


def test_pressed_twice_it_is_fine(app):
    app.http.post(path(app))
    again = app.http.post(path(app))
    assert "4 are user2's now." in text(again)
    assert "Not done" not in again.text


def test_when_nothing_is_left_to_take_it_says_so(app):
    for number in (6, 7, 8, 9):
        app.does(number, Resolve("carol", "api"))
    answer = app.http.post(path(app))
    assert "4 were not acknowledged" in text(answer)
    assert "user2's now" not in text(answer)


def test_an_alert_that_is_gone_is_named_all_the_same(app):
    app.redis.delete("rung:alert:8")
    assert "#8 It is not kept any more." in text(app.http.get(path(app)))
    assert "#8 there is no alert 8." in text(app.http.post(path(app)))
    assert app.get("/alerts/9").json["status"] == "acknowledged"


def test_titles_from_outside_are_only_text(app):
    app.redis.hset("rung:alert:6", "d", app.record(6)[b"d"].replace(b"Host 6", b"<script>alert(1)</script>"))
    answer = app.http.get(path(app))
    assert "<script" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("change", ["{}x", "x{}", "", "{}/", "%00", "{}.{}"])
def test_a_link_that_was_changed_leads_nowhere(app, change):
    token = path(app).removeprefix("/b/")
    answer = app.http.post(f"/b/{change.replace('{}', token)}")
    assert answer.status_code == 404
    assert app.get("/alerts/6").json["status"] == "pending"


def test_a_link_of_one_kind_is_none_of_the_other(app):
    bundle, alert = path(app).removeprefix("/b/"), app.rung.links.make(1, SENT_TO).rsplit("/a/", 1)[1]
    assert app.http.get(f"/a/{bundle}").status_code == 404
    assert app.http.get(f"/b/{alert}").status_code == 404
    other = Links("another key", "https://rung.example.com").make_for_bundle(app.rung.links.read_bundle(bundle))
    assert app.http.get("/b/" + other.rsplit("/b/", 1)[1]).status_code == 404


def test_a_bundle_that_is_not_kept_any_more_says_so(app):
    link = path(app)
    app.redis.delete(*app.redis.scan_iter("rung:bundle:*"))
    answer = app.http.get(link)
    assert answer.status_code == 404
    assert "what this message listed is not kept any more." in text(answer)


def test_the_link_is_short_enough_for_a_text_message(app):
    assert len(path(app)) <= 45


def test_the_outbox_page_shows_the_bundle_with_its_link(app):
    shown = app.get("/outbox", headers={"Authorization": "Bearer api-token-of-the-tests", "Accept": "text/html"})
    assert "4 alerts, 1 critical" in shown.text
    assert f'href="https://rung.example.com{path(app)}"' in shown.text


def test_while_redis_is_away_nothing_is_done_and_a_person_reads_so(tmp_path):
    dead = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    answer = dead.http.post("/b/" + dead.rung.links.make_for_bundle("abc").rsplit("/b/", 1)[1])
    assert answer.status_code == 503
    assert "nothing was done" in text(answer)
