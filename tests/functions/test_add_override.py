"""POST /oncall/<rotation>/overrides: what is taken, what is refused, and who is on call after it."""

import pytest

from tests.apps import SOURCE_TOKEN, TEAM_TOKEN, App, bearer, error
from tests.functions.browsers import Browser, signed_in, text
from tests.samples import PEOPLE, rotation

PATH = "/oncall/oncall_primary/overrides"
OVERRIDE = {"member": "vp", "from": "2026-11-24T10:00:00Z", "to": "2026-11-24T18:00:00Z"}
SWAP = {"swap": ["user2", "user3"], "from": "2026-11-29T00:00", "to": "2026-12-02T00:00"}


@pytest.fixture
def app(client, redis_server, tmp_path):
    rotations = {
        "oncall_primary": rotation("user1", "user2", "user3") | {"timezone": "Europe/Berlin"},
        "oncall_secondary": rotation("user4", "user5", "user6"),
    }
    people = PEOPLE | {"user2": PEOPLE["user2"] | {"name": "User Two"}}
    app = App(tmp_path, redis_server.url, rotations=rotations, people=people)
    yield app
    app.redis.close()


@pytest.fixture
def browser(app):
    return signed_in(app)


def on_call(app, at):
    return app.get(f"/oncall?rotation=oncall_primary&at={at}").json["rotations"][0]["on_call"]["member"]


def orders(app):
    return app.get("/oncall/oncall_primary/timeline").json["events"]


def test_somebody_stands_in_for_the_window_and_no_longer(app):
    answer = app.post(PATH, json=OVERRIDE | {"note": "dentist", "by": "user2"})
    assert answer.status_code == 201
    assert answer.json == {
        "timezone": "Europe/Berlin",
        "overrides": [
            {
                "id": "1",
                "rotation": "oncall_primary",
                "member": "vp",
                "instead_of": None,
                "from": "2026-11-24T10:00:00Z",
                "to": "2026-11-24T18:00:00Z",
                "by": "user2",
                "note": "dentist",
                "created_at": "2026-11-23T10:00:00Z",
                "swap": None,
                "state": "coming",
            }
        ],
        "shifts": [
            {
                "member": "vp",
                "name": "vp",
                "from": "2026-11-24T10:00:00Z",
                "to": "2026-11-24T18:00:00Z",
                "override": "1",
            }
        ],
    }
    at = ["2026-11-24T09:59:59Z", "2026-11-24T10:00:00Z", "2026-11-24T17:59:59Z", "2026-11-24T18:00:00Z"]
    assert [on_call(app, each) for each in at] == ["user2", "vp", "vp", "user2"]


def test_two_people_swap_and_the_answer_tells_the_shifts_that_come_of_it(app):
    """By the clock of the rotation: turns change on Monday 30 November at 09:00 in Berlin."""
    answer = app.post(PATH, json=SWAP)
    assert answer.status_code == 201
    assert [(each["member"], each["instead_of"], each["swap"]) for each in answer.json["overrides"]] == [
        ("user3", "user2", "2"),
        ("user2", "user3", "1"),
    ]
    assert [(each["member"], each["from"], each["to"]) for each in answer.json["shifts"]] == [
        ("user3", "2026-11-28T23:00:00Z", "2026-11-30T08:00:00Z"),
        ("user2", "2026-11-30T08:00:00Z", "2026-12-01T23:00:00Z"),
    ]
    assert [each["event"] for each in orders(app)] == ["override_added"]


def test_instead_of_somebody_it_holds_only_where_they_would_be(app):
    body = OVERRIDE | {"instead_of": "user3", "to": "2026-12-01T00:00:00Z"}
    assert [each["from"] for each in app.post(PATH, json=body).json["shifts"]] == ["2026-11-30T08:00:00Z"]


def test_one_that_changes_nothing_is_taken_and_says_so(app):
    answer = app.post(PATH, json=OVERRIDE | {"instead_of": "user1"})
    assert (answer.status_code, answer.json["shifts"]) == (201, [])


def test_without_a_beginning_it_holds_from_now_on(app):
    app.passes(90.5)
    app.post(PATH, json={"member": "vp", "to": "2026-11-24T18:00:00Z"})
    assert orders(app)[0]["overrides"][0]["from"] == "2026-11-23T10:01:30Z"
    assert app.get("/oncall").json["rotations"][0]["on_call"]["member"] == "vp"


def test_the_way_and_the_person_stand_in_the_timeline(app, browser):
    app.post(PATH, json=OVERRIDE, headers=bearer(TEAM_TOKEN))
    app.post(PATH, json=OVERRIDE, headers=bearer(TEAM_TOKEN) | {"User-Agent": "rung"})
    browser.press("/you", person="user3")
    browser.press(PATH, **OVERRIDE)
    assert [(each["by"], each["via"]) for each in orders(app)] == [
        ("team", "api"),
        ("team", "terminal"),
        ("user3", "page"),
    ]


