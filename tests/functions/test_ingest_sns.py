"""POST /ingest/aws-sns: nothing is believed before Amazon's signature is, and nobody else is ever asked."""

import base64
import json
from pathlib import Path

import pytest

from core.adapters.sns import Sns
from core.store import Filter
from tests.apps import FIXTURES, SOURCE_TOKEN, App, error
from tests.functions.amazon import (
    CERTIFICATE_URL,
    CERTIFICATE_WITHOUT_RSA,
    HOST,
    OTHER_KEY,
    SUBSCRIBE_URL,
    Amazon,
    envelope,
    signed,
)

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
ALARM = (FIXTURES / "sns-alarm.json").read_text(encoding="utf-8")
SECRETS = ("s3cret", SOURCE_TOKEN)


class AppWithAmazon(App):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.amazon = Amazon()
        self.monotonic = 0.0
        self.rung.__dict__["sns"] = Sns(self.amazon, lambda: self.monotonic)

    def sends(self, body, **options):
        """As SNS does: the token in the address, and a content type that is not JSON's."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "text/plain; charset=UTF-8"}
        return self.http.post(f"/ingest/aws-sns?token={SOURCE_TOKEN}", data=data, headers=headers, **options)

    def alerts(self):
        return self.rung.engine.store.find(Filter())

    def kept(self):
        """Everything there is in Redis, as text."""
        texts = []
        for name in self.redis.scan_iter("*"):
            texts.append(repr(self.redis.dump(name)))
            if self.redis.type(name) == b"list":
                texts.append(repr(self.redis.lrange(name, 0, -1)))
            elif self.redis.type(name) == b"hash":
                texts.append(repr(self.redis.hgetall(name)))
        return "\n".join(texts)


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = AppWithAmazon(tmp_path, redis_server.url, sources={"aws-sns": {"token": SOURCE_TOKEN}})
    yield app
    app.redis.close()


@pytest.mark.parametrize("version", ["1", "2"])
def test_an_alarm_that_amazon_signed_makes_an_alert_and_its_ok_resolves_it(app, version):
    assert app.sends(signed(envelope(ALARM), version=version)).status_code == 202
    (alert,) = app.alerts()
    assert (alert.source, alert.title) == ("aws-sns", "orders-queue-is-long")
    ok = ALARM.replace('"NewStateValue": "ALARM"', '"NewStateValue": "OK"')
    assert app.sends(signed(envelope(ok), version=version)).status_code == 202
    assert app.alerts() == []


def test_an_envelope_without_a_subject_is_signed_without_one(app):
    plain = envelope()
    del plain["Subject"]
    assert app.sends(signed(plain)).status_code == 202


def test_words_of_any_language_are_signed_as_they_are(app):
    assert app.sends(signed(envelope("Füllstand 🔥\nzwei Zeilen", Subject="日本"))).status_code == 202


FORGED = [
    signed(envelope(), OTHER_KEY),
    signed(envelope()) | {"Message": "Forged"},
    signed(envelope()) | {"Subject": "Forged"},
    signed(envelope()) | {"TopicArn": "arn:aws:sns:eu-central-1:999999999999:other"},
    signed(envelope()) | {"Timestamp": "2026-11-23T11:00:00.000Z"},
    signed(envelope()) | {"SignatureVersion": "2"},
    signed(envelope(), version="2") | {"SignatureVersion": "1"},
    signed(envelope(kind="SubscriptionConfirmation")) | {"SubscribeURL": f"{HOST}/?Action=DeleteTopic"},
    signed(envelope(kind="SubscriptionConfirmation")) | {"Type": "UnsubscribeConfirmation"},
    signed(envelope()) | {"Signature": ""},
    signed(envelope()) | {"Signature": "not base64!"},
    signed(envelope()) | {"Signature": base64.b64encode(b"x" * 256).decode()},
    signed(envelope()) | {"Signature": None},
    signed(envelope()) | {"Signature": ["x"]},
    signed(envelope()) | {"Message": None},
    signed(envelope()) | {"Message": {"a": 1}},
    envelope() | {"SignatureVersion": "1"},
]


@pytest.mark.parametrize("body", FORGED)
def test_what_amazon_did_not_sign_is_turned_away_and_leaves_nothing(app, body):
    answer = app.sends(body)
    assert answer.status_code == 403
    assert "this is not from Amazon SNS: its signature is wrong" in error(answer)
    assert set(app.amazon.asked) <= {CERTIFICATE_URL}
    assert app.redis.keys("rung:*") == []


@pytest.mark.parametrize("version", [None, "", "3", 1.5, ["1"]])
def test_a_signature_of_another_version_is_turned_away_and_nobody_is_asked(app, version):
    assert app.sends(signed(envelope()) | {"SignatureVersion": version}).status_code == 403
    assert app.amazon.asked == []


FOREIGN = [
    "https://sns.us-east-1.amazonaws.com.attacker.example/cert.pem",
    "https://attacker.example/SimpleNotificationService.pem?x=sns.us-east-1.amazonaws.com",
    "https://sns.us-east-1.amazonaws.com@attacker.example/cert.pem",
    "http://sns.us-east-1.amazonaws.com/cert.pem",
    "http://169.254.169.254/latest/meta-data/",
    f"{HOST}/?Action=GetTopicAttributes",
    f"{HOST}/cert.txt",
    "",
    None,
    ["https://sns.us-east-1.amazonaws.com/a.pem"],
]


@pytest.mark.parametrize("url", FOREIGN)
@pytest.mark.parametrize("kind", ["Notification", "SubscriptionConfirmation"])
def test_a_certificate_that_is_not_amazons_is_not_fetched(app, url, kind):
    answer = app.sends(signed(envelope(kind=kind)) | {"SigningCertURL": url})
    assert (answer.status_code, app.amazon.asked) == (403, [])
    assert app.redis.keys("rung:*") == []


@pytest.mark.parametrize("url", [url for url in FOREIGN if not str(url).startswith(HOST)])
def test_an_address_of_somebody_else_is_not_asked_though_amazon_signed_it(app, url):
    """Whoever may publish to a topic of Amazon's cannot choose it, but nothing rests on that."""
    plain = envelope(kind="SubscriptionConfirmation") | {"SubscribeURL": url}
    body = signed(plain)
    answer = app.sends(body)
    assert (answer.status_code, app.amazon.asked) == (403, [CERTIFICATE_URL])


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
@pytest.mark.parametrize("path", sorted(CORPUS.glob("aws-sns-*.json")), ids=lambda path: path.stem)
def test_no_envelope_of_the_corpus_is_believed(app, path):
    """Their signatures are placeholders; the one with an evil address must have nobody asked."""
    if not path.name.endswith(".headers.json"):
        asked = app.amazon.asked
        assert app.sends(path.read_bytes()).status_code in {403, 503}
        assert all(url.endswith(".pem") for url in asked)
        assert asked == [] or "evil" not in path.name
        assert app.redis.keys("rung:*") == []


