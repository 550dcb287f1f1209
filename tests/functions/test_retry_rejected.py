"""POST /rejected/<id>/retry: what became of it, and what is refused."""

import pytest

from tests.apps import error


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
