"""Twilio's side of the wire: forms in the shape that it sends, signed by its own words, and its markup read back."""

import base64
import hashlib
import hmac
import itertools
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree as ET

AUTH_TOKEN = "b" * 32
ACCOUNT = "AC" + "a" * 32
SENDER = "+15550109999"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
SIGNATURE = "X-Twilio-Signature"

_numbers = itertools.count(1)


def sid(kind: str = "SM") -> str:
    """A name that Twilio has given to nothing else."""
    return f"{kind}{next(_numbers):032x}"


def text_form(body: str, sender: str, **fields: str) -> dict[str, str]:
    """A text that comes in, with every field that one from the United States has."""
    name = sid()
    carrier = f"{sender.partition(':')[0]}:" if ":" in sender else ""
    return {
        "ToCountry": "US",
        "ToState": "CA",
        "SmsMessageSid": name,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "30512",
        "SmsSid": name,
        "SmsStatus": "received",
        "Body": body,
        "FromCountry": "US",
        "To": carrier + SENDER,
        "NumSegments": "1",
        "MessageSid": name,
        "AccountSid": ACCOUNT,
        "From": sender,
        "ApiVersion": "2010-04-01",
        **fields,
    }


def text_status_form(name: str, status: str, to: str, **fields: str) -> dict[str, str]:
    """What became of a text of ours."""
    return {
        "MessageSid": name,
        "SmsSid": name,
        "MessageStatus": status,
        "SmsStatus": status,
        "To": to,
        "From": SENDER,
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        **fields,
    }


def call_form(name: str, to: str, status: str = "in-progress", **fields: str) -> dict[str, str]:
    """A call of ours, the callee in To."""
    return {
        "CallSid": name,
        "CallStatus": status,
        "Direction": "outbound-api",
        "To": to,
        "Called": to,
        "From": SENDER,
        "Caller": SENDER,
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        **fields,
    }


def key_form(name: str, to: str, digits: str | None, **fields: str) -> dict[str, str]:
    """A key that was pressed in a call, None for silence."""
    pressed = {} if digits is None else {"Digits": digits}
    return {**call_form(name, to), "msg": "Gather End", "FinishedOnKey": "", **pressed, **fields}


def machine_form(name: str, who: str) -> dict[str, str]:
    """What Twilio found out about who picked up, while the call went on."""
    return {"CallSid": name, "AccountSid": ACCOUNT, "AnsweredBy": who, "MachineDetectionDuration": "2400"}


def sign(url: str, form: Mapping[str, str], token: str = AUTH_TOKEN) -> str:
    """By Twilio's words: the address, then each field with its value in the order of names, HMAC-SHA1, base 64."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


class Signed(NamedTuple):
    """A request as Twilio sends it."""

    path: str
    body: bytes
    headers: dict[str, str]


def signed(url: str, form: Mapping[str, str], token: str = AUTH_TOKEN, **headers: str) -> Signed:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    head = {
        "Content-Type": FORM,
        "User-Agent": "TwilioProxy/1.1",
        SIGNATURE: sign(url, form, token),
        "I-Twilio-Idempotency-Token": sid("ID"),
    }
    return Signed(path, urlencode(form).encode(), {**head, **headers})


def fields_of(body: bytes) -> dict[str, str]:
    """A form that came in, each field once."""
    pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs), f"a field stands twice: {pairs}"
    return dict(pairs)


class Speech(NamedTuple):
    """Markup of a call as Twilio carries it out: what is said, how often, where a key goes, what is said after."""

    text: str
    times: int
    keys_at: str
    after: str


def heard(xml: str) -> Speech:
    """Read the markup of a call."""
    response = ET.fromstring(xml)
    assert response.tag == "Response"
    gather = response.find("Gather")
    if gather is None:
        [say] = response
        return Speech(say.text or "", int(say.get("loop", "1")), "", "")
    assert (gather.get("numDigits"), gather.get("method"), gather.get("finishOnKey")) == ("1", "POST", "")
    assert gather.get("actionOnEmptyResult") is None, "silence goes on to what stands behind"
    [say], [_, after] = gather, response
    return Speech(say.text or "", int(say.get("loop", "1")), gather.get("action", ""), after.text or "")


def answered(xml: str) -> str:
    """Read the markup that answers a text; '' when nothing is sent."""
    response = ET.fromstring(xml)
    assert response.tag == "Response"
    messages = [message.text or "" for message in response]
    assert len(messages) <= 1
    assert all(message.tag == "Message" for message in response)
    return messages[0] if messages else ""
