"""Signed links: one alert and the person it was made for. The link is its own proof and needs no sign-in."""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import quote

from itsdangerous import BadSignature, Signer, URLSafeSerializer

from core.addresses import is_this_machine
from core.ledger import Key

_SALT = "rung.one-click"
_CALENDAR_SALT = "rung.calendar"
_BUNDLE_SALT = "rung.bundle"
_DELIVERY_SALT = "rung.delivery"
_MAIL_SALT = "rung.mail"
_MAIL_DIGITS = 20  # of a signature: what stands before an @ may have 64 characters, and some servers make them small
_BAD = "this link was not made by this Rung, or it was cut or changed on the way"


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
        self._calendars = Signer(secret_key, salt=_CALENDAR_SALT)
        self._bundles = Signer(secret_key, salt=_BUNDLE_SALT)
        self._deliveries = URLSafeSerializer(secret_key, salt=_DELIVERY_SALT)
        self._mail_key = f"{_MAIL_SALT}\0{secret_key}".encode()
        self._base = public_url.rstrip("/")
        self.leads_beyond_this_machine = not is_this_machine(public_url)

    def make(self, alert_id: int, person: str) -> str:
        """Give the address of the one-click page for this alert and person."""
        token = self._serializer.dumps([alert_id, person])
        return f"{self._base}/a/{token if isinstance(token, str) else token.decode()}"

    def read(self, token: str) -> LinkTarget:
        """Give what the token was made for. Raises BadLinkError."""
        try:
            alert_id, person = self._serializer.loads(token)
        except (BadSignature, ValueError, TypeError) as error:
            raise BadLinkError(_BAD) from error
        return LinkTarget(int(alert_id), str(person))

    def make_for_delivery(self, way: str, key: Key) -> str:
        """Give the address at which a provider tells what became of a notification, and what was answered to it."""
        token = self._deliveries.dumps([key.alert, key.event, key.responder, key.channel])
        return f"{self._base}/reply/{way}/{token if isinstance(token, str) else token.decode()}"

    def read_delivery(self, token: str) -> Key:
        """Give the notification that the token was made for. Raises BadLinkError."""
        try:
            alert, event, responder, channel = self._deliveries.loads(token)
        except (BadSignature, ValueError, TypeError) as error:
            raise BadLinkError(_BAD) from error
        return Key(int(alert), int(event), str(responder), str(channel))

    def mail_address(self, address: str, alert_id: int, person: str) -> str:
        """Give the address to answer to about this alert by this person: `rung+42-<signature>@example.com`."""
        name, _, domain = address.rpartition("@")
        return f"{name}+{alert_id}-{self._mail_signature(alert_id, person)}@{domain}"

    def read_mail(self, token: str, person: str) -> int | None:
        """Give the alert that the token of such an address is about; None unless it was made for this person."""
        number, _, signature = token.partition("-")
        if not number.isascii() or not number.isdigit() or len(number) > _MAIL_DIGITS:
            return None
        wanted = self._mail_signature(int(number), person)
        return int(number) if hmac.compare_digest(signature.encode(), wanted.encode()) else None

    def _mail_signature(self, alert_id: int, person: str) -> str:
        signed = f"{alert_id}/{person}".encode("utf-8", "surrogatepass")
        return hmac.new(self._mail_key, signed, hashlib.sha256).hexdigest()[:_MAIL_DIGITS]

    def make_for_bundle(self, bundle_id: str) -> str:
        """Give the address of the page about a bundle; short, because it stands in text messages."""
        return f"{self._base}/b/{self._bundles.sign(bundle_id).decode()}"

    def read_bundle(self, token: str) -> str:
        """Give the id of the bundle that the token was made for. Raises BadLinkError."""
        try:
            return self._bundles.unsign(token).decode()
        except (BadSignature, ValueError) as error:
            raise BadLinkError(_BAD) from error

    def calendar(self, path: str) -> str:
        """Give the address of a calendar, `oncall_primary` or `person/alice`; whoever has it may read that one."""
        token = self._calendars.get_signature(path).decode()
        return f"{self._base}/oncall/{quote(path)}.ics?token={token}"

    def opens_calendar(self, path: str, token: str) -> bool:
        """Say whether the token was made for this calendar."""
        return self._calendars.verify_signature(path, token)
