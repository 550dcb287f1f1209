"""Texts are cut so that the link survives, mentions sleep, and a contact's value stays one value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channel_text import (
    BODY_LIMITS,
    TITLE_LIMIT,
    ContactError,
    defuse,
    fit,
    placeholders,
    refused_parameters,
    render_url,
    with_markdown_links,
)
from core.outcomes import Message

LINK = "https://rung.example.com/a/eyJhIjo3fQ.Zk3xQw.signature"


@pytest.mark.parametrize("mention", ["@everyone", "@here", "@channel", "@Everyone", "x@here!"])
def test_a_mention_of_the_whole_room_is_defused(mention):
    assert mention.replace("@", "@\u200b") == defuse(mention)


@pytest.mark.parametrize(
    "markup", ["<!channel>", "<at>all</at>", "<!here|here>", "<!subteam^S1>", "<@U123>", "<@&55>", "<#C1>"]
)
def test_markup_of_a_mention_is_defused(markup):
    assert defuse(markup) == "<\u200b" + markup[1:]


@pytest.mark.parametrize("text", ["a@example.com", "@hereafter", "1 < 2", "<b>", "<https://example.com>", LINK])
def test_other_text_is_left_alone(text):
    assert defuse(text) == text


@given(st.text())
def test_defusing_twice_is_defusing_once(text):
    assert defuse(defuse(text)) == defuse(text)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        (f"down_now\nAnswer: {LINK}", f"down_now\n\nAnswer: [{LINK}]({LINK})"),
        ("See https://a.example.com/x_y.", "See [https://a.example.com/x_y](https://a.example.com/x_y)."),
        ("(https://a.example.com)", "([https://a.example.com](https://a.example.com))"),
        ("one\n\ntwo, no link: https://", "one\n\ntwo, no link: https://"),
    ],
)
def test_where_only_markdown_is_shown_links_can_be_pressed_and_lines_stay_lines(text, markdown):
    assert with_markdown_links(text) == markdown


def test_a_short_message_stays_as_it_is():
    message = Message("Disk full", f"db1 has no space left.\nAnswer: {LINK}")
    assert fit(message, "email") == message


def test_a_title_is_cut_at_the_end_of_a_word():
    title = fit(Message("word " * 50, "body"), "slack").title
    assert title == "word " * 19 + "word…"


def test_a_title_is_one_line():
    assert fit(Message("Disk\r\nfull", "body"), "slack").title == "Disk full"


def test_a_long_body_is_cut_before_its_last_line():
    body = "It is broken. " * 100 + f"\nAnswer: {LINK}"
    cut = fit(Message("Disk full", body), "sms").body
    first, last = cut.split("\n")
    assert last == f"Answer: {LINK}"
    assert first.endswith(("broken.…", "is…", "It…"))


def test_a_last_line_without_room_gives_at_least_its_link():
    body = "intro\n" + "explained at length " * 40 + LINK
    assert fit(Message("Disk full", body), "sms").body.endswith("\n" + LINK)


def test_a_link_without_room_is_left_out_whole():
    body = "Disk full on db1\nhttps://example.com/" + "x" * 500
    assert "https" not in fit(Message("Disk full", body), 200).body


def test_a_link_in_the_middle_is_kept_or_left_out_whole():
    body = f"See {LINK} for more. " * 50 + f"\nAnswer: {LINK}"
    words = fit(Message("", body), 300).body.replace("…", " ").split()
    assert {word for word in words if "://" in word} == {LINK}


def test_a_word_longer_than_the_room_is_cut_inside():
    assert fit(Message("", "x" * 1000), 100).body == "x" * 97 + "…"


@given(st.text(), st.text(), st.integers(min_value=20, max_value=400))
def test_title_and_body_together_keep_to_the_limit(title, body, limit):
    cut = fit(Message(title, body), limit)
    assert len(cut.title) + 2 + len(cut.body) <= limit
    assert len(cut.title) <= TITLE_LIMIT


@given(st.text(), st.sampled_from(sorted(BODY_LIMITS)))
def test_the_last_line_survives_on_every_channel(text, channel):
    last = f"Answer: {LINK}"
    assert fit(Message("Disk full", f"{text * 30}\n{last}"), channel).body.endswith(last)


def test_a_channel_of_an_unknown_kind_gets_a_moderate_limit():
    assert len(fit(Message("t", "word " * 10_000), "carrier-pigeon").body) <= 2000


def test_placeholders_are_found_by_name():
    assert placeholders("mailto://u:p@host?to={email}&cc={boss_email}&x={email}") == {"email", "boss_email"}


def test_a_template_is_filled_from_the_contact():
    contact = {"email": "ada+ops@example.com", "phone": "+4915112345678"}
    assert render_url("mailto://u:p@host?to={email}", contact) == "mailto://u:p@host?to=ada%2Bops%40example.com"
    assert render_url("twilio://A:t@+1555/{phone}", contact) == "twilio://A:t@+1555/%2B4915112345678"


@pytest.mark.parametrize("contact", [{}, {"phone": ""}])
def test_a_missing_value_is_named(contact):
    with pytest.raises(ContactError, match=r"needs \{phone\} and the contact has none: add `phone`"):
        render_url("twilio://A:t@1555/{phone}", contact)


@pytest.mark.parametrize("value", ["a@b.c,d@e.f", "a@b.c;d@e.f", "a b", "a/b", "a\\b", "a|b", "a%2Cb", "a\nb", "\x00"])
def test_a_value_that_could_become_two_targets_is_refused(value):
    with pytest.raises(ContactError, match="could name a second target") as refusal:
        render_url("mailto://u:p@host?to={email}", {"email": value})
    assert value not in str(refusal.value)


def test_a_value_cannot_add_a_parameter_or_end_the_host():
    assert render_url("x://h?to={v}", {"v": "a&retry=5#?@:"}) == "x://h?to=a%26retry%3D5%23%3F%40%3A"


def test_a_placeholder_inside_a_value_is_not_filled_again():
    assert render_url("x://{a}", {"a": "{b}", "b": "secret"}) == "x://%7Bb%7D"


def test_parameters_that_rung_decides_are_found_however_they_are_written():
    template = "json://h/?RETRY=3&to={email};Opt%69onal=yes& cto =1&priority=high&retry=1"
    assert refused_parameters(template) == ["retry", "optional", "cto"]


def test_a_url_without_parameters_has_none_to_refuse():
    assert refused_parameters("json://user:retry=@host/format=/optional") == []
