"""Signing in and out: a token is exchanged for a cookie, every form proves itself, and nobody is sent elsewhere."""

from datetime import timedelta

import pytest
import time_machine

from tests.apps import API_TOKEN, TEAM_TOKEN, App, bearer, error
from tests.functions.browsers import HTML, Browser, signed_in, text

WAYS = ("ack", "resolve", "updates", "escalate")


def test_a_page_asks_for_a_token_and_then_sends_you_where_you_wanted_to_go(app):
    app.fires()
    browser = Browser(app)
    asked = browser.get("/alerts/1")
    assert asked.status_code == 401
    assert "API token" in text(asked)
    assert "Disk is full" not in asked.text
    assert 'name="next" value="/alerts/1"' in asked.text
    answer = browser.sign_in(next="/alerts/1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "./alerts/1")
    assert "Disk is full" in text(browser.get("/alerts/1"))


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(app):
    cookie = Browser(app).sign_in().headers["Set-Cookie"]
    for rule in ("__Host-rung=", "HttpOnly", "SameSite=Strict", "Secure", "Path=/", f"Max-Age={30 * 86400}"):
        assert rule in cookie
    assert "Domain" not in cookie
    assert API_TOKEN not in cookie


def test_without_tls_the_cookie_is_not_secure_for_it_would_be_lost(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url)
    app.rung.settings = app.rung.settings.from_env({**app.rung.env, "RUNG_PUBLIC_URL": "http://127.0.0.1:8080"})
    cookie = Browser(app).sign_in().headers["Set-Cookie"]
    assert cookie.startswith("rung=")
    assert "Secure" not in cookie


@pytest.mark.parametrize("token", ["", "wrong", API_TOKEN[:-1], API_TOKEN + "x", "source-token", "日本", "x" * 100_000])
def test_what_is_no_token_of_the_api_opens_nothing(app, token):
    browser = Browser(app)
    answer = browser.sign_in(token)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)
    assert "not an API token" in text(answer)
    assert len(token) < 20 or token not in answer.text
    assert browser.get("/").status_code == 401


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2F/evil.example",
        "javascript:alert(1)",
        "/alerts/../..//evil.example",
        "/alerts\r\nSet-Cookie: a=b",
        "/alerts?x=//evil.example/",
        "/alerts\n",
        "alerts",
        " /alerts",
        "/sign-out",
        "",
    ],
)
def test_nobody_is_sent_to_another_place_after_signing_in(app, wanted):
    answer = Browser(app).sign_in(next=wanted)
    assert (answer.status_code, answer.headers["Location"]) == (303, "./")


@pytest.mark.parametrize("wanted", ["/", "/alerts/7/timeline", "/alerts?status=resolved&limit=5", "/outbox", "/you"])
def test_pages_of_ours_are_where_one_can_be_sent(app, wanted):
    assert Browser(app).sign_in(next=wanted).headers["Location"] == "." + wanted


def test_pages_that_were_asked_for_are_asked_for_again(app):
    asked = Browser(app).get("/alerts?status=resolved,x&limit=5&x=%22%3E%3Cscript%3E")
    assert "<script>" not in asked.text
    assert 'value="/alerts?status=resolved,x&amp;limit=5&amp;x=%22%3E%3Cscript%3E"' in asked.text


def test_a_token_that_is_changed_or_taken_out_of_config_ends_its_sessions(app):
    team, operator = signed_in(app, TEAM_TOKEN), signed_in(app)
    assert team.get("/").status_code == 200
    for tokens in ({"team": "another-token"}, {}, {"crew": TEAM_TOKEN}):
        app.rung.engine.rules.config = app.rung.config.model_validate(
            app.rung.config.model_dump(by_alias=True) | {"api_tokens": tokens}
        )
        assert team.get("/").status_code == 401
        assert operator.get("/").status_code == 200


def test_a_session_ends_after_thirty_days(app):
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False) as clock:
        browser = signed_in(app)
        cookie = browser.cookie().value
        clock.shift(timedelta(days=30))
        thief = Browser(app).take(cookie)
        assert thief.get("/").status_code == 200
        clock.shift(timedelta(seconds=1))
        assert thief.get("/").status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        lambda cookie: cookie[:-1],
        lambda cookie: cookie + "x",
        lambda cookie: cookie.swapcase(),
        lambda cookie: cookie.split(".")[0],
        lambda _: "",
        lambda _: "x",
        lambda _: "." * 1000,
        lambda _: "WyJvcGVyYXRvciJd.",
    ],
)
def test_a_forged_cookie_opens_nothing(app, change):
    cookie = signed_in(app).cookie().value
    assert Browser(app).take(cookie).get("/").status_code == 200
    assert Browser(app).take(change(cookie)).get("/").status_code == 401


def test_a_link_of_one_click_is_no_cookie(app):
    signed = app.rung.links.make(1, "user2").rsplit("/a/", 1)[1]
    assert Browser(app).take(signed).get("/").status_code == 401


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("proof", [None, "", "wrong", "of another session"])
def test_what_is_pressed_without_the_proof_of_this_session_does_nothing(app, way, proof):
    alert = app.fires()
    browser = signed_in(app)
    if proof == "of another session":
        proof = signed_in(app).csrf()
    before = app.record(alert)
    answer = browser.post(f"/alerts/{alert}/{way}", **({} if proof is None else {"csrf": proof}))
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, HTML)
    assert "nothing was done" in text(answer)
    assert app.record(alert) == before