def test_a_subscription_is_confirmed_when_amazon_signed_it_and_is_no_alert(app):
    answer = app.sends(signed(envelope(kind="SubscriptionConfirmation")))
    assert (answer.status_code, answer.json) == (202, {"alerts": []})
    assert app.amazon.asked == [CERTIFICATE_URL, SUBSCRIBE_URL]
    assert app.alerts() == []


def test_the_end_of_a_subscription_is_not_undone(app):
    assert app.sends(signed(envelope(kind="UnsubscribeConfirmation"))).status_code == 202
    assert app.amazon.asked == [CERTIFICATE_URL]


def test_a_certificate_is_fetched_once_an_hour(app):
    for _ in range(3):
        assert app.sends(signed(envelope())).status_code == 202
    assert app.amazon.asked == [CERTIFICATE_URL]
    app.monotonic = 3601.0
    assert app.sends(signed(envelope())).status_code == 202
    assert app.amazon.asked == [CERTIFICATE_URL] * 2


def test_certificates_of_many_names_are_not_kept_without_end(app):
    for number in range(40):
        url = f"{HOST}/SimpleNotificationService-{number}.pem"
        app.amazon.answers[url] = app.amazon.answers[CERTIFICATE_URL]
        assert app.sends(signed(envelope(SigningCertURL=url))).status_code == 202
    assert len(app.rung.sns._keys) <= 16


