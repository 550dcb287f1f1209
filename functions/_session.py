"""The session of a browser: a signed cookie that stands for a named API token, and the proof that a form is ours.

The cookie holds no token. It is bound to a digest of it, so it ends when the token is changed or taken out of config.
Nothing is kept on the server: whoever has the secret key can read every session, in every process.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

LIFETIME = 30 * 86400  # seconds, from signing in

_SALT = "rung.session"
_NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in. `person` is the name they chose to act in; times are seconds since 1970."""

    token_name: str
    issued_at: int
    nonce: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What became of what was pressed: about which number, in words, which alerts to look at, and was it done."""

    about: int
    text: str
    alerts: tuple[int, ...] = ()
    done: bool = True


class Sessions:
    """Makes and reads the cookie and the CSRF token that belongs to it."""

    def __init__(self, secret_key: str, api_tokens: Mapping[str, str]) -> None:
        """Take the secret that signs and the tokens that are good now, by their names."""
        self._key = secret_key.encode()
        self._tokens = api_tokens
        self._serializer = URLSafeSerializer(secret_key, salt=_SALT)
        self._said = URLSafeSerializer(secret_key, salt=f"{_SALT}.said")

    def begin(self, token_name: str, now: float) -> Session:
        """Give a fresh session."""
        return Session(token_name, int(now), secrets.token_urlsafe(_NONCE_BYTES))

    def cookie(self, session: Session) -> str:
        """Give the value of the cookie."""
        digest = self._digest("token", self._tokens[session.token_name])
        signed = self._serializer.dumps([session.token_name, digest, session.issued_at, session.nonce, session.person])
        return signed if isinstance(signed, str) else signed.decode()

    def read(self, cookie: str, now: float) -> Session | None:
        """Give the session of a cookie; None when it is forged, too old, or its token is not good any more."""
        try:
            name, digest, issued_at, nonce, person = self._serializer.loads(cookie)
        except (BadSignature, ValueError, TypeError):
            return None
        token = self._tokens.get(name)
        if not token or not hmac.compare_digest(digest, self._digest("token", token)):
            return None
        return Session(name, issued_at, nonce, person) if now - issued_at <= LIFETIME else None

    def csrf(self, session: Session) -> str:
        """Give what every form of this session carries."""
        return self._digest("csrf", session.nonce)

    def seal(self, said: Said) -> str:
        """Give what a page is to say after a redirect, for its address: signed, so that the words are ours."""
        signed = self._said.dumps([said.about, said.text, said.alerts, said.done])
        return signed if isinstance(signed, str) else signed.decode()

    def unseal(self, sealed: str) -> Said | None:
        """Give what `seal` was given; None when it was not sealed here."""
        try:
            about, text, alerts, done = self._said.loads(sealed)
        except (BadSignature, ValueError, TypeError):
            return None
        return Said(about, text, tuple(alerts), done)

    def _digest(self, purpose: str, text: str) -> str:
        """Digest with the key, so that a cookie in the wrong hands is no help in guessing a token."""
        return hmac.new(self._key, f"{_SALT}.{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
