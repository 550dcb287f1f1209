"""Fields that Apprise knows nothing of: they join a POST's form or JSON object, and nothing else is touched."""

from urllib.parse import parse_qsl

import pytest
import requests

from core.adapters.added_fields import add_fields

FORM = {"Body": "Straße & Co. + more=1", "To": "+15550100001", "Empty": ""}
ADDED = {"StatusCallback": "https://rung.example.com/reply/sms/x.y?a=1&b=2"}


def prepared(method="POST", **body):
    return requests.Request(method, "https://api.example.com/x", **body).prepare()


def added_to(request, added=ADDED):
    add_fields(request, added)
    return request


def test_a_form_keeps_all_it_had_and_has_the_new_ones_beside():
    request = added_to(prepared(data=FORM))
    assert parse_qsl(request.body.decode(), keep_blank_values=True) == [*FORM.items(), *ADDED.items()]
    assert request.headers["Content-Length"] == str(len(request.body))


def test_a_field_of_the_same_name_is_replaced_and_not_sent_twice():
    request = added_to(prepared(data=FORM), {"Body": "ours"})
    assert parse_qsl(request.body.decode(), keep_blank_values=True) == [
        ("To", "+15550100001"),
        ("Empty", ""),
        ("Body", "ours"),
    ]


def test_a_json_object_has_them_too_in_place_of_its_own():
    request = added_to(prepared(json={"text": "Straße", "kept": [1]}), {"text": "ours", "buttons": {"a": [1]}})
    assert requests.compat.json.loads(request.body) == {"text": "ours", "kept": [1], "buttons": {"a": [1]}}
    assert request.headers["Content-Length"] == str(len(request.body))


@pytest.mark.parametrize(
    "request_",
    [
        prepared("GET", params={"a": "1"}),
        prepared("PUT", data=FORM),
        prepared(),
        prepared(json=[1, 2]),
        prepared(data="<xml/>", headers={"Content-Type": "text/xml"}),
        prepared(data="a=1", headers={"Content-Type": ""}),
        prepared(files={"file": b"\x89PNG\xff"}),
    ],
    ids=["get", "put", "empty", "list", "xml", "unnamed", "file"],
)
def test_any_other_request_goes_out_as_it_is(request_):
    body, headers = request_.body, dict(request_.headers)
    added_to(request_)
    assert (request_.body, dict(request_.headers)) == (body, headers)


def test_a_charset_beside_the_kind_is_no_other_kind():
    request = prepared(data=FORM, headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"})
    assert b"StatusCallback" in added_to(request).body
