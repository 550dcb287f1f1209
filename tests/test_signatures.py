"""Signatures: the right one is good, for as long as its provider says when it was made; anything else is not."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.signatures import (
    is_signed_by_grafana,
    is_signed_by_mailgun,
    is_signed_by_slack,
    is_signed_by_twilio,
)

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
NOW = datetime(2026, 3, 29, 8, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
BODY = b'{"title": "x"}'


def sign(secret="secret", body=BODY, stamp=None):
    signed = body if stamp is None else stamp.encode() + b":" + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def test_the_right_signature_is_good_in_either_case_of_letters():
    for stamp in (None, STAMP):
        assert is_signed_by_grafana("secret", BODY, sign(stamp=stamp), stamp, NOW)
        assert is_signed_by_grafana("secret", BODY, sign(stamp=stamp).upper(), stamp, NOW)


def test_a_published_vector_is_good():
    """Test case 2 of RFC 4231."""
    signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert is_signed_by_grafana("Jefe", b"what do ya want for nothing?", signature, None, NOW)


@pytest.mark.parametrize("signature", ["", "x", "\ud800", "é", sign("other"), sign(body=BODY + b" "), sign()[:-1]])
def test_another_signature_is_not(signature):
    assert not is_signed_by_grafana("secret", BODY, signature, None, NOW)


def test_an_empty_secret_signs_nothing():
    assert not is_signed_by_grafana("", BODY, sign(""), None, NOW)


def test_a_timestamp_that_was_signed_cannot_be_left_out_or_put_in():
    assert not is_signed_by_grafana("secret", BODY, sign(stamp=STAMP), None, NOW)
    assert not is_signed_by_grafana("secret", BODY, sign(), STAMP, NOW)


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_a_timestamp_is_good_for_five_minutes(seconds, good):
    signature = sign(stamp=STAMP)
    assert is_signed_by_grafana("secret", BODY, signature, STAMP, NOW + timedelta(seconds=seconds)) is good


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "٣", "9" * 5000, STAMP + "0"])
def test_a_timestamp_that_is_none_is_not(stamp):
    assert not is_signed_by_grafana("secret", BODY, sign(stamp=stamp), stamp, NOW)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_the_vector_of_the_corpus_is_good():
    body = (CORPUS / "grafana-hmac-signed.json").read_bytes()
    headers = json.loads((CORPUS / "grafana-hmac-signed.headers.json").read_text("utf-8"))
    stamp = headers["X-Timestamp"]
    now = datetime.fromtimestamp(int(stamp), UTC)
    assert is_signed_by_grafana("secret", body, headers["X-Grafana-Alerting-Signature"], stamp, now)


# Twilio

AUTH_TOKEN = "12345"
URL = "https://rung.example.com/reply/voice/x.y?alert=42&n=1"
FORM = {"Body": ["Straße 😡"], "From": ["+15550100001"], "Empty": [""]}


def sign_for_twilio(url=URL, form=FORM, token=AUTH_TOKEN):
    """By Twilio's words: the address, then every field with its values, in the order of names, HMAC-SHA1, base 64."""
    signed = url + "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def test_what_twilio_signed_is_good():
    assert is_signed_by_twilio(AUTH_TOKEN, URL, FORM, sign_for_twilio())


def test_a_field_that_stands_twice_is_signed_with_both_values():
    form = FORM | {"MediaUrl": ["https://b.example.com", "https://a.example.com"]}
    signature = sign_for_twilio(form=form)
    assert is_signed_by_twilio(AUTH_TOKEN, URL, form, signature)
    assert not is_signed_by_twilio(AUTH_TOKEN, URL, form | {"MediaUrl": ["https://b.example.com"]}, signature)


def test_twilio_may_sign_the_address_with_its_port_or_without():
    with_port = URL.replace("example.com", "example.com:443")
    assert is_signed_by_twilio(AUTH_TOKEN, URL, FORM, sign_for_twilio(with_port))
    assert is_signed_by_twilio(AUTH_TOKEN, with_port, FORM, sign_for_twilio(URL))


@pytest.mark.parametrize(
    ("url", "form"),
    [
        (URL + "1", FORM),
        (URL.replace("https", "http"), FORM),
        (URL.partition("?")[0], FORM),
        (URL.replace("x.y", "x.z"), FORM),
        (URL, FORM | {"Body": ["ack 42"]}),
        (URL, FORM | {"Digits": ["1"]}),
        (URL, {name: values for name, values in FORM.items() if name != "From"}),
        (URL, {}),
    ],
)
def test_what_was_changed_on_the_way_is_not(url, form):
    assert not is_signed_by_twilio(AUTH_TOKEN, url, form, sign_for_twilio())


@pytest.mark.parametrize("signature", ["", "x", "é", "A" * 28, sign_for_twilio(token="other"), sign_for_twilio()[:-1]])
def test_another_signature_of_twilio_is_not(signature):
    assert not is_signed_by_twilio(AUTH_TOKEN, URL, FORM, signature)


