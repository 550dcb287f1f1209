"""Signed links: what they were made for, and nothing anybody changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledger import Key
from core.links import BadLinkError, Links, LinkTarget

LINKS = Links("k" * 32, "https://rung.example.com")
PREFIX = "https://rung.example.com/a/"


def token(alert=42, person="user1", links=LINKS):
    return links.make(alert, person).rpartition("/")[2]


def test_a_link_leads_to_the_one_click_page_of_its_alert_and_person():
    assert LINKS.make(42, "user1").startswith(PREFIX)
    assert LINKS.read(token()) == LinkTarget(42, "user1")


def test_a_slash_at_the_end_of_the_public_address_does_not_double():
    assert Links("k" * 32, "https://rung.example.com/").make(42, "user1").startswith(PREFIX)


def test_a_link_holds_only_what_every_mail_program_and_phone_leaves_alone():
    assert set(token(person="Jürgen Groß 🔥/&?=#")) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


@given(st.integers(1, 2**53), st.text(max_size=200))
def test_whoever_it_was_made_for_is_read_back(alert, person):
    assert LINKS.read(token(alert, person)) == LinkTarget(alert, person)


def test_the_same_link_is_made_every_time():
    assert token() == token()


def test_no_two_people_or_alerts_share_a_link():
    assert len({token(1, "user1"), token(1, "user2"), token(11, "user1"), token(1, "1user1")}) == 4


@pytest.mark.parametrize("place", range(len(token()) - 1))
def test_a_link_with_any_character_changed_is_refused(place):
    """But for its very last one, whose lowest bits the encoding does not use."""
    good = token()
    bad = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
    with pytest.raises(BadLinkError):
        LINKS.read(bad)


@pytest.mark.parametrize("length", range(len(token())))
def test_a_link_that_was_cut_is_refused(length):
    with pytest.raises(BadLinkError, match="was cut or changed on the way"):
        LINKS.read(token()[:length])


@pytest.mark.parametrize(
    "other", ["", ".", "..", "x.y", "1.1", "ü", "🔥.🔥", "\x00", "\ud800", "%00", "a" * 10_000, '[42,"user1"].sig']
)
def test_what_was_never_a_link_is_refused(other):
    with pytest.raises(BadLinkError):
        LINKS.read(other)


def test_a_link_of_another_rung_is_refused():
    with pytest.raises(BadLinkError):
        LINKS.read(token(links=Links("j" * 32, "https://rung.example.com")))


def test_what_else_the_secret_signs_is_no_link():
    from itsdangerous import URLSafeSerializer

    with pytest.raises(BadLinkError):
        LINKS.read(URLSafeSerializer("k" * 32, salt="rung.csrf").dumps([42, "user1"]))


def test_the_secret_stands_in_no_link_error_or_repr():
    links = Links("very-secret-key-of-32-characters", "https://rung.example.com")
    with pytest.raises(BadLinkError) as refused:
        links.read("x.y")
    assert "very-secret-key" not in f"{links.make(1, 'user1')} {refused.value} {links!r} {vars(refused.value)}"


# Calendars


def calendar(path, links=LINKS):
    return links.calendar(path).rpartition("?token=")


def test_a_calendars_address_carries_a_token_for_it():
    address, _, token = calendar("person/alice")
    assert address == "https://rung.example.com/oncall/person/alice.ics"
    assert LINKS.opens_calendar("person/alice", token)
    assert calendar("person/alice") == calendar("person/alice")


def test_a_name_in_another_alphabet_is_quoted():
    assert calendar("ärzte")[0] == "https://rung.example.com/oncall/%C3%A4rzte.ics"


@pytest.mark.parametrize("path", ["person/bob", "alice", "person", "person/alice.ics", "", "oncall/person/alice"])
def test_a_token_opens_no_other_calendar(path):
    assert not LINKS.opens_calendar(path, calendar("person/alice")[2])


@pytest.mark.parametrize(
    "token", ["", ".", "ü", "\x00", "a" * 10_000, LINKS.make(1, "person/alice").rpartition("/")[2]]
)
def test_what_was_never_a_calendars_token_opens_none(token):
    assert not LINKS.opens_calendar("person/alice", token)


def test_a_token_of_another_rung_opens_no_calendar():
    other = Links("j" * 32, "https://rung.example.com")
    assert not LINKS.opens_calendar("person/alice", calendar("person/alice", other)[2])


# Deliveries

KEY = Key(42, 7, "Jürgen/Groß", "sms")


def delivery(key=KEY, way="sms", links=LINKS):
    return links.make_for_delivery(way, key).rpartition("/")[2]


def test_a_provider_is_given_an_address_of_its_way_that_names_the_notification():
    assert LINKS.make_for_delivery("sms", KEY).startswith("https://rung.example.com/reply/sms/")
    assert LINKS.make_for_delivery("voice", KEY).startswith("https://rung.example.com/reply/voice/")
    assert LINKS.read_delivery(delivery()) == KEY


@given(st.integers(1, 2**53), st.integers(1, 10_000), st.text(max_size=100), st.text(max_size=100))
def test_whatever_notification_it_was_made_for_is_read_back(alert, event, responder, channel):
    key = Key(alert, event, responder, channel)
    assert LINKS.read_delivery(delivery(key)) == key


@pytest.mark.parametrize("place", range(len(delivery()) - 1))
def test_an_address_of_a_delivery_with_any_character_changed_is_refused(place):
    good = delivery()
    bad = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
    with pytest.raises(BadLinkError):
        LINKS.read_delivery(bad)


@pytest.mark.parametrize(
    "other",
    ["", ".", "\ud800", "a" * 10_000, token(), delivery(links=Links("j" * 32, "https://rung.example.com"))],
)
def test_what_was_never_an_address_of_a_delivery_is_refused(other):
    with pytest.raises(BadLinkError):
        LINKS.read_delivery(other)


def test_an_address_of_a_delivery_is_no_link():
    with pytest.raises(BadLinkError):
        LINKS.read(delivery())


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost", "https://[::1]:8443/rung"])
def test_links_know_whether_a_provider_can_follow_them(url):
    assert not Links("k" * 32, url).leads_beyond_this_machine
    assert LINKS.leads_beyond_this_machine


def mail_token(links, alert_id=42, person="alice"):
    return links.mail_address("rung@example.com", alert_id, person).removeprefix("rung+").removesuffix("@example.com")


def test_an_address_to_answer_to_is_good_for_its_alert_and_its_person_alone():
    links = Links("k" * 32, "https://rung.example.com")
    token = mail_token(links)
    assert links.read_mail(token, "alice") == 42
    assert links.read_mail(token, "bob") is None
    assert links.read_mail(token.replace("42-", "43-"), "alice") is None
    assert Links("other" * 8, "https://rung.example.com").read_mail(token, "alice") is None
    assert mail_token(links, 4, "2/alice") != mail_token(links, 42, "alice")


def test_an_address_to_answer_to_survives_small_letters_and_is_short_enough():
    address = Links("k" * 32, "https://rung.example.com").mail_address(
        "a.rather.long.name@example.com", 10**15 - 1, "x" * 99
    )
    assert address == address.lower()
    assert len(address.rpartition("@")[0]) <= 64


@pytest.mark.parametrize(
    "token", ["", "42", "42-", "-", "x-y", "42-" + "0" * 20, "9" * 30 + "-a", "\u0664-a", "42-\ud800"]
)
def test_a_token_of_a_mail_that_was_made_up_is_about_nothing(token):
    assert (
        Links("k" * 32, "https://rung.example.com").read_mail(token.encode("utf-8", "replace").decode(), "alice")
        is None
    )
