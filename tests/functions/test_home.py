"""GET /, and the other pages: what they show, that buttons act, and that nothing from outside becomes markup."""

import html
import re

import pytest
from redis.connection import AbstractConnection

from core.commands import Acknowledge, Resolve, Snooze
from core.ledger import Entry, State
from tests.apps import API_TOKEN, TEAM_TOKEN, bearer
from tests.functions.browsers import ACCEPT, HTML, Browser, signed_in, text
from tests.samples import at

PAGES = (
    *("/", "/alerts", "/alerts/1", "/alerts/1/timeline", "/alerts?status=resolved"),
    *("/outbox", "/deliveries", "/rejected", "/you"),
)


@pytest.fixture
def browser(app):
    return signed_in(app)


def spoil(app, alert, state=State.FAILED, attempts=1, error="the number was refused"):
    """Write an outcome into the first line of an alert's ledger."""
    field, entry = min(app.rung.ledger.entries(alert).items(), key=lambda each: each[0])
    spoiled = Entry.model_validate(entry.model_dump() | {"state": state, "attempts": attempts, "error": error})
    app.redis.hset(f"rung:ledger:{alert}", field, spoiled.dump())


def cards(answer):
    return [int(number) for number in re.findall(r'id="alert-(\d+)"', answer.text)]


def test_nothing_open_is_said_in_words(browser):
    assert "Nothing is open" in text(browser.get("/"))


def test_an_open_alert_says_what_a_person_needs_to_decide(app, browser):
    app.fires("Disk is full", "critical")
    app.passes(175)
    said = text(browser.get("/"))
    for wanted in (
        "1 unanswered",
        "critical #1",
        "Disk is full",
        "pending · level 1 (primary) · 2 min 55 s old · generic",
        "in 7:05",
        "If nobody answers, level 2 (secondary) is paged at 10:10:00 UTC",
        "Acknowledge",
        "Resolve",
        "As of 10:02:55 UTC",
    ):
        assert wanted in said


def test_those_nobody_has_come_first_and_of_them_the_worst_and_of_those_the_oldest(app, browser):
    for severity in ("low", "high", "critical", "medium", "critical"):
        app.fires(f"t{severity}", severity, dedup_key=str(app.redis.dbsize()))
    app.does(3, Acknowledge("user2", "api"))
    answer = browser.get("/")
    assert cards(answer) == [5, 2, 4, 1, 3]
    assert "4 unanswered" in text(answer)
    assert "1 somebody has" in text(answer)


def test_who_has_it_and_until_when_it_is_quiet_is_said(app, browser):
    app.fires("a")
    app.fires("b")
    app.does(1, Acknowledge("user2", "api"))
    app.does(2, Snooze("user5", "api", at(3600)))
    said = text(browser.get("/"))
    assert "acknowledged by user2" in said
    assert "user2 has it; the ladder waits." in said
    assert "in 1:00:00" in said
    assert "Snoozed: the same level fires again at 11:00:00 UTC" in said


def test_times_are_said_in_the_zone_of_the_config(app, browser):
    app.rung.engine.rules.config = app.rung.config.model_copy(update={"timezone": "Europe/Berlin"})
    app.fires()
    assert "As of 11:00:00 CET" in text(browser.get("/"))


def test_acknowledging_on_the_first_page_leads_back_to_it_and_shows_who_has_it(app, browser):
    alert = app.fires()
    answer = browser.press(f"/alerts/{alert}/ack", back="home")
    assert (answer.status_code, answer.headers["Location"]) == (303, "../../#alert-1")
    said = text(browser.get("/"))
    assert "acknowledged by operator" in said
    assert "unanswered" not in said


def test_resolving_takes_it_off_the_first_page(app, browser):
    alert = app.fires()
    assert browser.press(f"/alerts/{alert}/resolve", back="home").status_code == 303
    assert "Nothing is open" in text(browser.get("/"))
    assert "resolved by operator" in text(browser.get("/alerts?status=resolved"))


def test_answers_from_the_page_of_an_alert_take_the_note_along_and_lead_back_to_it(app, browser):
    alert = app.fires()
    answer = browser.press(f"/alerts/{alert}/updates", note="looking\r\nat it ")
    assert answer.headers["Location"] == "../../alerts/1"
    assert app.events(alert)[-1]["note"] == "looking\nat it "
    assert "looking at it" in text(browser.get(f"/alerts/{alert}"))
    assert browser.press(f"/alerts/{alert}/escalate", note="").status_code == 303
    assert browser.press(f"/alerts/{alert}/snooze", **{"for": "2h"}).status_code == 303
    assert browser.press(f"/alerts/{alert}/reassign", to="vp").status_code == 303


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil", ""])
def test_an_answer_leads_nowhere_else(app, browser, back):
    alert = app.fires()
    assert browser.press(f"/alerts/{alert}/ack", back=back).headers["Location"] == "../../alerts/1"


