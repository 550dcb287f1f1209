"""SNS: CloudWatch's alarms, JSON of somebody's own and words, in an envelope; which addresses are Amazon's."""

import json

import pytest

from core.signals import Reading, UnreadableError
from core.sources import read
from core.sources.aws_sns import is_amazons, is_amazons_certificate
from tests.sources.bodies import load, post

ALARM = load("sns-alarm.json")
HOST = "https://sns.eu-central-1.amazonaws.com"


def envelope(message, **fields):
    text = message if isinstance(message, str) else json.dumps(message)
    stop = f"{HOST}/?Action=Unsubscribe&SubscriptionArn=s3cret"
    return post({"Type": "Notification", "MessageId": "m-1", "Message": text, "UnsubscribeURL": stop, **fields})


def signal_of(message, **fields):
    (signal,) = read("aws-sns", envelope(message, **fields)).signals
    assert "s3cret" not in repr(signal)
    return signal


def test_an_alarm_of_cloudwatch_is_read_whole():
    signal = signal_of(ALARM, Subject='ALARM: "orders-queue-is-long"')
    assert (signal.status, signal.dedup_key, signal.severity) == ("firing", ALARM["AlarmArn"], None)
    assert signal.title == "orders-queue-is-long"
    assert signal.description.startswith("More than 500 orders wait\nThreshold Crossed")
    assert signal.labels["metric"] == "ApproximateNumberOfMessagesVisible"
    assert signal.labels["region"] == "EU (Frankfurt)"


@pytest.mark.parametrize(
    ("state", "status"), [("OK", "resolved"), ("INSUFFICIENT_DATA", "firing"), ("ALARM", "firing")]
)
def test_each_state_of_an_alarm_has_the_same_key(state, status):
    signal = signal_of(ALARM | {"NewStateValue": state})
    assert (signal.status, signal.dedup_key) == (status, ALARM["AlarmArn"])


@pytest.mark.parametrize("state", [None, "", "ok", "BAD", ["OK"]])
def test_a_state_that_cloudwatch_does_not_have_is_refused(state):
    with pytest.raises(UnreadableError, match="NewStateValue"):
        signal_of(ALARM | {"NewStateValue": state})


def test_json_of_somebodys_own_is_read_as_by_the_generic_source():
    down = signal_of({"Title": "Disk is full", "Severity": "high", "dedup_key": "disk-1"}, Subject="From the script")
    assert (down.status, down.dedup_key, down.severity, down.title) == ("firing", "disk-1", "high", "Disk is full")
    assert signal_of({"title": "x", "dedup_key": "disk-1", "status": "ok"}).status == "resolved"
    assert signal_of({"severity": "high"}, Subject="From the script").title == "From the script"


def test_words_fire_under_their_subject():
    signal = signal_of("db-01 is nearly full", Subject="Disk is full")
    assert (signal.status, signal.dedup_key, signal.title) == ("firing", "Disk is full", "Disk is full")
    assert signal.description == "db-01 is nearly full"
    assert signal_of("db-01 is nearly full").dedup_key == "db-01 is nearly full"
    assert signal_of("{ no JSON").title == "{ no JSON"


def test_an_envelope_that_says_nothing_is_refused():
    with pytest.raises(UnreadableError, match="neither Subject nor Message"):
        signal_of("")


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_a_confirmation_is_no_alert(kind):
    assert read("aws-sns", envelope("You have chosen", Type=kind)) == Reading(())


@pytest.mark.parametrize("kind", [None, "", "notification", "Alarm", 7, ["Notification"], {"a": 1}])
def test_what_is_no_envelope_is_refused(kind):
    with pytest.raises(UnreadableError, match="no envelope of SNS"):
        read("aws-sns", envelope("x", Type=kind))


@pytest.mark.parametrize(
    "url",
    [
        f"{HOST}/SimpleNotificationService-01d088a6f77103d0fe307c0069e40ed6.pem",
        f"{HOST}/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:1:x&Token=51b2ff",
        "https://sns.cn-north-1.amazonaws.com.cn/x",
        "https://sns.us-gov-west-1.amazonaws.com/x",
    ],
)
def test_the_addresses_of_sns_are_amazons(url):
    assert is_amazons(url)


FOREIGN = [
    "",
    "http://sns.eu-central-1.amazonaws.com/x",
    "https://sns.eu-central-1.amazonaws.com",
    "https://sns.eu-central-1.amazonaws.com.attacker.example/cert.pem",
    "https://attacker.example/sns.eu-central-1.amazonaws.com/cert.pem",
    "https://attacker.example/?x=sns.eu-central-1.amazonaws.com",
    "https://sns.eu-central-1.amazonaws.com@attacker.example/cert.pem",
    "https://sns.eu-central-1.amazonaws.com:443@attacker.example/cert.pem",
    "https://sns.eu-central-1.amazonaws.com\\@attacker.example/cert.pem",
    "https://sns.eu-central-1.amazonaws.com\\.attacker.example/cert.pem",
    "https://sns.eu-central-1.amazonaws.com:8443/cert.pem",
    "https://attacker.example#https://sns.eu-central-1.amazonaws.com/cert.pem",
    "https://sns.eu.central.amazonaws.com/cert.pem",
    "https://snsXeu-central-1.amazonaws.com/cert.pem",
    "https://sns.eu-central-1.amazonaws.com/a b.pem",
    "https://sns.eu-central-1.amazonaws.com/\n.pem",
    "https://sns.eu-\ncentral-1.amazonaws.com/cert.pem",
    " https://sns.eu-central-1.amazonaws.com/cert.pem",
    "https://bucket.s3.amazonaws.com/cert.pem",
    "https://sns.s3.amazonaws.com/cert.pem",
    "https://sns.s3-eu-west-1.amazonaws.com/cert.pem",
    "https://sns.s3-website-us-east-1.amazonaws.com/cert.pem",
    "https://sns.s3-accelerate.amazonaws.com/cert.pem",
    "https://sns.awsglobalaccelerator-1.amazonaws.com/cert.pem",
    "https://sns.eu-central-1.amazonaws.comx/cert.pem",
    "https://\u017fns.eu-central-1.amazonaws.com/cert.pem",
    "file:///etc/passwd",
    "https://169.254.169.254/latest/meta-data",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_no_other_address_is(url):
    assert not is_amazons(url)
    assert not is_amazons_certificate(url)


def test_a_certificate_is_a_file_and_not_what_somebody_has_amazon_say():
    assert is_amazons_certificate(f"{HOST}/SimpleNotificationService-01d088a6.pem")
    for path in ("", "?x=.pem", "?Action=x&y=/a.pem", "cert.pem?x", "cert.pem#x", "cert.txt", "../a.pem", "a%2e.pem"):
        assert not is_amazons_certificate(f"{HOST}/{path}")
