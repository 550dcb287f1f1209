"""POST /ingest/<source> with Grafana's signature in place of the token."""

import hashlib
import hmac

import pytest

from tests.apps import FIXTURES, SOURCE_TOKEN, App, bearer, error
from tests.samples import T0

SECRET = "secret-of-the-grafana"
BODY = (FIXTURES / "grafana-unified.json").read_bytes()
SIGNATURE = "X-Grafana-Alerting-Signature"
TIMESTAMP = "X-Grafana-Alerting-Timestamp"
STAMP = str(int(T0.timestamp()))
SOURCES = {
    "grafana": {"token": SOURCE_TOKEN, "hmac_secret": SECRET},
    "other": {"type": "grafana", "hmac_secret": SECRET, "hmac_timestamp_header": "X-Timestamp"},
    "generic": {"token": SOURCE_TOKEN},
}


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, sources=SOURCES)
    yield app
    app.redis.close()


def sign(body=BODY, stamp=None, secret=SECRET):
    return hmac.new(secret.encode(), (stamp.encode() + b":" if stamp else b"") + body, hashlib.sha256).hexdigest()


def send(app, source="grafana", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.http.post(f"/ingest/{source}", data=BODY, headers=headers)


def test_a_signature_lets_it_in_without_a_token(app):
    assert send(app, **{SIGNATURE: sign()}).status_code == 202


def test_a_signature_with_a_timestamp_lets_it_in_for_five_minutes(app):
    headers = {SIGNATURE: sign(stamp=STAMP), TIMESTAMP: STAMP}
    assert send(app, **headers).status_code == 202
    app.passes(301)
    assert "five minutes" in error(send(app, **headers))


def test_the_header_of_the_timestamp_has_the_name_that_config_gives_it(app):
    headers = {SIGNATURE: sign(stamp=STAMP), "X-Timestamp": STAMP}
    assert send(app, "other", **headers).status_code == 202
    assert send(app, "grafana", **headers).status_code == 401


@pytest.mark.parametrize("signature", ["", "wrong", sign(secret="other"), sign(body=b"{}")])
def test_a_wrong_signature_is_turned_away_even_with_the_token(app, signature):
    for headers in ({}, bearer(SOURCE_TOKEN)):
        answer = send(app, **{SIGNATURE: signature}, **headers)
        assert answer.status_code == 401
        assert SECRET not in answer.text
    assert app.redis.keys("rung:*") == []


def test_the_token_is_enough_where_nothing_is_signed(app):
    assert send(app, **bearer(SOURCE_TOKEN)).status_code == 202
    assert send(app).status_code == 401


def test_a_source_without_a_secret_wants_its_token_whatever_is_signed(app):
    for secret in ("", SECRET):
        assert send(app, "generic", **{SIGNATURE: sign(secret=secret)}).status_code == 401


def test_a_source_with_a_secret_and_no_token_lets_nobody_in_unsigned(app):
    assert send(app, "other", **bearer("")).status_code == 401
    assert send(app, "other").status_code == 401


def test_the_secret_is_in_no_repr(app):
    assert SECRET not in repr(app.rung.config)
