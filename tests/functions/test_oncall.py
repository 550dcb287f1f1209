"""GET /oncall and /oncall/<rotation>/timeline: who, until when, who is next; as JSON and as pages."""

import html
import re

import pytest

from tests.apps import SOURCE_TOKEN, App, bearer, error
from tests.functions.browsers import Browser, signed_in, text
from tests.samples import PEOPLE, rotation

ROTATIONS = {
    "oncall_primary": rotation("user1", "user2", "user3") | {"timezone": "Europe/Berlin"},
    "oncall_secondary": rotation("user4", "user5", "user6"),
}


@pytest.fixture
def app(client, redis_server, tmp_path):
    people = PEOPLE | {"user2": PEOPLE["user2"] | {"name": "Ü. <b>Two</b>"}}
    app = App(tmp_path, redis_server.url, rotations=ROTATIONS, people=people, timezone="America/New_York")
    yield app
    app.redis.close()


@pytest.fixture
def browser(app):
    return signed_in(app)


def stands_in(app, rotation="oncall_primary", **body):
    body = {"member": "vp", "to": "2026-11-24T18:00:00Z"} | body
    answer = app.post(f"/oncall/{rotation}/overrides", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json["overrides"][0]["id"]


def brief(answer):
    return [(each["rotation"], each["on_call"]["member"], each["next"]["member"]) for each in answer.json["rotations"]]


def test_each_rotation_says_who_until_when_and_who_is_next(app):
    answer = app.get("/oncall")
    assert answer.status_code == 200
    assert answer.json["at"] == "2026-11-23T10:00:00Z"
    assert brief(answer) == [("oncall_primary", "user2", "user3"), ("oncall_secondary", "user4", "user5")]
    assert answer.json["rotations"][0] == {
        "rotation": "oncall_primary",
        "timezone": "Europe/Berlin",
        "on_call": {"member": "user2", "name": "Ü. <b>Two</b>", "to": "2026-11-30T08:00:00Z", "override": None},
        "next": {
            "member": "user3",
            "name": "user3",
            "from": "2026-11-30T08:00:00Z",
            "to": "2026-12-07T08:00:00Z",
        },
    }
    assert answer.json["overrides"] == []


def test_overrides_that_have_not_ended_are_told_and_hold(app):
    number = stands_in(app)
    stands_in(app, "oncall_secondary", **{"from": "2026-11-24T09:00:00Z"})
    told = app.get("/oncall").json
    assert told["rotations"][0]["on_call"]["override"] == number
    assert [(each["rotation"], each["state"]) for each in told["overrides"]] == [
        ("oncall_primary", "running"),
        ("oncall_secondary", "coming"),
    ]
    app.passes(2 * 86_400)
    assert app.get("/oncall").json["overrides"] == []


def test_one_rotation_can_be_asked_for(app):
    stands_in(app, "oncall_secondary")
    answer = app.get("/oncall?rotation=oncall_primary")
    assert brief(answer) == [("oncall_primary", "user2", "user3")]
    assert answer.json["overrides"] == []
    missing = app.get("/oncall?rotation=oncall_prim")
    assert missing.status_code == 404
    assert error(missing) == "config has no rotation 'oncall_prim' (did you mean oncall_primary?)"


@pytest.mark.parametrize(
    ("at", "instant", "who"),
    [
        ("2026-11-30T07:59:59Z", "2026-11-30T07:59:59Z", "user2"),
        ("2026-11-30T08:00:00Z", "2026-11-30T08:00:00Z", "user3"),
        ("2026-11-30T09:00:00%2B01:00", "2026-11-30T08:00:00Z", "user3"),
        ("2026-11-30T09:00:00+01:00", "2026-11-30T08:00:00Z", "user3"),  # a + that came as a space
        ("2026-11-30T09:00+0100", "2026-11-30T08:00:00Z", "user3"),
        ("2026-11-30T03:00", "2026-11-30T08:00:00Z", "user3"),  # by the clock of the config
        ("2026-11-30 02:59", "2026-11-30T07:59:00Z", "user2"),
        ("1990-01-01T00:00:00Z", "1990-01-01T00:00:00Z", "user2"),
    ],
)
def test_another_time_can_be_asked_about(app, at, instant, who):
    answer = app.get(f"/oncall?at={at}&rotation=oncall_primary")
    assert (answer.json["at"], answer.json["rotations"][0]["on_call"]["member"]) == (instant, who)


def test_the_shifts_ahead_are_told_when_asked_for(app):
    shifts = app.get("/oncall?next=1w1d&rotation=oncall_secondary").json["rotations"][0]["shifts"]
    assert [(each["member"], each["from"], each["to"]) for each in shifts] == [
        ("user4", "2026-11-16T14:00:00Z", "2026-11-23T14:00:00Z"),
        ("user5", "2026-11-23T14:00:00Z", "2026-11-30T14:00:00Z"),
        ("user6", "2026-11-30T14:00:00Z", "2026-12-07T14:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "at=tomorrow",
            "at: an instant such as 2026-11-25T22:00:00Z; without an offset by the clock of America/New_York",
        ),
        ("at=2026-11-30", "at: an instant such as"),
        ("at=9995-01-01T00:00Z", "at: an instant in a year so far ahead as 9995 cannot be told"),
        ("next=soon", "next: a time ahead such as 4w or 3d, above zero and at most 26w"),
        ("next=0", "next: a time ahead"),
        ("next=26w1s", "next: a time ahead"),
        ("next=-1w", "next: a time ahead"),
        ("next=9999999w", "next: a time ahead"),
    ],
)
def test_what_cannot_be_read_is_refused(app, query, message):
    answer = app.get(f"/oncall?{query}")
    assert answer.status_code == 400
    assert error(answer).startswith(message)


