"""GET /rejected: what could not be read, for those with an API token, and no secret of it."""

from tests.apps import SOURCE_TOKEN, bearer


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
