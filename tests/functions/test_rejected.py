"""GET /rejected: what could not be read, for those with an API token, and no secret of it."""

import html
import re

import pytest

from functions._session import Said, Sessions
from tests.apps import SOURCE_TOKEN, bearer
from tests.functions.browsers import Browser, signed_in, text


@pytest.fixture
def browser(app):
    return signed_in(app)


def test_without_any_the_list_is_empty(app):
    assert app.get("/rejected").json == {"rejected": []}


def test_each_has_a_number_its_reason_and_how_it_begins_newest_first(app):
    app.ingest(b'{"title": "x", "password": "hunter2", broken', content_type="application/json")
    app.ingest(b"x" * 5000, "grafana", content_type="text/plain")
    newest, oldest = app.get("/rejected").json["rejected"]
    assert (oldest["id"], oldest["source"], oldest["at"]) == (1, "generic", "2026-11-23T10:00:00Z")
    assert oldest["body"] == '{"title": "x", "password": "***", broken'
    assert (oldest["is_whole"], oldest["items"], oldest["content_type"]) == (True, None, "application/json")
    assert "not valid JSON" in oldest["reason"]
    assert (newest["id"], newest["source"], len(newest["body"])) == (2, "grafana", 2000)


def test_items_are_named(app):
    app.ingest([{"title": "a"}, {"status": "firing"}])
    (kept,) = app.get("/rejected").json["rejected"]
    assert kept["items"] == [1]
    assert kept["reason"].startswith("item 2: ")


def test_a_sources_token_does_not_open_it(app):
    for headers in ({}, bearer(SOURCE_TOKEN)):
        assert app.get("/rejected", headers=headers).status_code == 401
        assert app.post("/rejected/1/retry", headers=headers).status_code == 401


def test_the_page_shows_source_when_reason_and_how_the_body_begins_and_unfolds_the_rest(app, browser):
    app.ingest(b'{"title": "x", "password": "hunter2",\n  broken', content_type="application/json")
    answer = browser.get("/rejected")
    said = text(answer)
    for wanted in ("#1 from generic", "23 Nov 10:00:00", "The body is not valid JSON", "Read again", "42 characters"):
        assert wanted in said
    summary, rest = re.search(r"(?s)<details[^>]*><summary>(.*?)</summary>(.*?)</details>", answer.text).groups()
    assert "{&#34;title&#34;: &#34;x&#34;, &#34;password&#34;: &#34;***&#34;, broken" in summary
    assert '"password": "***",\n  broken' in html.unescape(rest)
    assert "hunter2" not in answer.text


def test_the_page_says_how_much_of_a_long_body_it_shows_and_offers_no_button_where_it_cannot_help(app, browser):
    app.ingest(b"x" * 5000, "grafana", content_type="text/plain")
    assert "text/plain; the first 2,000 of 5,000 characters" in text(browser.get("/rejected"))
    app.ingest(b"y" * 65_537, "grafana")
    answer = browser.get("/rejected")
    assert "too long to be kept whole" in text(answer)
    assert answer.text.count("Read again</button>") == 1


def test_the_navigation_counts_them_while_there_are_any(app, browser):
    assert "Rejected" not in text(browser.get("/"))
    for _ in range(3):
        app.ingest(b"{broken")
    assert "Failed Rejected 3 operator" in text(browser.get("/"))
    assert "Rejected" not in text(Browser(app).get("/"))


def test_an_empty_list_is_said_in_words(browser):
    assert "None: every webhook could be read." in text(browser.get("/rejected"))


def test_a_list_that_does_not_hold_all_says_so(app, browser, monkeypatch):
    monkeypatch.setattr("functions.rejected._SHOWN", 2)
    for _ in range(3):
        app.ingest(b"{broken")
    answer = browser.get("/rejected")
    assert re.findall(r'id="rejected-(\d+)"', answer.text) == ["3", "2"]
    assert "the newest 2 of 3" in text(answer)


def test_words_in_the_address_that_are_not_ours_are_not_said(app, browser):
    said = Said(7, "call this number", done=True)
    sealed = Sessions("another key of another Rung", {}).seal(said)
    for forged in (sealed, sealed[:-1], "x", "", "." * 500, "%00", browser.cookie().value):
        answer = browser.get(f"/rejected?said={forged}")
        assert answer.status_code == 200
        assert "call this number" not in answer.text
