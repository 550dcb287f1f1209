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

from core.sources.aws_sns import is_amazons, signed_text

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
            answer.raise_for_status()
            return bytes(answer.raw.read(_LARGEST, decode_content=True))
    except (requests.RequestException, OSError) as error:
        raise UnreachableError(f"Amazon could not be asked: {type(error).__name__}") from error


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
        if not is_amazons(url) or version not in _HASHES:
            raise NotAmazonsError("its certificate is not Amazon's")
        try:
            signature = base64.b64decode(str(envelope.get("Signature", "")), validate=True)
            # SHA-1 is what version 1 of SNS signs with.
            self._key(url).verify(signature, signed_text(envelope), PKCS1v15(), _HASHES[version]())
        except (InvalidSignature, binascii.Error, ValueError) as error:
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
            found = load_pem_x509_certificate(self._ask(url)).public_key()
            if not isinstance(found, RSAPublicKey):
                raise NotAmazonsError("its certificate has no RSA key")
            if len(self._keys) >= _MOST_KEPT:
                self._keys.clear()
            key = found
            self._keys[url] = (self._monotonic() + _KEPT_FOR, key)
        return key
