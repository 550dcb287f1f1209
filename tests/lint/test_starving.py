"""Members who have nothing of their turns: by restrictions, or by layers above."""

import re

import pytest

from tests.lint.sound import changed, findings, level, policy, put, told, weekly

WEEKEND = {"weekdays": ["saturday", "sunday"]}
SEVEN = [f"p{number}" for number in range(7)]


def rotating(rotation):
    written = changed("rotations.oncall", rotation)
    members = [rotation["members"], *(layer["members"] for layer in rotation.get("layers", ()))]
    names = [each if isinstance(each, str) else each["name"] for some in members for each in some]
    written["people"] |= {name: {"email": f"{name}@example.com", "phone": "+15550107777"} for name in names}
    return written


def starved(rotation):
    found = [each for each in findings(rotating(rotation)) if each.code == "member-starved"]
    assert len(found) <= 1
    told_of = "of the members of oncall, the restrictions leave (.*) nothing of any turn"
    return re.fullmatch(told_of, found[0].found)[1].replace(" and ", ", ").split(", ") if found else []


def daily(*members, **more):
    return {"type": "daily", "members": list(members), "start_time": "00:00", **more}


def test_seven_who_take_a_day_each_and_a_weekend_to_serve():
    # 1970-01-01 was a Thursday, and p0's: so the Saturdays are p2's, the Sundays p3's.
    assert starved(daily(*SEVEN, restrictions=[WEEKEND])) == ["p0", "p1", "p4", "p5", "p6"]


def test_a_start_date_says_who_has_the_weekend():
    saturday = "2026-11-28"
    assert starved(daily(*SEVEN, restrictions=[WEEKEND], start_date=saturday)) == ["p2", "p3", "p4", "p5", "p6"]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 8])
def test_any_other_number_of_members_all_come_to_a_weekend(count):
    assert starved(daily(*[*SEVEN, "p7"][:count], restrictions=[WEEKEND])) == []


def test_a_handoff_within_the_window_gives_two_a_part_of_each_day():
    noon = daily(*SEVEN, restrictions=[{"weekdays": ["saturday"]}]) | {"start_time": "12:00"}
    assert starved(noon) == ["p0", "p3", "p4", "p5", "p6"]


def test_a_window_that_runs_into_a_turn_is_something_of_it():
    night = [{"weekdays": ["friday"], "from": "22:00", "to": "06:00"}]
    assert starved(daily(*SEVEN, restrictions=night)) == ["p0", "p3", "p4", "p5", "p6"]


def test_a_week_each_always_has_a_weekend():
    assert starved(weekly(*SEVEN, restrictions=[WEEKEND])) == []


def custom(*members, **more):
    handoffs = [{"day": "monday", "time": "09:00"}, {"day": "friday", "time": "17:00"}]
    return {"type": "custom", "members": list(members), "handoffs": handoffs, **more}


def test_of_two_who_take_the_week_and_the_weekend_one_starves():
    assert starved(custom("ada", "bob", restrictions=[WEEKEND])) == ["bob"]  # turn 0 begins on a Friday, and is ada's


def test_of_three_who_take_the_week_and_the_weekend_none_does():
    assert starved(custom("ada", "bob", "eve", restrictions=[WEEKEND])) == []


def test_without_restrictions_nobody_starves():
    assert starved(custom("ada", "bob")) == []
    assert starved(daily(*SEVEN)) == []


def test_who_serves_on_holidays_only_waits_for_one():
    assert starved(daily(*SEVEN, restrictions=[{"holidays": "only"}])) == []


def test_who_comes_later_is_counted_from_then_on_and_who_is_gone_is_not():
    later = [{"name": name, "from": "2026-12-14"} for name in SEVEN[1:]]
    assert len(starved(daily("p0", *later, restrictions=[WEEKEND]))) == 5
    gone = [{"name": name, "until": "2026-11-01"} for name in SEVEN[1:]]
    assert starved(daily("p0", *gone, restrictions=[WEEKEND])) == []


def test_a_layer_starves_its_members_by_itself():
    layer = daily(*SEVEN, restrictions=[WEEKEND])
    [finding] = [each for each in findings(rotating(weekly("ada", layers=[layer]))) if each.code == "member-starved"]
    assert finding.path == "rotations.oncall.layers[0].restrictions"


def hidden(rotation):
    return [path for code, path in told(rotating(rotation)) if code == "layer-hidden"]


def test_a_layer_without_restrictions_hides_all_beneath():
    layers = [weekly("eve", restrictions=[WEEKEND]), weekly("bob")]
    assert hidden(weekly("ada", layers=layers)) == ["rotations.oncall", "rotations.oncall.layers[0]"]
    assert hidden(weekly("ada", layers=layers[::-1])) == ["rotations.oncall"]


def test_layers_that_together_cover_all_hide_what_is_beneath():
    days = [{"from": "08:00", "to": "20:00"}]
    nights = [{"from": "20:00", "to": "08:00"}]
    layers = [weekly("eve", restrictions=days), weekly("bob", restrictions=nights)]
    assert hidden(weekly("ada", layers=layers)) == ["rotations.oncall"]
    nights[0]["to"] = "07:59"
    assert hidden(weekly("ada", layers=layers)) == []


def test_a_layer_whose_members_come_and_go_is_meant_for_a_while():
    layer = weekly({"name": "bob", "until": "2027-12-01"})
    assert hidden(weekly("ada", layers=[layer])) == []


def test_a_look_of_one_day_takes_no_weekend_for_always():
    layers = [weekly("eve", restrictions=[{"weekdays": ["wednesday", "thursday", "friday"]}])]
    written = rotating(weekly("ada", layers=layers))
    assert ("layer-hidden", "rotations.oncall") not in told(written, days=1)


def test_who_is_hidden_is_named_with_what_hides():
    written = rotating(weekly("ada", "bob", layers=[weekly("eve")]))
    put(written, "escalation.policies.high", policy(level("primary", "oncall"), level("boss", "boss", delay="10m")))
    [finding] = findings(written)
    assert finding.found == "the layers above cover the rotation oncall itself at every hour"
    assert finding.consequence == "By it ada and bob are never on duty."
