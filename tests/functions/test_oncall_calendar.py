"""The calendars: who gets in, what is in them, and that they hold the very shifts that pages go by."""

import base64
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from core.config import Config
from core.rotations import shifts
from core.rules import Rules
from tests.apps import API_TOKEN, PUBLIC_URL, SOURCE_TOKEN, TEAM_TOKEN, App, bearer, error
from tests.functions.browsers import Browser, signed_in
from tests.rotation_strategies import HOLIDAYS, instants, rotations, some_overrides, zones
from tests.samples import config_dict, rotation

ROTATIONS = config_dict()["rotations"]
BEHIND, AHEAD = timedelta(days=30), timedelta(weeks=26)


def address(app, kind, name):
    found = app.get("/oncall/calendars").json[kind][name]
    assert found.startswith(f"{PUBLIC_URL}/oncall/")
    return found.removeprefix(PUBLIC_URL)


def basic(password):
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()}


def events(answer):
    assert answer.status_code == 200, answer.text
    found = Calendar.from_ical(answer.data).events
    return [(str(event["summary"]), event.DTSTART, event.DTEND) for event in found]


def test_the_address_alone_opens_a_rotations_calendar_from_30_days_back_to_26_weeks_ahead(app):
    answer = app.get(address(app, "rotations", "oncall_primary"), headers={})
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''oncall_primary.ics"
    found = events(answer)
    assert found[0][1:] == (app.now.replace(month=10, day=19, hour=9), app.now.replace(month=10, day=26, hour=9))
    assert found[-1][1] <= app.now + AHEAD < found[-1][2]
    assert len(found) == 32


def test_a_persons_calendar_has_their_shifts_of_every_rotation_and_those_they_stand_in_for(app):
    app.post("/oncall/oncall_secondary/overrides", json={"member": "user2", "to": "2026-11-24T10:00:00Z"})
    found = events(app.get(address(app, "people", "user2"), headers={}))
    assert [summary for summary, _, _ in found[:4]] == [
        "oncall_primary: user2",
        "oncall_primary: user2",
        "oncall_secondary: user2",
        "oncall_primary: user2",
    ]
    assert {summary for summary, _, _ in found} == {"oncall_primary: user2", "oncall_secondary: user2"}
    assert events(app.get(address(app, "people", "vp"), headers={})) == []


@pytest.mark.parametrize("headers", [bearer(API_TOKEN), bearer(TEAM_TOKEN), basic(API_TOKEN), basic(TEAM_TOKEN)])
@pytest.mark.parametrize("path", ["/oncall/oncall_primary.ics", "/oncall/person/user2.ics"])
def test_an_api_token_opens_each(app, path, headers):
    assert events(app.get(path, headers=headers))


def test_a_browser_that_is_signed_in_may_look(app):
    assert signed_in(app).get("/oncall/oncall_primary.ics").status_code == 200


@pytest.mark.parametrize("headers", [{}, bearer(SOURCE_TOKEN), bearer("x"), basic(SOURCE_TOKEN), basic("")])
@pytest.mark.parametrize("path", ["/oncall/oncall_primary.ics", "/oncall/person/user2.ics", "/oncall/nobody.ics"])
def test_nobody_else_gets_in_nor_learns_which_names_there_are(app, path, headers):
    answer = app.get(path, headers=headers)
    assert answer.status_code == 401
    assert error(answer).startswith("this calendar opens with the token in its address (`rung oncall --ics` prints it)")
    assert answer.headers["WWW-Authenticate"].lower().startswith("basic")
    assert "nobody" not in answer.text


def test_a_wrong_token_in_the_address_is_refused_whatever_else_comes_with_it(app):
    good = address(app, "rotations", "oncall_primary")
    others = [address(app, "rotations", "oncall_secondary"), address(app, "people", "user2")]
    tokens = [
        "",
        "x",
        "é",
        "\x00",
        good.rpartition("=")[2][:-2],
        *(each.rpartition("=")[2] for each in others),
        API_TOKEN,
    ]
    for token in tokens:
        answer = app.get("/oncall/oncall_primary.ics", headers=bearer(API_TOKEN), query_string={"token": token})
        assert answer.status_code == 401, token


def test_a_browser_with_a_wrong_token_is_shown_where_to_sign_in(app):
    answer = Browser(app).get("/oncall/oncall_primary.ics?token=x")
    assert answer.status_code == 401
    assert "API token" in answer.text
    assert "Basic" not in answer.headers["WWW-Authenticate"]


def test_an_address_does_not_open_another_calendar_of_the_same_name(client, redis_server, tmp_path):
    """A person and a rotation cannot share a name, but a rotation may be called after a person's path."""
    app = App(tmp_path, redis_server.url, rotations=ROTATIONS | {"person": rotation("user1")})
    token = address(app, "rotations", "person").rpartition("=")[2]
    assert app.get("/oncall/person.ics", headers={}, query_string={"token": token}).status_code == 200
    assert app.get("/oncall/person/user1.ics", headers={}, query_string={"token": token}).status_code == 401
    app.redis.close()


def test_what_config_does_not_have_is_not_found(app):
    for path, nearest in (
        ("/oncall/oncall_primar.ics", "oncall_primary"),
        ("/oncall/person/team_manger.ics", "team_manager"),
    ):
        answer = app.get(path)
        assert answer.status_code == 404
        assert f"(did you mean {nearest}?)" in error(answer)


def test_names_in_other_alphabets_have_addresses_that_every_app_can_read(client, redis_server, tmp_path):
    people = config_dict()["people"] | {"jürgen": {"email": "j@example.com"}}
    app = App(tmp_path, redis_server.url, people=people, rotations=ROTATIONS | {"ärzte": rotation("jürgen")})
    for kind, name in (("people", "jürgen"), ("rotations", "ärzte")):
        path = address(app, kind, name)
        assert path.isascii()
        assert len(events(app.get(path, headers={}))) >= 26
    app.redis.close()


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(rotations, rotations), zones, instants, some_overrides(), st.sampled_from(["m0", "m1", "m3"]))
def test_what_is_read_back_are_the_very_shifts(app, written, zone, now, overrides, person):  # noqa: PLR0917 - drawn
    app.redis.flushall()
    people = config_dict()["people"] | {f"m{n}": {"email": f"m{n}@example.com"} for n in range(5)}
    both = dict(zip(("oncall", "other"), written, strict=True))
    dates = {"dates": [str(day) for day in HOLIDAYS]}
    found = Config.model_validate(config_dict(people=people, rotations=both, timezone=zone, holidays=dates))
    app.rung.engine.rules = Rules(found)
    app.rung.standing.add(*overrides)
    app.now = now
    plans = app.rung.engine.rules.plans
    told = {
        name: [
            (f"{name}: {each.member}", each.starts_at, each.ends_at, each.member)
            for each in shifts(plans[name], now - BEHIND, now + AHEAD, overrides)
            if each.member
        ]
        for name in both
    }
    for name, expected in told.items():
        assert events(app.get(f"/oncall/{name}.ics")) == [each[:3] for each in expected]
    own = sorted(
        (each[:3] for every in told.values() for each in every if each[3] == person), key=lambda e: (e[1], e[0])
    )
    assert events(app.get(f"/oncall/person/{person}.ics")) == own