def test_only_an_api_token_opens_it(app):
    for path in ("/oncall", "/oncall/oncall_primary/timeline", "/oncall/calendars"):
        for headers in ({}, bearer(SOURCE_TOKEN)):
            assert app.get(path, headers=headers).status_code == 401


def test_a_config_without_rotations_is_said_so(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, rotations={}, escalation=escalation_of("user1"), sources={})
    assert app.get("/oncall").json["rotations"] == []
    assert "The config has no rotations" in text(signed_in(app).get("/oncall"))


def escalation_of(person):
    level = {"level": "one", "delay": 0, "notification_channels": ["email"], "responders": [person], "timeout": 300}
    policy = {"levels": [level], "repeat_interval": 600, "max_repeats": 0, "sla_timeout": 3600}
    return {"policies": {"medium": policy}, "catch_all": [person], "default_policy": "medium"}


# The page


def test_the_page_says_who_until_when_and_who_is_next_by_the_rotations_clock(app, browser):
    said = text(browser.get("/oncall"))
    assert "Rung Alerts On call " in said
    assert "oncall_primary Europe/Berlin Ü. <b>Two</b> until Mon 30 Nov 09:00 CET, then user3" in said
    assert "oncall_secondary America/New_York" in said
    assert "Times are by the clock of Europe/Berlin." in said


def test_the_page_lists_overrides_with_a_button_to_end_each_and_a_swap_once(app, browser):
    stands_in(app, by="user2", note="dentist")
    body = {"swap": ["user2", "user3"], "from": "2026-11-27T10:00", "to": "2026-12-02T10:00"}
    app.post("/oncall/oncall_primary/overrides", json=body)
    answer = browser.get("/oncall")
    said = text(answer)
    assert "Now: vp, Mon 23 Nov 11:00 to Tue 24 Nov 19:00 CET · override 1 by Ü. <b>Two</b>: dentist End" in said
    assert "Later: Ü. <b>Two</b> and user3 swap, Fri 27 Nov 10:00 to Wed 02 Dec 10:00 CET" in said
    assert answer.text.count('/end"') == 2


def test_a_form_begins_now_and_ends_with_the_shift_and_offers_members_first(app, browser):
    page = html.unescape(browser.get("/oncall").text)
    assert re.findall(r'name="(from|to)" value="([^"]*)"', page)[:2] == [
        ("from", "2026-11-23T11:00"),
        ("to", "2026-11-30T09:00"),
    ]
    select = re.search(r'(?s)<select name="member".*?</select>', page)[0]
    assert re.findall(r'<option value="(\w+)"', select)[:4] == ["user1", "user2", "user3", "user4"]


def test_the_page_of_another_time_has_no_forms(app, browser):
    answer = browser.get("/oncall?at=2026-11-30T09:00:00Z")
    assert "On call on Mon 30 Nov 2026 04:00 EST" in text(answer)
    assert '<form method="post"' not in answer.text
    assert "user3 until Mon 07 Dec 09:00 CET, then user1" in text(answer)


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(app):
    browser = Browser(app)
    for path in ("/oncall", "/oncall?next=2w", "/oncall/oncall_primary/timeline"):
        asked = browser.get(path)
        assert asked.status_code == 401
        assert f'name="next" value="{path}"' in html.unescape(asked.text)


# The timeline


def test_the_timeline_tells_what_was_ordered_by_whom_and_how(app):
    number = stands_in(app, by="user2", note="dentist")
    app.passes(600)
    app.http.delete(f"/oncall/overrides/{number}", headers=bearer("api-token-of-the-tests"))
    events = app.get("/oncall/oncall_primary/timeline").json["events"]
    assert [(each["at"], each["event"], each["by"], each["via"]) for each in events] == [
        ("2026-11-23T10:00:00Z", "override_added", "user2", "api"),
        ("2026-11-23T10:10:00Z", "override_ended", "operator", "api"),
    ]
    assert events[1]["overrides"][0]["to"] == "2026-11-23T10:10:00Z"
    assert app.get("/oncall/oncall_secondary/timeline").json == {"events": []}


def test_the_page_of_the_timeline_has_the_newest_first_by_the_rotations_clock(app, browser):
    assert "None so far" in text(browser.get("/oncall/oncall_primary/timeline"))
    number = stands_in(app, by="user2", note="den<i>tist")
    app.passes(600)
    app.http.delete(f"/oncall/overrides/{number}", headers=bearer("api-token-of-the-tests"))
    said = text(browser.get("/oncall/oncall_primary/timeline"))
    assert (
        "23 Nov 11:10:00 override ended by operator vp, Mon 23 Nov 2026 11:00 to 11:10 CET den<i>tist "
        "23 Nov 11:00:00 override added by Ü. <b>Two</b>"
    ) in said


def test_the_timeline_of_no_rotation_is_not_found(app):
    answer = app.get("/oncall/onkall_primary/timeline")
    assert answer.status_code == 404
    assert "(did you mean oncall_primary?)" in error(answer)
