"""AWS SNS: an envelope around a text: CloudWatch's alarms, JSON of somebody's own, or words.

What an envelope is worth its signature says; core/adapters/sns.py checks it before anybody reads on. Confirming a
subscription and its end are no alerts.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode, parse_json
from core.sources.fields import as_object, first_key, first_text, object_at
from core.sources.generic import lower_names, read_object
from core.sources.making import make

NOTIFICATION = "Notification"
CONFIRMATIONS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")

# As Amazon writes them, and nothing that two programs could read in two ways. Only a region stands in the middle:
# sns.s3.amazonaws.com is the bucket of somebody who has called it sns.
_AMAZONS = re.compile(r"https://sns\.[a-z]+(?:-[a-z]+)+-[0-9]+\.amazonaws\.com(?:\.cn)?/[\x21-\x5b\x5d-\x7e]*")
_CERTIFICATE = re.compile(r"/[A-Za-z0-9/_-]+\.pem")
_STATES = {"ALARM": SignalStatus.FIRING, "INSUFFICIENT_DATA": SignalStatus.FIRING, "OK": SignalStatus.RESOLVED}
_SIGNED = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SIGNED_OF_CONFIRMATIONS = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


def read(webhook: Webhook) -> Reading:
    """Give the signal of an envelope, none of a confirmation. Raises UnreadableError."""
    envelope = envelope_in(webhook)
    if envelope["Type"] in CONFIRMATIONS:
        return Reading(())
    return Reading((_read_message(envelope),))


def envelope_in(webhook: Webhook) -> Mapping[str, Any]:
    """Give the envelope of a body. Raises UnreadableError."""
    envelope = as_object(decode(webhook), "The envelope")
    if envelope.get("Type") not in (NOTIFICATION, *CONFIRMATIONS):
        raise UnreadableError("This is no envelope of SNS: its Type is none that SNS knows.")
    return envelope


def is_amazons(url: str) -> bool:
    """Say whether an address is one of SNS itself, over TLS; nothing else is ever asked."""
    return bool(_AMAZONS.fullmatch(url))


def is_amazons_certificate(url: str) -> bool:
    """Say whether an address is one where SNS keeps certificates, and not one where it says what others tell it."""
    return is_amazons(url) and bool(_CERTIFICATE.fullmatch("/" + url.split("/", 3)[3]))


def signed_text(envelope: Mapping[str, Any]) -> bytes:
    """Give what SNS signs of an envelope: names and values, each on a line of its own."""
    names = _SIGNED if envelope["Type"] == NOTIFICATION else _SIGNED_OF_CONFIRMATIONS
    lines = (f"{name}\n{envelope[name]}\n" for name in names if isinstance(envelope.get(name), str))
    return "".join(lines).encode("utf-8", "surrogatepass")


def _read_message(envelope: Mapping[str, Any]) -> Signal:
    text = first_text(envelope, "Message")
    message = _json_in(text)
    if message is not None and first_text(message, "AlarmName"):
        return _alarm(message)
    subject = first_text(envelope, "Subject")
    if message is not None:
        return read_object({"title": subject, **lower_names(message)} if subject else lower_names(message))
    if not subject and not text:
        raise UnreadableError("The envelope has neither Subject nor Message: nothing says what is wrong.")
    return make(SignalStatus.FIRING, subject or text, subject or text, description=text)


def _alarm(alarm: Mapping[str, Any]) -> Signal:
    word = first_text(alarm, "NewStateValue")
    if word not in _STATES:
        raise UnreadableError("The alarm has a NewStateValue that CloudWatch does not have.")
    facts = {"region": first_text(alarm, "Region"), "account": first_text(alarm, "AWSAccountId")}
    metric = object_at(alarm, "Trigger")
    facts |= {"metric": first_text(metric, "MetricName"), "namespace": first_text(metric, "Namespace")}
    return make(
        _STATES[word],
        first_key(alarm, "AlarmArn", "AlarmName"),
        first_text(alarm, "AlarmName"),
        description="\n".join(
            filter(None, (first_text(alarm, "AlarmDescription"), first_text(alarm, "NewStateReason")))
        ),
        labels={name: value for name, value in facts.items() if value},
    )


def _json_in(text: str) -> Mapping[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = parse_json(text)
    except UnreadableError:
        return None
    return value if isinstance(value, dict) else None