def test_who_comes_second_is_told_who_has_it(app, browser):
    alert = app.fires()
    app.does(alert, Acknowledge("user2", "sms"))
    app.passes(180)
    answer = browser.press(f"/alerts/{alert}/ack", back="home")
    assert answer.status_code == 409
    assert "Not done alert 1 was acknowledged by user2 3 min ago. See alert 1" in text(answer)


def test_what_a_form_may_not_say_is_said_on_a_page(app, browser):
    alert = app.fires()
    answer = browser.press(f"/alerts/{alert}/ack", nonsense="x")
    assert answer.status_code == 400
    assert "nonsense: " in text(answer)
    assert app.get(f"/alerts/{alert}").json["status"] == "pending"


def test_pressing_after_the_session_ended_asks_to_sign_in_and_goes_to_the_alert(app):
    alert = app.fires()
    answer = Browser(app).post(f"/alerts/{alert}/ack", csrf="x")
    assert answer.status_code == 401
    assert 'name="next" value="/alerts/1"' in answer.text
    assert app.get(f"/alerts/{alert}").json["status"] == "pending"


def test_an_alert_that_does_not_exist_is_said_so_on_a_page(browser):
    answer = browser.get("/alerts/99")
    assert answer.status_code == 404
    assert "there is no alert 99" in text(answer)
    assert browser.get("/nothing").headers["Content-Type"] == HTML


def test_the_page_of_an_alert_tells_the_whole_story(app, browser):
    alert = app.fires(
        "Disk is full", description="96 % used\non db-01", labels={"host": "db-01"}, link="https://g.example.com/d"
    )
    app.rung.dispatcher(None, 8).drain(60)
    spoil(app, alert)
    app.passes(600)
    app.does(alert, Acknowledge("user5", "link", note="on it"))
    answer = browser.get(f"/alerts/{alert}")
    said = text(answer)
    for wanted in (
        "acknowledged by user5",
        "user5 has it; the ladder waits.",
        "96 % used on db-01",
        "host db-01",
        "2 (secondary), policy critical",
        "user2 on slack: sent",
        "user2 on email: failed: the number was refused",
        "page, level 1 (primary)",
        "triggered level 1 (primary)",
        "acknowledged by user5 via link on it",
    ):
        assert wanted in said
    assert 'href="https://g.example.com/d"' in answer.text
    assert "notified" in text(browser.get(f"/alerts/{alert}/timeline"))


def test_an_alert_that_is_over_offers_nothing_to_press(app, browser):
    alert = app.fires()
    app.does(alert, Resolve("user9", "api"))
    answer = browser.get(f"/alerts/{alert}")
    assert "<button" not in answer.text
    assert "resolved by user9" in text(answer)


def test_a_list_is_filtered_and_goes_on_on_the_next_page(app, browser):
    for number in range(3):
        app.fires(f"t{number}", "high")
    answer = browser.get("/alerts?severity=high&limit=2")
    assert cards(answer) == [3, 2]
    older = html.unescape(re.search(r'href="\./(alerts\?[^"]*after[^"]*)"', answer.text)[1])
    assert cards(browser.get(f"/{older}")) == [1]
    assert browser.get("/alerts?status=nonsense").status_code == 400


def test_a_first_page_that_does_not_hold_all_says_so(app, browser, monkeypatch):
    monkeypatch.setattr("functions.home._SHOWN", 2)
    for number in range(3):
        app.fires(f"t{number}")
    answer = browser.get("/")
    assert cards(answer) == [2, 3]
    assert 'href="./alerts?after=2"' in answer.text


def test_the_outbox_links_what_answers_and_nothing_else(app, browser):
    app.fires("a", description="see https://evil.example/a/x\nAnswer: https://evil.example/a/y")
    app.rung.dispatcher(None, 8).drain(60)
    app.rung.ledger.add_message({"alert": None, "title": "t", "responder": "vp", "channel": "sms", "body": "Answer: x"})
    answer = browser.get("/outbox")
    links = set(re.findall(r'<a href="(http[^"]+)"', answer.text))
    assert len(links) == 1
    assert links.pop().startswith("https://rung.example.com/a/")
    assert "to user2 on sms" in text(answer)
    assert "Answer as user2" in text(answer)


def test_deliveries_that_failed_are_listed_and_counted_on_the_first_page(app, browser):
    app.fires("a")
    app.fires("b")
    app.rung.dispatcher(None, 8).drain(60)
    assert "None: every page was delivered" in text(browser.get("/deliveries"))
    spoil(app, 2)
    said = text(browser.get("/deliveries"))
    assert "user2 on email" in said
    assert "failed: the number was refused" in said
    assert "Alert 2: b" in said
    assert "1 delivery failed or tried again" in text(browser.get("/"))
    (line,) = app.get("/deliveries").json["deliveries"]
    assert (line["alert"], line["responder"], line["state"]) == (2, "user2", "failed")
    app.does(2, Resolve("user1", "api"))
    assert app.get("/deliveries").json == {"deliveries": []}


