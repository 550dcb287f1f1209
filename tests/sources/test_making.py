"""The limits of a signal, whoever sent it."""

import pytest

from core.signals import SignalStatus
from core.sources.making import make, one_line, safe_link, short_hash


def made(**fields):
    return make(SignalStatus.FIRING, fields.pop("key", "k"), fields.pop("title", "t"), **fields)


def test_a_title_is_one_stripped_line_of_at_most_300_characters():
    assert made(title="  disk\r\n\tfull\x00 \u2028").title == "disk full"
    assert made(title="x" * 301).title == "x" * 299 + "…"


def test_without_a_title_the_key_is_shown():
    assert made(title=" \n", key="abc").title == "abc"


@pytest.mark.parametrize("key", ["x" * 256, "a\nb", "a\u200bb", "\ud83d"])
def test_a_long_or_odd_key_becomes_a_hash_that_is_always_the_same(key):
    first, second = made(key=key).dedup_key, made(key=key).dedup_key
    assert first == second
    assert first == short_hash(key)
    assert made(key=key + "!").dedup_key != first


@pytest.mark.parametrize("key", ["7", "x" * 255, "[api 🚀][https://a.test] certificate ü"])
def test_a_printable_key_stays_as_it_is(key):
    assert made(key=key).dedup_key == key


def test_a_hash_tells_where_one_part_ends():
    assert short_hash("ab", "c") != short_hash("a", "bc")


def test_a_description_is_cut_at_20000_characters_and_keeps_its_lines():
    assert made(description="a\r\nb\x1b[31m\n").description == "a\nb [31m"
    assert len(made(description="x" * 30_000).description) == 20_000


def test_at_most_100_labels_are_kept_with_values_of_at_most_500_characters():
    labels = made(labels={f"label {n}": "v" * 600 for n in range(150)}).labels
    assert len(labels) == 100
    assert {len(value) for value in labels.values()} == {500}


def test_labels_are_text_and_null_is_no_label():
    labels = made(labels={"a": 1, "b": None, "c": [1], "d": "\ud83d", " ": "x"}).labels
    assert labels == {"a": "1", "c": "[1]", "d": "\ufffd"}


def test_an_empty_severity_is_none():
    assert made(severity=" ").severity is None


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("https://a.test/x?y=1&z=%20#f", "https://a.test/x?y=1&z=%20#f"),
        (" HTTP://a.test ", "http://a.test"),
        ("https://user:pw@a.test:8443/x", "https://a.test:8443/x"),
        ("https://[::1]:9090/graph", "https://[::1]:9090/graph"),
    ],
)
def test_an_address_with_a_host_is_a_link_without_its_password(given, link):
    assert safe_link(given) == link


@pytest.mark.parametrize(
    "given",
    [
        "https://",
        "https:///path",
        "https://:443/",
        "https://user:pw@/",
        "/graph?g0.expr=up",
        "javascript:alert(1)",
        "ftp://a.test",
        "https://[::1",
        "https://a.test/a b",
        "https://a.test/\u202e",
        "https://good.test\\@evil.test",
        'https://a.test/"onclick="',
        "https://a.test/" + "x" * 2000,
        "dontcare",
        "",
        None,
        7,
        ["https://a.test"],
    ],
)
def test_anything_else_is_no_link(given):
    assert safe_link(given) is None


def test_the_first_address_that_is_a_link_wins():
    assert made(links=["", None, "https://", "https://b.test", "https://c.test"]).link == "https://b.test"


def test_one_line_cuts_with_an_ellipsis():
    assert one_line("one two three", 8) == "one two…"
