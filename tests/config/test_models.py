import pytest
from pydantic import ValidationError

from core.config import Channel, Person, Policy, Rotation, placeholders
from core.severity import Severity


def test_a_policy_survives_being_copied_into_an_alert_as_json():
    policy = Policy.model_validate(
        {
            "levels": [
                {
                    "level": "primary",
                    "delay": "0",
                    "notification_channels": ["email"],
                    "responders": ["ada"],
                    "timeout": "5m",
                }
            ],
            "repeat_interval": "2h",
            "max_repeats": 3,
            "sla_timeout": "1h30m",
        }
    )
    copied = Policy.model_validate_json(policy.model_dump_json())
    assert copied == policy
    assert (copied.levels[0].timeout, copied.repeat_interval, copied.sla_timeout) == (300, 7200, 5400)


def test_a_person_has_contacts_of_any_kind_but_the_name_is_none():
    person = Person(name="Ada", email="ada@example.com", telegram="123456", slack="#oncall")
    assert person.contacts == {"email": "ada@example.com", "telegram": "123456", "slack": "#oncall"}


def test_a_person_without_contacts_has_none():
    assert Person().contacts == {}


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("slack", "+U012AB3CD"),
        ("slack", "U012AB3CD"),
        ("slack", "@ada"),
        ("slack", "#on-call_2"),
        ("slack", "ada@example.com"),
        ("telegram", "987654321"),
        ("telegram", "-1001234567890"),
        ("telegram", "-1001234567890:42"),
        ("telegram", "@oncall_channel"),
        ("discord", "80351110224678912"),
        ("matrix", "!AbCdEfGhIjKl:example.com"),
        ("matrix", "#oncall:example.com"),
        ("ntfy", "oncall-user1_f3k9"),
        ("pushover", "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"),
        ("signal", "+15550100001"),
        ("signal", "group.Y2hhdA=="),
        ("whatsapp", "+15550100001"),
        ("whatsapp", "120363025246125486"),
    ],
)
def test_addresses_of_the_form_of_their_provider_are_taken(field, address):
    assert Person(**{field: address}).contacts == {field: address}


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("slack", "#general chat"),
        ("slack", "C/U012AB3CD"),
        ("slack", "x" * 33),
        ("telegram", "+15550100001"),
        ("telegram", "ad"),
        ("telegram", "a.b.c"),
        ("discord", "ada"),
        ("discord", "1234567890"),
        ("matrix", "AbCdEf:example.com"),
        ("matrix", "!"),
        ("ntfy", "a/b"),
        ("ntfy", "x" * 65),
        ("pushover", "uQiRzpo4DXghDmr9QzzfQu27cmVRs"),
        ("signal", "15550100001"),
        ("signal", "group."),
        ("whatsapp", "15550100001"),
    ],
)
def test_addresses_of_another_form_are_refused_before_a_page_is_due(field, address):
    with pytest.raises(ValidationError):
        Person(**{field: address})


def test_what_a_person_prefers_and_does_not_want_are_no_contacts():
    person = Person(prefer=["slack", "sms"], quiet={"low": ["sms"]}, email="ada@example.com")
    assert person.contacts == {"email": "ada@example.com"}
    assert [person.wants("sms", severity) for severity in Severity] == [True, True, True, False]


def test_nobody_is_left_alone_with_what_is_critical():
    with pytest.raises(ValidationError, match="critical pages always come through"):
        Person(quiet={"critical": ["sms"]})


@pytest.mark.parametrize("address", ["#oncall", "@U123", "+U000000001", "!room:example.org", "-100123456", "a/b"])
def test_usual_addresses_are_taken(address):
    assert Person(chat=address).contacts == {"chat": address}


@pytest.mark.parametrize(
    "address",
    ["a?b", "a&b", "a;b", "a,b", "a b", "a\tb", "a\nb", "a\n", "a\x00", "a%3Fb", "{email}", "", "a\u200bb"],
)
def test_an_address_that_could_change_the_url_is_refused(address):
    with pytest.raises(ValidationError):
        Person(chat=address)


@pytest.mark.parametrize("phone", ["+15550100001", "+4915112345678", "+2901234"])
def test_international_numbers_are_taken(phone):
    assert Person(phone=phone).phone == phone


@pytest.mark.parametrize(
    "phone",
    ["15550100001", "+0555010000", "+1 555 010 0001", "+155", "+1234567890123456", "+1555010000a", "+1\n"],
)
def test_other_numbers_are_refused(phone):
    with pytest.raises(ValidationError):
        Person(phone=phone)


@pytest.mark.parametrize("email", ["ada", "ada@", "@example.com", "a@b@c", "a b@example.com", "Ada <a@example.com>"])
def test_what_is_no_e_mail_address_is_refused(email):
    with pytest.raises(ValidationError):
        Person(email=email)


def test_a_channel_needs_what_its_placeholders_name():
    channel = Channel(url="twilio://{account}:x@+15550109999/{phone}?from={account}")
    assert channel.needs == {"account", "phone"}
    assert channel.has_credentials
    assert placeholders("slack://a/b/c") == frozenset()


def test_a_channel_with_an_empty_url_has_no_credentials():
    assert not Channel(url="  ").has_credentials


@pytest.mark.parametrize("name", ["retry", "optional", "redirect", "template", "TEMPLATE", "%74emplate", "retry+"])
@pytest.mark.parametrize("before", ["?", "?a=b&", "?a=b;"])
def test_options_that_rung_decides_itself_are_refused(name, before):
    with pytest.raises(ValidationError, match="which Rung decides itself"):
        Channel(url=f"json://example.com/{before}{name}=1")


def test_pushovers_own_repetitions_have_another_name():
    with pytest.raises(ValidationError, match="with interval for the seconds between Pushover's repetitions"):
        Channel(url="pover://{pushover}@token?priority=emergency&retry=60&expire=600")
    assert Channel(url="pover://{pushover}@token?priority=emergency&interval=60&expire=600").has_credentials


def test_such_words_elsewhere_in_a_url_are_taken():
    url = "json://retry:template@optional/redirect?to=retry&retrying=1"
    assert Channel(url=url).url.get_secret_value() == url


def test_whether_a_channel_is_quiet_is_left_open_unless_told():
    assert Channel(url="").quiet is None
    assert Channel(url="", quiet="no").quiet is False


def test_days_are_read_in_any_case():
    rotation = Rotation(type="weekly", members=["ada"], start_time="09:00", handoff_day=" Friday")
    assert rotation.handoff_day == "friday"


def test_a_model_is_frozen_and_its_error_shows_no_input():
    with pytest.raises(ValidationError):
        Person(name="Ada").name = "Bob"
    with pytest.raises(ValidationError) as raised:
        Channel(url="s3cret")
    assert "s3cret" not in str(raised.value)