@pytest.mark.parametrize(
    "answered", [None, b"", b"<html>", CERTIFICATE_WITHOUT_RSA, b"-----BEGIN CERTIFICATE-----\nAA\n"]
)
def test_when_amazon_has_no_certificate_to_give_sns_is_to_try_again(app, answered):
    del app.amazon.answers[CERTIFICATE_URL]
    if answered is not None:
        app.amazon.answers[CERTIFICATE_URL] = answered
    assert app.sends(signed(envelope())).status_code == 503
    assert app.redis.keys("rung:*") == []
    app.amazon.answers = Amazon().answers
    assert app.sends(signed(envelope())).status_code == 202
    assert len(app.alerts()) == 1


def test_a_subscription_that_could_not_be_confirmed_is_to_be_tried_again(app):
    confirmation = app.amazon.answers.pop(SUBSCRIBE_URL)
    assert app.sends(signed(envelope(kind="SubscriptionConfirmation"))).status_code == 503
    app.amazon.answers[SUBSCRIBE_URL] = confirmation
    assert app.sends(signed(envelope(kind="SubscriptionConfirmation"))).status_code == 202


def test_a_message_that_is_delivered_twice_is_one_alert(app):
    for _ in range(2):
        assert app.sends(signed(envelope(ALARM))).status_code == 202
    (alert,) = app.alerts()
    assert [each["event"] for each in app.events(alert.id)].count("triggered") == 1


def test_without_the_token_nobody_is_asked(app):
    answer = app.http.post("/ingest/aws-sns?token=wrong", json=signed(envelope()))
    assert (answer.status_code, app.amazon.asked) == (401, [])


@pytest.mark.parametrize("body", [b"{broken", b"[]", b"null", b'{"Type": "Alarm"}', b'{"Type": ["Notification"]}'])
def test_what_is_no_envelope_is_kept_and_becomes_an_alert(app, body):
    """The sender is told so, and it is so."""
    assert "was kept and an alert raised" in error(app.sends(body))
    assert [alert.title for alert in app.alerts()] == ["unreadable webhook from aws-sns"]
    assert len(app.redis.lrange("rung:rejected", 0, -1)) == 1
    assert app.amazon.asked == []


def test_an_empty_body_is_refused_and_leaves_nothing(app):
    assert app.sends(b"").status_code == 400
    assert app.redis.keys("rung:alert:*") == []


def test_no_address_that_ends_or_confirms_the_subscription_is_kept_anywhere(app, caplog):
    caplog.set_level("DEBUG")
    app.sends(signed(envelope(ALARM)))
    app.sends(signed(envelope(kind="SubscriptionConfirmation")))
    app.sends(signed(envelope(ALARM.replace('"ALARM"', '"PERHAPS"'))))  # cannot be read, and is kept
    app.sends(json.dumps(signed(envelope()) | {"Type": "Alarm"}).encode())
    app.sends(json.dumps(signed(envelope(kind="SubscriptionConfirmation")) | {"Type": "Alarm"}).encode())
    assert len(app.redis.lrange("rung:rejected", 0, -1)) == 3
    shown = app.get("/rejected").text + app.get("/alerts").text + app.get("/outbox").text
    for secret in SECRETS:
        assert secret not in app.kept() + shown + caplog.text


def test_what_could_not_be_read_is_read_again_without_asking_amazon(app):
    app.sends(signed(envelope(ALARM.replace('"ALARM"', '"PERHAPS"'))))
    app.amazon.asked.clear()
    answer = app.post("/rejected/1/retry")
    assert answer.status_code == 409
    assert "NewStateValue" in error(answer)
    assert app.amazon.asked == []
