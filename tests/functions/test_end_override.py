"""DELETE /oncall/overrides/<id>, and the button that does the same: now, or before it begins."""

import pytest

from tests.apps import API_TOKEN, SOURCE_TOKEN, bearer, error
from tests.functions.browsers import signed_in, text
from tests.functions.test_add_override import after

RUNNING = {"member": "vp", "to": "2026-11-24T18:00:00Z"}
COMING = {"member": "vp", "from": "2026-11-24T10:00:00Z", "to": "2026-11-24T18:00:00Z"}


def add(app, body=RUNNING, rotation="oncall_primary"):
    answer = app.post(f"/oncall/{rotation}/overrides", json=body)
    assert answer.status_code == 201, answer.text
    return [each["id"] for each in answer.json["overrides"]]


def delete(app, number, headers=None, **options):
    return app.http.delete(f"/oncall/overrides/{number}", headers=headers or bearer(API_TOKEN), **options)


def on_call(app):
    return app.get("/oncall").json["rotations"][0]["on_call"]["member"]


def test_one_that_runs_ends_now_and_stays_on_record(app):
    [number] = add(app)
    app.passes(600)
    assert on_call(app) == "vp"
    answer = delete(app, number, json={"by": "user2"})
    assert answer.status_code == 200
    assert {name: answer.json[name] for name in ("at", "event", "by", "via")} == {
        "at": "2026-11-23T10:10:00Z",
        "event": "override_ended",
        "by": "user2",
        "via": "api",
    }
    assert [(each["from"], each["to"]) for each in answer.json["overrides"]] == [
        ("2026-11-23T10:00:00Z", "2026-11-23T10:10:00Z")
    ]
    assert on_call(app) == "user2"
    before = app.get("/oncall?at=2026-11-23T10:09:59Z").json["rotations"][0]
    assert before["on_call"]["member"] == "vp"


def test_one_that_has_not_begun_is_taken_back(app):
    [number] = add(app, COMING)
    assert delete(app, number).json["event"] == "override_removed"
    assert app.get("/oncall").json["overrides"] == []
    assert app.get("/oncall?at=2026-11-24T12:00:00Z").json["rotations"][0]["on_call"]["member"] == "user2"


def test_a_swap_ends_as_a_whole(app):
    window = {"from": "2026-11-23T10:00:00Z", "to": "2026-12-02T00:00:00Z"}
    one, other = add(app, {"swap": ["user2", "user3"], **window})
    app.passes(600)
    assert on_call(app) == "user3"
    assert [each["id"] for each in delete(app, other).json["overrides"]] == [one, other]
    assert on_call(app) == "user2"
    assert app.get("/oncall").json["overrides"] == []


def test_what_is_over_is_refused_and_what_never_was_is_not_found(app):
    [number] = add(app)
    app.passes(60)
    assert delete(app, number).status_code == 200
    app.passes(1)
    answer = delete(app, number)
    assert (answer.status_code, error(answer)) == (409, f"override {number} ended at 2026-11-23T10:01:00Z already")
    for unknown in ("99", "x", "é", "1" * 40):
        answer = delete(app, unknown)
        assert (answer.status_code, error(answer)) == (404, f"there is no override {unknown}")


@pytest.mark.parametrize("headers", [{"X-None": "1"}, bearer(SOURCE_TOKEN)])
def test_only_an_api_token_may(app, headers):
    [number] = add(app)
    assert delete(app, number, headers).status_code == 401
    assert on_call(app) == "vp"


def test_the_button_ends_it_and_the_page_says_so(app):
    browser = signed_in(app)
    [number] = add(app)
    app.passes(60)
    assert "then user2" in text(browser.get("/oncall"))
    said = after(browser, browser.press(f"/oncall/overrides/{number}/end"))
    assert f"Override {number} has ended." in said
    assert "oncall_primary UTC user2 until Mon 30 Nov 09:00 UTC, then user3" in said
    one, _ = add(app, {"swap": ["user2", "user3"], "from": "2026-11-25T10:00", "to": "2026-12-02T00:00"})
    said = after(browser, browser.press(f"/oncall/overrides/{one}/end"))
    assert "The swap was taken back." in said


def test_a_form_of_another_site_ends_nothing(app):
    [number] = add(app)
    browser = signed_in(app)
    assert browser.post(f"/oncall/overrides/{number}/end").status_code == 403
    assert browser.http.delete(f"/oncall/overrides/{number}").status_code == 403
    assert on_call(app) == "vp"


def test_an_override_of_a_rotation_that_left_the_config_can_still_be_ended(app):
    [number] = add(app, COMING, "oncall_secondary")
    rotations = {name: each for name, each in app.rung.config.rotations.items() if name != "oncall_secondary"}
    app.rung.engine.rules = type(app.rung.engine.rules)(app.rung.config.model_copy(update={"rotations": rotations}))
    assert delete(app, number).status_code == 200
