"""Signed links: one alert and the person it was made for. The link is its own proof and needs no sign-in."""

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "rung.one-click"


class BadLinkError(ValueError):
    """The link was not made by this Rung, or somebody changed it."""


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """What a link is for."""

    alert: int
    person: str


class Links:
    """Makes and reads signed links. A link never expires; the state machine refuses what is over."""

    def __init__(self, secret_key: str, public_url: str) -> None:
        """Take the secret that signs and the address under which people reach this Rung."""
        self._serializer = URLSafeSerializer(secret_key, salt=_SALT)
        self._base = public_url.rstrip("/")

    def make(self, alert_id: int, person: str) -> str:
        """Give the address of the one-click page for this alert and person."""
        token = self._serializer.dumps([alert_id, person])
        return f"{self._base}/a/{token if isinstance(token, str) else token.decode()}"

    def read(self, token: str) -> LinkTarget:
        """Give what the token was made for. Raises BadLinkError."""
        try:
            alert_id, person = self._serializer.loads(token)
        except (BadSignature, ValueError, TypeError) as error:
            raise BadLinkError("this link was not made by this Rung, or it was cut or changed on the way") from error
        return LinkTarget(int(alert_id), str(person))
