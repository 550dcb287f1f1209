"""The grammar of a reply: what a thumb types means what its owner meant, and what is not sure is not guessed."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.replies.grammar import SNOOZE_FOR, UNKNOWN, Spoken, Verb, read

ACK, RESOLVE, ESCALATE = Verb.ACKNOWLEDGE, Verb.RESOLVE, Verb.ESCALATE
WORDS = {
    ACK: ["ack", "acknowledge", "acknowledged", "acked"],
    RESOLVE: ["resolve", "resolved", "close", "closed"],
    ESCALATE: ["escalate"],
}
LETTERS = {"a": ACK, "r": RESOLVE, "c": RESOLVE, "e": ESCALATE}
CARRIERS = ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "yes", "unstop"]
ABOUT_WHICH = [
    *["{} 42", "42 {}", "{}42", "42{}", " {}  42 ", "{} #42", "{}: 42", "{} (42)", "'{}42'", '"{} 42"', "{}\n42"],
    *["{} 42.", "{} 42!!", "{} alert 42", "#42 {}", "{} 042", "...{} 42...", "{}-42", "\t{}\t42\r\n", "“{} 42”"],
]


@pytest.mark.parametrize("form", ABOUT_WHICH)
@pytest.mark.parametrize(("word", "verb"), [(w, v) for v, words in WORDS.items() for w in words] + [*LETTERS.items()])
def test_a_verb_and_a_number_in_whatever_way_a_thumb_puts_them(word, verb, form):
    for typed in (word, word.upper(), word.capitalize()):
        assert read(form.format(typed)) == Spoken(verb, 42)


@pytest.mark.parametrize("form", ["{}", " {} ", "{}.", "{}!", "'{}'", "\n{}\n", "“{}”", "{}?"])
@pytest.mark.parametrize(("word", "verb"), [(w, v) for v, words in WORDS.items() for w in words])
def test_a_verb_by_itself_is_about_the_only_alert_there_is(word, verb, form):
    assert read(form.format(word)) == read(form.format(word.upper())) == Spoken(verb)


@pytest.mark.parametrize("letter", [*LETTERS, "s", "n", "u", "x", "1a2"])
def test_a_letter_by_itself_is_no_verb(letter):
    assert read(letter) == UNKNOWN


@pytest.mark.parametrize("text", ["1", " 1 ", "1.", "'1'", "\N{FULLWIDTH DIGIT ONE}"])
def test_the_key_of_the_phone_that_acknowledges_does_so_as_a_text(text):
    assert read(text) == Spoken(ACK)


@pytest.mark.parametrize("text", ["2", "4", "42", "11", "1 1", "1 2", "#1 2"])
def test_any_other_number_by_itself_may_be_an_alert_or_a_key_and_is_asked_about(text):
    assert read(text) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("ack 42 on my way", Spoken(ACK, 42, "on my way")),
        ("42 ack, on my way!", Spoken(ACK, 42, "on my way")),
        ("ack on my way", Spoken(ACK, None, "on my way")),
        ("resolve 42 disk was full", Spoken(RESOLVE, 42, "disk was full")),
        ("ack 42 5 min away", Spoken(ACK, 42, "5 min away")),
        ("note 42 on my way", Spoken(Verb.UPDATE, 42, "on my way")),
        ("NOTE 42: 17 disks of 20", Spoken(Verb.UPDATE, 42, "17 disks of 20")),
        ("n 42 on\nmy  way", Spoken(Verb.UPDATE, 42, "on my way")),
        ("update on my way", Spoken(Verb.UPDATE, None, "on my way")),
        ("note 42 43", Spoken(Verb.UPDATE, 42, "43")),
    ],
)
def test_what_is_said_beside_is_a_note(text, spoken):
    assert read(text) == spoken


@pytest.mark.parametrize("text", ["note", "note 42", "n 42", "note 42 ...", "note !"])
def test_a_note_that_says_nothing_is_none(text):
    assert read(text) == UNKNOWN


@pytest.mark.parametrize("text", ["a 42 on my way", "r 42 now", "42 r soon", "c 42 or not"])
def test_a_letter_with_more_than_a_number_is_too_little_to_act_on(text):
    assert read(text) == UNKNOWN


@pytest.mark.parametrize("word", ["ack", "resolve", "escalate", "a", "r"])
@pytest.mark.parametrize("more", ["41 42", "41, 42", "41-43", "41 and 42", "41,42 and 43", "41 to 43", "41/42", "1.5"])
def test_of_several_numbers_none_is_done_while_the_others_seem_to_be(word, more):
    assert read(f"{word} {more}") == UNKNOWN


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("2h", 7200), ("90m", 5400), ("30", 1800), ("1h30m", 5400), ("1d", 86_400), ("for 2h", 7200), ("45s", 45)],
)
def test_a_snooze_says_for_how_long(said, seconds):
    lasts = timedelta(seconds=seconds)
    assert read(f"snooze 42 {said}") == read(f"s 42 {said}") == read(f"42 snooze {said}")
    assert read(f"snooze 42 {said}") == Spoken(Verb.SNOOZE, 42, lasts=lasts)
    assert read(f"snooze 42 {said}, asleep") == Spoken(Verb.SNOOZE, 42, "asleep", lasts=lasts)


def test_a_snooze_that_does_not_say_for_how_long_is_an_hour():
    assert read("snooze 42") == Spoken(Verb.SNOOZE, 42, lasts=timedelta(hours=1))
    assert read("snooze") == Spoken(Verb.SNOOZE, lasts=SNOOZE_FOR)


@pytest.mark.parametrize("text", ["snooze 2h", "snooze for 2h", "Snooze, 2h."])
def test_with_a_unit_it_is_a_time_and_no_alert(text):
    assert read(text) == Spoken(Verb.SNOOZE, lasts=timedelta(hours=2))


@pytest.mark.parametrize("text", ["snooze 42 tomorrow", "snooze 42 0", "snooze 42 0m", "snooze 42 31d", "snooze all"])
def test_a_snooze_whose_end_nobody_knows_is_none(text):
    assert read(text) == UNKNOWN


@pytest.mark.parametrize("text", ["ack all", "ACK ALL", "Ack, all!", " acknowledge  all "])
def test_all_of_them_can_be_acknowledged(text):
    assert read(text) == Spoken(ACK, is_all=True)


@pytest.mark.parametrize("text", ["resolve all", "escalate all", "close all", "snooze all", "a all", "all", "r all"])
def test_nothing_else_is_done_to_all_of_them(text):
    assert read(text) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("status", Verb.STATUS),
        ("List.", Verb.STATUS),
        ("status 42", Verb.STATUS),
        ("HELP", Verb.HELP),
        ("info", Verb.HELP),
    ],
)
def test_who_asks_is_no_more_than_told(text, verb):
    assert read(text) == Spoken(verb)


@pytest.mark.parametrize("word", CARRIERS)
def test_what_belongs_to_the_carrier_is_never_a_command(word):
    for typed in (word, word.upper(), f" {word.capitalize()}. "):
        assert read(typed) == Spoken(Verb.CARRIER)
    for typed in (f"{word} 42", f"42 {word}", f"{word} all", f"{word} it"):
        assert read(typed).verb in {Verb.UNKNOWN, Verb.CARRIER}


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "?",
            "who is this??",
            "ok",
            "no",
            "no ack",
            "don't ack 42",
            "I will ack",
            "please ack 42",
            "resolve it",
        ],
        *["escalate to bob", "ack 42a", "42", "acknowledgement 42", "ack 99999999999999999999", "back 42"],
        *["alert 42 ack", "snack 42", "ack42x", "4 2 ack", "😡", "\x00", "ack\x0042x", "\ud800"],
    ],
)
def test_what_is_not_sure_is_asked_about(text):
    assert read(text) == UNKNOWN


def test_what_the_docs_say_can_be_said_is_understood_and_means_what_they_say():
    page = (Path(__file__).parents[2] / "docs" / "replies.md").read_text("utf-8")
    table = page.partition("## What can be said")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    meant = [({read(said).verb for said in re.findall("`([^`]+)`", says)}, then) for says, then in rows]
    assert [verbs for verbs, _ in meant] == [
        *[{ACK}] * 4,
        *({RESOLVE}, {Verb.UPDATE}, {ESCALATE}, {Verb.SNOOZE}, {Verb.STATUS}, {Verb.HELP}),
    ]


def test_digits_of_another_width_are_digits():
    assert read("ack \N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}") == Spoken(ACK, 12)


@given(st.text())
@example("ack " * 1000)
@example("a" * 100_000)
@example("ack" + " " * 100_000 + "42")
@example("snooze 1 " + "1h" * 50_000)
@example("ack 1" + "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 2000)
def test_whatever_it_is_it_is_read_and_asks_for_nothing_that_it_does_not_say(text):
    spoken = read(text)
    assert spoken.lasts > timedelta()
    assert spoken.note is None or (spoken.note.isprintable() and spoken.note == spoken.note.strip())
    if spoken.alert is not None:
        assert spoken.verb in {ACK, RESOLVE, ESCALATE, Verb.SNOOZE, Verb.UPDATE}


@given(st.text(alphabet="ackresolv 0123456789.,#-\n'allsnzEthdm"))
def test_an_alert_that_is_acted_on_was_named_in_digits(text):
    spoken = read(text)
    if spoken.alert is not None:
        assert str(spoken.alert) in text