@pytest.mark.parametrize(
    ("state", "attempts", "listed"), [("queued", 0, 0), ("queued", 1, 1), ("unknown", 1, 1), ("sending", 2, 0)]
)
def test_a_delivery_that_is_tried_again_is_listed_and_one_that_waits_is_not(app, state, attempts, listed):
    app.fires()
    spoil(app, 1, State(state), attempts)
    assert len(app.get("/deliveries").json["deliveries"]) == listed


@pytest.mark.parametrize("path", PAGES)
def test_nothing_from_outside_becomes_markup(app, browser, path):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"
    app.fires(evil, description=evil, labels={evil: evil}, link="javascript:alert(3)")
    app.rung.dispatcher(None, 8).drain(60)
    spoil(app, 1, error=evil)
    app.ingest(evil.encode(), content_type=evil)
    app.post("/alerts/1/updates", json={"by": "<b>me</b>", "note": evil})
    if "resolved" in path:
        app.post("/alerts/1/resolve", json={"by": "<b>me</b>", "note": evil})
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    for forbidden in ("<img", "<b>me", "javascript:"):
        assert forbidden not in answer.text
    assert path == "/you" or evil in text(answer) or html.escape(evil) in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/sign-in", "/nothing", "/alerts/99"])
def test_every_page_lets_only_its_own_script_run_and_is_framed_by_nobody(app, browser, path):
    app.fires()
    for each in (browser, Browser(app)):
        answers = [each.get(path) for _ in range(2)]
        if answers[0].status_code == 303:
            continue
        policies = [answer.headers["Content-Security-Policy"] for answer in answers]
        assert policies[0] != policies[1], "a nonce is used once"
        for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert rule in policies[0]
        nonce = re.search(r"script-src 'nonce-([\w-]{20,})'", policies[0])[1]
        assert answers[0].text.count("<script") == answers[0].text.count(f'<script nonce="{nonce}">')
        assert not re.search(r"<[^>]+\son\w+=", answers[0].text)
        assert answers[0].headers["X-Robots-Tag"] == "noindex"
        assert answers[0].headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/you"])
def test_looking_changes_nothing(app, browser, path):
    app.fires()
    before = {key: app.redis.dump(key) for key in app.redis.scan_iter()}
    for method in ("get", "head", "options"):
        assert getattr(browser.http, method)(path, headers=ACCEPT).status_code == 200
    assert {key: app.redis.dump(key) for key in app.redis.scan_iter()} == before


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json, text/html;q=0.9", "nonsense"])
def test_programs_get_json(app, accept):
    app.fires()
    headers = bearer(API_TOKEN) | ({"Accept": accept} if accept else {})
    for path in (*(each for each in PAGES if each not in {"/", "/you"}), "/alerts/99", "/nothing"):
        assert app.get(path, headers=headers).is_json


def test_a_token_opens_pages_too_but_offers_no_buttons_that_would_need_a_session(app):
    app.fires()
    answer = app.get("/", headers=bearer(TEAM_TOKEN) | ACCEPT)
    assert answer.status_code == 200
    assert "Disk is full" in text(answer)
    app.ingest(b"{broken")
    for path in ("/", "/alerts/1", "/rejected"):
        assert "<button" not in app.get(path, headers=bearer(TEAM_TOKEN) | ACCEPT).text


def test_links_are_relative_so_that_a_proxy_may_add_a_path(app, browser):
    app.fires()
    app.ingest(b"{broken")
    for path in (*PAGES, "/alerts/99"):
        for address in re.findall(r'(?:href|action)="([^"]*)"', browser.get(path).text):
            assert address.startswith(("./", "../", "#")) or not address


def trips(app, browser, path, monkeypatch):
    """How often Redis is asked and waited for while a page is made."""
    browser.get(path)  # connected, and the scripts are known
    sent = []
    send = AbstractConnection.send_packed_command
    with monkeypatch.context() as patch:
        patch.setattr(AbstractConnection, "send_packed_command", lambda *a, **k: sent.append(1) or send(*a, **k))
        assert browser.get(path).status_code == 200
    return len(sent)


@pytest.mark.parametrize(("path", "wanted"), [("/", 5), ("/deliveries", 5)])
def test_a_page_asks_redis_as_often_for_sixty_alerts_as_for_one(app, browser, monkeypatch, path, wanted):
    """The index, the records, the clock, the ledgers, and the count for the navigation."""
    app.fires("first")
    assert trips(app, browser, path, monkeypatch) == wanted
    app.ingest([{"title": str(number), "severity": "critical"} for number in range(59)])
    assert trips(app, browser, path, monkeypatch) == wanted


def test_one_record_that_cannot_be_read_does_not_hide_the_others(app, browser):
    app.fires("a")
    app.fires("b")
    app.redis.hset("rung:alert:1", "d", '{"record_version":2}')
    assert cards(browser.get("/")) == [2]
    assert browser.get("/alerts/1").status_code == 500
