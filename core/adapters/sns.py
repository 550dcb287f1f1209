"""SNS's signatures, and the confirmation of a subscription: the only addresses ever asked are Amazon's own.

A certificate is fetched once an hour at most; its name is in the address, so another certificate has another one.
"""

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate

from core.sources.aws_sns import is_amazons, is_amazons_certificate, signed_text

_WITHIN = (3.0, 5.0)  # seconds to connect, and to read: SNS waits fifteen
_KEPT_FOR = 3600.0  # seconds
_MOST_KEPT = 16
_LARGEST = 64 * 1024  # bytes
_HASHES: Mapping[str, Callable[[], HashAlgorithm]] = {"1": SHA1, "2": SHA256}

Get = Callable[[str], bytes]


class NotAmazonsError(ValueError):
    """The envelope was not signed by Amazon, or names an address that is not Amazon's. Nothing was asked."""


class UnreachableError(RuntimeError):
    """Amazon could not be asked; the sender is to try again."""


def get(url: str) -> bytes:
    """Give what stands at an address of Amazon's. Raises UnreachableError."""
    try:
        with requests.get(url, timeout=_WITHIN, allow_redirects=False, stream=True) as answer:
            if answer.status_code != requests.codes.ok:
                raise UnreachableError(f"Amazon answered with {answer.status_code}")
            return bytes(next(answer.iter_content(_LARGEST), b""))
    except requests.RequestException as error:
        raise UnreachableError(f"Amazon could not be asked: {type(error).__name__}") from None


class Sns:
    """One per process. `ask` gets an address of Amazon's, `monotonic` gives seconds that never go back."""

    def __init__(self, ask: Get = get, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Take how to ask; nothing is asked until the first envelope."""
        self._ask = ask
        self._monotonic = monotonic
        self._keys: dict[str, tuple[float, RSAPublicKey]] = {}

    def check(self, envelope: Mapping[str, Any]) -> None:
        """Raise NotAmazonsError unless Amazon signed it, UnreachableError when that cannot be found out."""
        url, version = str(envelope.get("SigningCertURL", "")), str(envelope.get("SignatureVersion", ""))
        if not is_amazons_certificate(url):
            raise NotAmazonsError("its certificate is not Amazon's")
        if version not in _HASHES:
            raise NotAmazonsError("its SignatureVersion is neither 1 nor 2")
        try:
            signature = base64.b64decode(str(envelope.get("Signature", "")), validate=True)
            # SHA-1 is what version 1 of SNS signs with.
            self._key(url).verify(signature, signed_text(envelope), PKCS1v15(), _HASHES[version]())
        except (InvalidSignature, binascii.Error) as error:
            raise NotAmazonsError("its signature is wrong") from error

    def confirm(self, envelope: Mapping[str, Any]) -> None:
        """Confirm the subscription that the envelope, already checked, asks to confirm."""
        url = str(envelope.get("SubscribeURL", ""))
        if not is_amazons(url):
            raise NotAmazonsError("its SubscribeURL is not Amazon's")
        self._ask(url)

    def _key(self, url: str) -> RSAPublicKey:
        until, key = self._keys.get(url, (0.0, None))
        if key is None or until < self._monotonic():
            key = _key_in(self._ask(url))
            if len(self._keys) >= _MOST_KEPT:
                self._keys.clear()
            self._keys[url] = (self._monotonic() + _KEPT_FOR, key)
        return key


def _key_in(certificate: bytes) -> RSAPublicKey:
    try:
        key = load_pem_x509_certificate(certificate).public_key()
    except ValueError:
        raise UnreachableError("what Amazon answered is no certificate") from None
    if not isinstance(key, RSAPublicKey):
        raise UnreachableError("Amazon's certificate has no RSA key")
    return key
