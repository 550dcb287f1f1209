"""Signatures of Grafana: the right one is good for five minutes, anything else is not."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.signatures import is_signed_by_grafana

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
