"""From bytes to a value: what is accepted, and what every refusal says."""

import contextlib
import json
import math

import pytest

from core.signals import UnreadableError, Webhook
from core.sources import KINDS, read
from core.sources.body import decode
from tests.sources.bodies import form


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("body", [b'{"a": 1}', b'\n\t {"a": 1}\n', b'\xef\xbb\xbf{"a": 1}'])
def test_json_is_read_whatever_the_content_type_says(body, content_type):
    assert decode(Webhook(body, content_type)) == {"a": 1}


@pytest.mark.parametrize("encodings", [1, 2])
def test_json_inside_a_json_string_is_read(encodings):
    text = '{"a": 1}'
    for _ in range(encodings):
        text = json.dumps(text)
    assert decode(Webhook(text.encode(), "application/json")) == {"a": 1}


def test_nan_and_doubled_keys_are_accepted_and_the_last_key_wins():
    value = decode(Webhook(b'{"a": 1, "a": NaN}'))
    assert list(value) == ["a"]
    assert math.isnan(value["a"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not valid JSON: Expecting property name"),
        (b"{} {}", r"not valid JSON: Extra data \(line 1, column 4\)"),
        (b"disk full", "not valid JSON: Expecting value"),
        (b'{"a": "\xff"}', r"not UTF-8 \(byte 7\)"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[" + b"9" * 10_000 + b"]", "too many digits"),
    ],
)
def test_what_cannot_be_read_says_why(body, reason):
    with pytest.raises(UnreadableError, match=reason):
        decode(Webhook(body, "application/json"))


@pytest.mark.parametrize("depth", [500, 900, 970, 980, 990, 1000])
@pytest.mark.parametrize("kind", KINDS)
def test_a_value_at_the_edge_of_the_depth_is_read_or_refused(kind, depth):
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    fields = b'"title": "x", "message": "x", "id": 1, "Type": "Notification", "status": "firing", "name": %b' % nested
    alert = b'{%b, "labels": {"x": %b}, "details": {"x": %b}}' % (fields, nested, nested)
    body = b'{"alerts": [%b], "action": "created", "data": {"issue": %b}, %b}' % (alert, alert, fields)
    with contextlib.suppress(UnreadableError):
        assert read(kind, Webhook(body if kind != "prometheus" else b"[%b]" % alert)).signals


def test_no_reason_repeats_the_body():
    with pytest.raises(UnreadableError) as caught:
        decode(Webhook(b'{"password": hunter2}'))
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_form_gives_its_fields_and_a_field_called_data_its_json():
    assert decode(form({"a": "1", "b": "zwei Wörter 🚀"})) == {"a": "1", "b": "zwei Wörter 🚀"}
    assert decode(form({"data": ' {"a": 1}', "b": "2"})) == {"a": 1}
    assert decode(form({"data": "no JSON"})) == {"data": "no JSON"}


@pytest.mark.parametrize(
    ("webhook", "reason"),
    [
        (Webhook(b"a=%ff", "application/x-www-form-urlencoded"), "not UTF-8"),
        (Webhook(b"a=1&" * 2000, "application/x-www-form-urlencoded"), "more than 1000 fields"),
        (Webhook(b"--x\r\n\r\n--x--", "multipart/form-data"), "names no boundary"),
        (Webhook(b"--x\r\n\r\n--x--", "multipart/form-data; boundary=y"), "names is not in it"),
        (Webhook(b"--x\r\n\r\n" * 2000, "multipart/form-data; boundary=x"), "more than 1000 fields"),
    ],
)
def test_a_form_that_cannot_be_read_says_why(webhook, reason):
    with pytest.raises(UnreadableError, match=reason):
        decode(webhook)


def test_a_kind_nobody_knows_is_a_key_error():
    with pytest.raises(KeyError):
        read("nagios", Webhook(b"{}"))