def test_every_page_after_it_goes_to_whoever_stands_in(app):
    app.post(PATH, json={"member": "vp", "to": "2026-11-24T18:00:00Z"})
    alert = app.fires()
    assert {each["responder"] for each in app.get(f"/alerts/{alert}").json["notifications"]} == {"vp"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "to: Field required"),
        (OVERRIDE | {"member": "user9"}, "config has no person 'user9' (did you mean user"),
        (OVERRIDE | {"member": "x"}, "config has no person 'x': one of user1, "),
        (OVERRIDE | {"instead_of": "user6"}, "'user6' takes no turns in oncall_primary"),
        (OVERRIDE | {"member": None}, "say who is on call"),
        (OVERRIDE | {"swap": ["user2", "user3"]}, "say who is on call"),
        (SWAP | {"instead_of": "user2"}, "say who is on call"),
        (SWAP | {"swap": ["user2"]}, "swap.1: Field required"),
        (SWAP | {"swap": ["user2", "vp"]}, "'vp' takes no turns in oncall_primary, so there is nothing to swap"),
        (SWAP | {"swap": "user2"}, "swap: Input should be a valid tuple"),
        (
            OVERRIDE | {"from": "noon"},
            "from: Value error, an instant such as 2026-11-25T22:00:00+01:00; without an off",
        ),
        (OVERRIDE | {"to": "2026-11-25"}, "to: Value error, an instant such as"),
        (OVERRIDE | {"to": 1_790_000_000}, "to: Value error, an instant such as"),
        (
            OVERRIDE | {"to": "2026-11-24T10:00:00Z"},
            "it must end after it begins: from Tue 24 Nov 2026 11:00 CET to Tue",
        ),
        (
            OVERRIDE | {"from": "2026-11-22T10:00", "to": "2026-11-23T10:00"},
            "that lies in the past: it would end at Mon",
        ),
        (OVERRIDE | {"to": "2028-01-01T00:00"}, "an override lasts at most 366 days"),
        (OVERRIDE | {"note": "a\x00b"}, "note: Value error, must not contain control characters"),
        (OVERRIDE | {"colour": "red"}, "colour: Extra inputs are not permitted"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(app, body, message):
    answer = app.post(PATH, json=body)
    assert answer.status_code == 400
    assert error(answer).startswith(message)
    assert orders(app) == []
    assert app.get("/oncall").json["overrides"] == []


def test_a_rotation_that_is_not_there_is_not_found(app):
    answer = app.post("/oncall/oncall_prmary/overrides", json=OVERRIDE)
    assert answer.status_code == 404
    assert error(answer) == "config has no rotation 'oncall_prmary' (did you mean oncall_primary?)"


def test_only_an_api_token_may(app):
    for headers in ({}, bearer(SOURCE_TOKEN)):
        assert app.post(PATH, json=OVERRIDE, headers=headers).status_code == 401
    assert orders(app) == []


# Forms


def after(browser, answer):
    assert answer.status_code == 303
    return text(browser.get("/" + answer.headers["Location"].replace("../", "")))


def test_a_form_has_somebody_stand_in_and_the_page_says_so(app, browser):
    form = {"member": "user1", "instead_of": "", "from": "2026-11-23T11:00", "to": "2026-11-23T19:00", "note": ""}
    said = after(browser, browser.press(PATH, **form))
    assert "oncall_primary: user1, Mon 23 Nov 2026 11:00 to 19:00 CET." in said
    assert "Europe/Berlin user1 until Mon 23 Nov 19:00 CET, then User Two" in said


def test_a_form_swaps_two(app, browser):
    form = {"swap": "user2", "with": "user3", "from": "2026-11-29T00:00", "to": "2026-12-02T00:00", "note": "trip"}
    said = after(browser, browser.press(PATH, **form))
    assert "oncall_primary: User Two and user3 swap, Sun 29 Nov 2026 00:00 to Wed 02 Dec 2026 00:00 CET." in said
    assert (
        "Later: User Two and user3 swap, Sun 29 Nov 00:00 to Wed 02 Dec 00:00 CET · overrides 1 and 2 by operator: trip"
        in said
    )


def test_a_form_that_changes_nothing_says_so(app, browser):
    form = {"member": "vp", "instead_of": "user1", "from": "2026-11-23T11:00", "to": "2026-11-23T19:00"}
    said = after(browser, browser.press(PATH, **form))
    assert "But nobody's turn falls into that time, so it changes nothing." in said


def test_a_form_that_makes_no_sense_is_answered_by_a_page_that_says_why(app, browser):
    answer = browser.press(PATH, member="user1", **{"from": "2026-11-23T11:00", "to": "2026-11-23T10:59"})
    assert answer.status_code == 400
    assert "Not done it must end after it begins" in text(answer)


def test_a_form_of_another_site_does_nothing(app, browser):
    assert browser.post(PATH, **OVERRIDE).status_code == 403
    assert Browser(app).post(PATH, **OVERRIDE).status_code == 401
    assert orders(app) == []
