"""What Amazon has: keys and certificates of its own, made here, and addresses that answer; and what it signs."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from core.adapters.sns import UnreachableError

HOST = "https://sns.eu-central-1.amazonaws.com"
CERTIFICATE_URL = f"{HOST}/SimpleNotificationService-01d088a6f77103d0fe307c0069e40ed6.pem"
TOPIC = "arn:aws:sns:eu-central-1:111122223333:alarms"
SUBSCRIBE_URL = f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=s3cret-token"

NAMES = {
    "Notification": ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
    "SubscriptionConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
}
NAMES["UnsubscribeConfirmation"] = NAMES["SubscriptionConfirmation"]


def certified(key: Any) -> bytes:
    """Give a certificate of this key, signed by itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number()).not_valid_before(begins)
    return made.not_valid_after(begins + timedelta(days=365)).sign(key, SHA256()).public_bytes(Encoding.PEM)


KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
CERTIFICATE = certified(KEY)
CERTIFICATE_WITHOUT_RSA = certified(ec.generate_private_key(ec.SECP256R1()))


def envelope(message: str = "97 % used", kind: str = "Notification", **fields: Any) -> dict[str, Any]:
    """Give an envelope nobody has signed yet."""
    plain = {
        "Type": kind,
        "MessageId": "5f2b0c11-0000-4000-8000-000000000001",
        "TopicArn": TOPIC,
        "Message": message,
        "Timestamp": "2026-11-23T10:00:00.000Z",
        "SigningCertURL": CERTIFICATE_URL,
    }
    extra = {"Subject": "Disk is full", "UnsubscribeURL": f"{HOST}/?Action=Unsubscribe&SubscriptionArn=s3cret-arn"}
    if kind != "Notification":
        extra = {"Token": "s3cret-token", "SubscribeURL": SUBSCRIBE_URL}
    return plain | extra | fields


def signed(plain: Mapping[str, Any], key: Any = KEY, version: str = "1") -> dict[str, Any]:
    """Give the envelope with the signature that Amazon's documentation describes."""
    text = "".join(f"{name}\n{plain[name]}\n" for name in NAMES[plain["Type"]] if name in plain)
    signature = key.sign(text.encode(), PKCS1v15(), SHA1() if version == "1" else SHA256())
    return {**plain, "SignatureVersion": version, "Signature": base64.b64encode(signature).decode()}


class Amazon:
    """Answers what it is asked, and remembers that; what it does not have cannot be reached."""

    def __init__(self) -> None:
        """Have the certificate, and a subscription that can be confirmed."""
        self.answers: dict[str, bytes] = {
            CERTIFICATE_URL: CERTIFICATE,
            SUBSCRIBE_URL: b"<ConfirmSubscriptionResponse/>",
        }
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        """Answer."""
        self.asked.append(url)
        if url not in self.answers:
            raise UnreachableError("Amazon could not be asked: ConnectTimeout")
        return self.answers[url]
