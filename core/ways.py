"""Ways: how whoever gets a message can answer it from where it is read, beside the link in its text."""

from collections.abc import Callable, Mapping

from core.config.replies import Replies
from core.ledger import Key
from core.links import Links
from core.outcomes import Ways


def ways_of(key: Key, kind: str, replies: Replies, links: Links) -> Ways | None:
    """Give the ways to answer a page on a channel of this kind; None when there is but the link."""
    make = _BY_KIND.get(kind)
    return make(key, replies, links) if make else None


def _text(key: Key, replies: Replies, links: Links) -> Ways | None:
    if not _hears_from_twilio(replies, links):
        return None
    return Ways(key.alert, status_at=links.make_for_delivery("sms", key))


def _call(key: Key, replies: Replies, links: Links) -> Ways | None:
    if not _hears_from_twilio(replies, links):
        return None
    keys_at = links.make_for_delivery("voice", key)
    return Ways(key.alert, status_at=f"{keys_at}/status", keys_at=keys_at)


def _hears_from_twilio(replies: Replies, links: Links) -> bool:
    """Twilio takes no message at all that names an address beyond its reach (error 21609)."""
    return bool(replies.twilio.auth_token) and links.leads_beyond_this_machine


def _slack(key: Key, replies: Replies, _links: Links) -> Ways | None:
    return Ways(key.alert, buttons=True) if replies.slack.signing_secret else None


def _telegram(key: Key, replies: Replies, _links: Links) -> Ways | None:
    return Ways(key.alert, buttons=True) if replies.telegram.secret else None


_BY_KIND: Mapping[str, Callable[[Key, Replies, Links], Ways | None]] = {
    "sms": _text,
    "whatsapp": _text,
    "phone": _call,
    "slack": _slack,
    "telegram": _telegram,
}
