"""POST /rejected/<id>/retry: what became of it, and what is refused."""

import pytest

from tests.apps import error
from tests.functions.browsers import Browser, signed_in, text


def becomes(app, **types):
    found = app.rung.config.sources
    changed = {name: found[name].model_copy(update={"type": kind}) for name, kind in types.items()}
    app.rung.engine.rules.config = app.rung.config.model_copy(update={"sources": found | changed})


def test_after_a_change_of_config_it_is_taken_in(app):
    assert app.ingest({"title": "Disk is full"}, "grafana").status_code == 400
    becomes(app, grafana="generic")
    answer = app.post("/rejected/1/retry")
    assert answer.status_code == 200
    assert answer.json == {"alerts": [{"id": 2, "dedup_key": "Disk is full", "result": "triggered"}]}
    assert app.get("/rejected").json == {"rejected": []}
    assert app.get("/alerts/1").json["status"] == "resolved"


def test_what_still_cannot_be_read_is_refused_and_kept(app):
    app.ingest(b"{broken")
    answer = app.post("/rejected/1/retry")
    assert answer.status_code == 409
    assert error(answer).startswith("rejected webhook 1 still cannot be read: The body is not valid JSON")
    assert len(app.get("/rejected").json["rejected"]) == 1


def test_a_number_that_is_not_kept_is_not_found(app):
    for number in (1, 0, 10**40):
        answer = app.post(f"/rejected/{number}/retry")
        assert answer.status_code == 404
        assert error(answer) == f"no rejected webhook {number} is kept"


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "٣"])
def test_what_is_no_number_is_not_found(app, number):
    assert app.post(f"/rejected/{number}/retry").status_code == 404


def after(browser, answer):
    """What the page says to which an answer sends a browser."""
    assert answer.status_code == 303
    path, _, place = answer.headers["Location"].removeprefix("../../").partition("#")
    assert place == "rejected-1"
    return text(browser.get(f"/{path}"))


def test_a_browser_goes_back_to_the_list_which_says_what_became_of_it(app):
    app.ingest([{"title": "a"}, {"title": "b"}, {"title": "a", "status": "ok"}], "grafana")
    becomes(app, grafana="generic")
    browser = signed_in(app)
    answer = browser.press("/rejected/1/retry")
    said = after(browser, answer)
    assert "Webhook 1 was read: alert 2 triggered, alert 3 triggered, alert 2 resolved. See alert 2 See alert 3" in said
    assert "None: every webhook could be read." in said
    assert 'href="./alerts/2"' in browser.get(f"/{answer.headers['Location'].removeprefix('../../')}").text


def test_a_browser_is_told_at_its_place_that_it_still_cannot_be_read_and_why_today(app):
    app.ingest(b'{"title": "Disk is full"}', "grafana")
    browser = signed_in(app)
    becomes(app, grafana="alertmanager")
    answer = browser.press("/rejected/1/retry")
    said = after(browser, answer)
    assert "Rejected webhook 1 still cannot be read: The body" in said
    assert "ruleId" not in said
    assert len(app.get("/rejected").json["rejected"]) == 1


def test_who_comes_second_is_told_that_it_is_not_kept_any_more(app):
    app.ingest({"title": "a"}, "grafana")
    becomes(app, grafana="generic")
    browser = signed_in(app)
    browser.press("/rejected/1/retry")
    assert "No rejected webhook 1 is kept." in after(browser, browser.press("/rejected/1/retry"))


def test_what_a_browser_is_told_is_cut_where_an_address_would_grow_too_long(app):
    app.ingest([{"title": str(number)} for number in range(40)], "grafana")
    becomes(app, grafana="generic")
    browser = signed_in(app)
    answer = browser.press("/rejected/1/retry")
    assert len(answer.headers["Location"]) < 1000
    said = after(browser, answer)
    assert "alert 13 triggered, alert 14 triggered" in said
    assert "alert 30 triggered" not in said
    assert "See alert 6" in said
    assert "See alert 7" not in said


def test_without_the_proof_of_the_session_nothing_is_read(app):
    app.ingest({"title": "a"}, "grafana")
    becomes(app, grafana="generic")
    for proof in ({}, {"csrf": "x"}):
        assert signed_in(app).post("/rejected/1/retry", **proof).status_code == 403
    asked = Browser(app).post("/rejected/1/retry")
    assert asked.status_code == 401
    assert 'name="next" value="/rejected"' in asked.text
    assert len(app.get("/rejected").json["rejected"]) == 1
