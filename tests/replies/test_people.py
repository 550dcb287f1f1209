"""Who is it? Whoever config gives the number or address, in whatever form the provider writes it; else nobody."""

import pytest

from core.config import Config
from core.replies.people import by_email, by_phone, by_slack, by_telegram
from tests.samples import config

PEOPLE = {
    "alice": {"phone": "+15550100001", "email": "Alice@Example.com", "slack": "+U012AB3CD", "telegram": "987654321"},
    "bob": {"phone": "+15550100002", "whatsapp": "+4915550000001", "slack": "@U0BOB", "telegram": "-100123:7"},
    "carol": {"phone": "+15550100009", "signal": "+15550100003", "slack": "#oncall", "telegram": "@carol_c"},
    "dave": {"phone": "+15550100009", "email": "alice@example.com", "slack": "dave@example.com"},
}


@pytest.fixture(scope="module")
def known() -> Config:
    rotation = {"type": "weekly", "members": list(PEOPLE), "start_time": "09:00", "handoff_day": "monday"}
    everybody = PEOPLE | {"team_manager": {}, "director": {}, "vp": {}}
    return config(people=everybody, rotations={"oncall_primary": rotation, "oncall_secondary": rotation})


@pytest.mark.parametrize(
    ("number", "people"),
    [
        ("+15550100001", ("alice",)),
        ("whatsapp:+15550100001", ("alice",)),
        ("WhatsApp:+15550100001", ("alice",)),
        ("rcs:+15550100001", ("alice",)),
        ("tel:+1 (555) 010-0001", ("alice",)),
        (" +1.555.010.0001 ", ("alice",)),
        ("whatsapp:+4915550000001", ("bob",)),
        ("+15550100003", ("carol",)),
        ("+15550100009", ("carol", "dave")),
    ],
)
def test_a_number_belongs_to_those_who_have_it_however_it_came(known, number, people):
    assert by_phone(known, number) == people


@pytest.mark.parametrize(
    "number",
    [
        *["", "+", "15550100001", "5550100001", "+1555010000", "+155501000011", "whatsapp:", "whatsapp:15550100001"],
        *["anonymous", "+15550100001;+15550100002", "mailto:+15550100001", "whatsapp:whatsapp:+15550100001"],
        *["+15550100001\x00", "+\N{FULLWIDTH DIGIT ONE}5550100001", "266696687", "client:alice", "alice"],
    ],
)
def test_what_is_nobodys_number_is_nobodys(known, number):
    assert by_phone(known, number) == ()


def test_a_slack_id_is_found_with_and_without_the_mark_that_apprise_wants(known):
    assert by_slack(known, "U012AB3CD") == ("alice",)
    assert by_slack(known, "U0BOB") == ("bob",)
    assert by_slack(known, "") == by_slack(known, "#oncall")[1:] == by_slack(known, "U0") == ()


def test_a_telegram_id_is_found_whatever_topic_stands_behind_it(known):
    assert by_telegram(known, 987654321) == ("alice",)
    assert by_telegram(known, -100123) == ()  # a group, in which anybody may talk
    assert by_telegram(known, 7) == by_telegram(known, 0) == ()


def test_a_mail_address_is_found_in_any_case(known):
    assert by_email(known, " ALICE@example.COM ") == ("alice", "dave")
    assert by_email(known, "") == by_email(known, "alice") == ()


def test_a_user_of_telegram_is_known_by_their_chat_or_by_telegram_id_and_a_group_is_nobody():
    people = {
        "alice": {"telegram": "111"},
        "bob": {"telegram": "-100222:12", "telegram_id": "222"},
        "carol": {"telegram": "@oncall"},
    }
    known = config(people=PEOPLE | people)
    assert by_telegram(known, 111) == ("alice",)
    assert by_telegram(known, 222) == ("bob",)
    for nobody in (-100222, 0, 333):
        assert by_telegram(known, nobody) == ()