def test_an_empty_auth_token_signs_nothing():
    assert not is_signed_by_twilio("", URL, FORM, sign_for_twilio(token=""))


@pytest.mark.parametrize(("url", "form"), [(URL, {"Body": ["\ud800"]}), ("https://a:b/", FORM), ("https://[", FORM)])
def test_what_nobody_could_have_signed_is_turned_away_and_breaks_nothing(url, form):
    assert not is_signed_by_twilio(AUTH_TOKEN, url, form, "A" * 28)


def test_a_hash_of_the_body_in_the_address_does_not_stand_in_for_the_fields():
    url = f"{URL}&bodySHA256={hashlib.sha256(b'').hexdigest()}"
    assert not is_signed_by_twilio(AUTH_TOKEN, url, FORM, sign_for_twilio(url, {}))


# Slack and Mailgun


def sign_for_slack(secret="secret", body=BODY, stamp=STAMP):
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_what_slack_signed_is_good_for_five_minutes(seconds, good):
    later = NOW + timedelta(seconds=seconds)
    assert is_signed_by_slack("secret", BODY, sign_for_slack(), STAMP, later) is good


@pytest.mark.parametrize(
    ("secret", "body", "signature", "stamp"),
    [
        ("", BODY, sign_for_slack(""), STAMP),
        ("secret", BODY + b"-", sign_for_slack(), STAMP),
        ("secret", BODY, sign_for_slack("other"), STAMP),
        ("secret", BODY, sign_for_slack(), str(int(STAMP) + 1)),
        ("secret", BODY, sign_for_slack(stamp=""), ""),
        ("secret", BODY, "", STAMP),
        ("secret", BODY, "v0=", STAMP),
        ("secret", BODY, "\ud800", STAMP),
    ],
)
def test_what_slack_did_not_sign_so_is_not(secret, body, signature, stamp):
    assert not is_signed_by_slack(secret, body, signature, stamp, NOW)


def sign_for_mailgun(key="key", stamp=STAMP, token="t" * 50):
    return hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_what_mailgun_signed_is_good_for_five_minutes(seconds, good):
    later = NOW + timedelta(seconds=seconds)
    assert is_signed_by_mailgun("key", STAMP, "t" * 50, sign_for_mailgun(), later) is good


@pytest.mark.parametrize(
    ("key", "stamp", "token", "signature"),
    [
        ("", STAMP, "t" * 50, sign_for_mailgun("")),
        ("key", STAMP, "u" * 50, sign_for_mailgun()),
        ("key", str(int(STAMP) + 1), "t" * 50, sign_for_mailgun()),
        ("key", STAMP, "t" * 50, sign_for_mailgun("other")),
        ("key", STAMP, "t" * 50, ""),
        ("key", STAMP, "\ud800", sign_for_mailgun()),
        ("key", "", "t" * 50, sign_for_mailgun(stamp="")),
    ],
)
def test_what_mailgun_did_not_sign_so_is_not(key, stamp, token, signature):
    assert not is_signed_by_mailgun(key, stamp, token, signature, NOW)


# The public vectors of the corpus, through the code that runs live


def vectors(scheme):
    found = CORPUS / "signature-vectors.json"
    every = json.loads(found.read_text("utf-8"))["vectors"] if found.exists() else []
    return [pytest.param(each, id=f"{n}-{each['valid']}") for n, each in enumerate(every) if each["scheme"] == scheme]


@pytest.mark.parametrize("vector", vectors("twilio"))
def test_the_public_vectors_of_twilio(vector):
    form = {name: [value] for name, value in vector["params"].items()}
    signed = is_signed_by_twilio(vector["auth_token"], vector["url"], form, vector["signature"])
    assert signed is vector["valid"]


@pytest.mark.parametrize("vector", vectors("slack-v0"))
def test_the_public_vectors_of_slack(vector):
    now = datetime.fromtimestamp(vector["now"], UTC)
    body, stamp = vector["body"].encode(), vector["timestamp"]
    assert is_signed_by_slack(vector["signing_secret"], body, vector["signature"], stamp, now) is vector["valid"]


@pytest.mark.parametrize("vector", vectors("mailgun"))
def test_the_public_vectors_of_mailgun(vector):
    now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    key, stamp, token = vector["signing_key"], vector["timestamp"], vector["token"]
    assert is_signed_by_mailgun(key, stamp, token, vector["signature"], now) is vector["valid"]


@pytest.mark.parametrize("vector", vectors("grafana-hmac"))
def test_the_public_vectors_of_grafana(vector):
    stamp = vector.get("timestamp")
    now = datetime.fromtimestamp(int(stamp or 0), UTC)
    signed = is_signed_by_grafana(vector["secret"], vector["body"].encode(), vector["signature"], stamp, now)
    assert signed is vector["valid"]