def test_json_with_a_cookie_is_no_way_around_the_proof(app):
    alert = app.fires()
    browser = signed_in(app)
    for sent in ({"json": {"csrf": browser.csrf()}}, {"data": b"{}", "content_type": "text/plain"}, {}):
        assert browser.http.post(f"/alerts/{alert}/ack", **sent).status_code == 403
    assert app.get(f"/alerts/{alert}").json["status"] == "pending"


def test_a_program_with_a_token_needs_no_proof_and_a_wrong_token_is_not_saved_by_a_cookie(app):
    alert = app.fires()
    browser = signed_in(app)
    assert browser.http.post(f"/alerts/{alert}/ack", headers=bearer("wrong")).status_code == 401
    answer = browser.http.post(f"/alerts/{alert}/ack", headers=bearer(TEAM_TOKEN), json={"by": "user3"})
    assert (answer.status_code, answer.json["acknowledged_by"]) == (200, "user3")


def test_a_cookie_opens_the_json_of_what_only_shows(app):
    app.fires()
    assert signed_in(app).http.get("/alerts/1").json["title"] == "Disk is full"


def test_a_cookie_is_no_token_of_a_source(app):
    assert signed_in(app).http.post("/ingest/generic", json={"title": "x"}).status_code == 401


def test_signing_out_takes_the_cookie_away_and_wants_the_proof_too(app):
    browser = signed_in(app)
    assert browser.post("/sign-out").status_code == 403
    assert browser.get("/").status_code == 200
    answer = browser.press("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "./sign-in")
    assert browser.cookie() is None
    assert browser.get("/").status_code == 401


def test_another_site_cannot_sign_you_in(app):
    for site in ("cross-site", "same-site"):
        answer = Browser(app).post("/sign-in", {"Sec-Fetch-Site": site}, token=API_TOKEN)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)
    for site in ("same-origin", "none"):
        assert Browser(app).post("/sign-in", {"Sec-Fetch-Site": site}, token=API_TOKEN).status_code == 303


def test_who_follows_a_link_from_a_chat_is_asked_for_the_cookie_once_more_before_the_token(app):
    answer = Browser(app).get("/alerts/1", **{"Sec-Fetch-Site": "cross-site"})
    assert '<meta http-equiv="refresh" content="0">' in answer.text
    assert 'name="token"' not in answer.text
    assert 'name="token"' in Browser(app).get("/alerts/1", **{"Sec-Fetch-Site": "same-origin"}).text


def test_who_is_signed_in_is_not_asked_again(app):
    assert signed_in(app).get("/sign-in").headers["Location"] == "./"


def test_answers_are_given_in_the_name_of_the_token_until_you_say_who_you_are(app):
    first, second = app.fires("a"), app.fires("b")
    browser = signed_in(app, TEAM_TOKEN)
    browser.press(f"/alerts/{first}/ack")
    assert browser.press("/you", person="user3").headers["Location"] == "./"
    assert "user3" in text(browser.get("/"))
    browser.press(f"/alerts/{second}/ack")
    assert [app.get(f"/alerts/{n}").json["acknowledged_by"] for n in (first, second)] == ["team", "user3"]
    assert [event["via"] for event in app.events(first) if event["event"] == "acknowledged"] == ["page"]
    browser.press("/you", person="")
    assert "You act as team" in text(browser.get("/you"))


def test_saying_who_you_are_does_not_make_the_session_last_longer(app):
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False) as clock:
        browser = signed_in(app)
        clock.shift(timedelta(days=10))
        assert f"Max-Age={20 * 86400}" in browser.press("/you", person="user3").headers["Set-Cookie"]


def test_you_can_only_be_somebody_whom_config_knows(app):
    browser = signed_in(app)
    answer = browser.press("/you", person="<b>nobody</b>")
    assert answer.status_code == 400
    assert "You act as operator" in text(browser.get("/you"))
    browser.press("/you", person="vp")
    app.rung.engine.rules.config = app.rung.config.model_copy(update={"people": {}})
    assert "You act as operator" in text(browser.get("/you"))


def test_a_program_is_nobody_here(app):
    assert "browser" in error(app.get("/you"))
    assert error(Browser(app).http.get("/you")).startswith("send an API token")
    assert error(Browser(app).http.get("/")).startswith("send an API token")


def test_who_is_sent_to_a_place_without_tls_is_told_where_signing_in_works(app):
    assert "Signing in works at https://rung.example.com" in text(Browser(app).get("/"))
    assert "Signing in works" not in text(Browser(app).get("/", Host="rung.example.com"))


def test_while_redis_is_away_one_can_sign_in_and_is_told(tmp_path):
    app = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    answer = signed_in(app).get("/")
    assert answer.status_code == 503
    assert "cannot reach its Redis" in text(answer)


def test_a_huge_form_signs_nobody_in(app):
    assert Browser(app).sign_in("x" * (1024 * 1024 + 1)).status_code == 413
