"""Answers to texts fit into three parts, whatever alphabet they need, and their last sentence survives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.replies.sms_parts import MOST_PARTS, cut, parts

END = "Nothing was done: reply ack 41 or ack all."


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 459, 3),
        ("a" * 460, 4),
        ("ä" * 160, 1),  # in the alphabet of GSM
        ("€" * 80, 1),  # in it too, but each takes two places
        ("€" * 81, 2),
        ("ł" * 70, 1),  # not in it
        ("ł" * 71, 2),
        ("ł" + "a" * 200, 3),
        ("😡" * 35, 1),  # two units each
        ("😡" * 36, 2),
    ],
)
def test_parts_are_counted_as_phones_do(text, count):
    assert parts(text) == count


@pytest.mark.parametrize("text", ["42 is yours: Disk is full.", "a" * 459, "ł" * 201, "€" * 229])
def test_what_fits_goes_as_it_is(text):
    assert cut(text) == text


def test_what_is_too_long_loses_its_middle_and_keeps_what_says_what_to_do():
    text = cut(f"12 are open: {'41 critical: Disk is full; ' * 30}. {END}")
    assert text.startswith("12 are open: 41 critical")
    assert text.endswith(f"... {END}")
    assert parts(text) == MOST_PARTS


@pytest.mark.parametrize("text", ["a" * 1000, "a. " + "b" * 1000, "ł" * 1000, "😡" * 1000])
def test_a_text_without_a_short_last_sentence_is_cut_at_its_end(text):
    assert cut(text).endswith("...")
    assert cut(text)[:50] == text[:50]
    assert parts(cut(text)) == MOST_PARTS


def test_a_mark_that_looks_like_a_plain_one_does_not_cost_half_of_the_room():
    text = "“Disk” \N{EN DASH} it\N{RIGHT SINGLE QUOTATION MARK}s full…" + "a" * 400
    assert cut(text) == '"Disk" - it\'s full...' + "a" * 400


@given(st.text(min_size=1, max_size=2000).map(lambda text: f"{text}. {END}"))
def test_whatever_it_says_it_fits_and_its_last_sentence_is_there(text):
    assert parts(cut(text)) <= MOST_PARTS
    assert cut(text).endswith(END)


@given(st.text(alphabet=st.sampled_from("aä€ł😡. "), max_size=1000))
def test_whatever_alphabets_it_mixes_it_fits(text):
    assert parts(cut(text)) <= MOST_PARTS
