"""Ways: how whoever gets a message can answer it from where it is read, beside the link in its text."""

from collections.abc import Callable, Mapping

from core.config.replies import Replies
from core.decision import NotificationKind
from core.ledger import Entry, Key, State
from core.links import Links
from core.outcomes import Ways

_MOST_CHANGED = 5  # pages to one person on one channel; older ones have been scrolled out of sight


def ways_of(key: Key, kind: str, replies: Replies, links: Links) -> Ways | None:
    """Give the ways to answer a page on a channel of this kind; None when there is but the link."""
    make = _BY_KIND.get(kind)
    return make(key, replies, links) if make else None


def changing(key: Key, ledger: Mapping[str, Entry]) -> Ways | None:
    """Give what a notice changes instead of saying more: the pages about this alert alone that stand in its chat."""
    pages = [
        (other.event, entry.provider_id or "")
        for field, entry in ledger.items()
        for other in [Key.parse(key.alert, field)]
        if (other.responder, other.channel) == (key.responder, key.channel) and _can_change(entry)
    ]
    last_first = [provider_id for _, provider_id in sorted(pages, reverse=True)][:_MOST_CHANGED]
    return Ways(key.alert, changes=last_first[0], older=tuple(last_first[1:])) if last_first else None


def _can_change(entry: Entry) -> bool:
    """Say whether it stands in a chat, with an id; a bundle is about other alerts too, and stays as it is."""
    is_sent_page = entry.kind is NotificationKind.PAGE and entry.state is State.SENT
    return is_sent_page and bool(entry.provider_id) and not entry.bundle


def _text(key: Key, replies: Replies, links: Links) -> Ways | None:
    if not replies.twilio.auth_token:
        return None
    return Ways(key.alert, status_at=links.make_for_delivery("sms", key))


def _call(key: Key, replies: Replies, links: Links) -> Ways | None:
    if not replies.twilio.auth_token:
        return None
    keys_at = links.make_for_delivery("voice", key)
    return Ways(key.alert, status_at=f"{keys_at}/status", keys_at=keys_at)


def _slack(key: Key, replies: Replies, links: Links) -> Ways | None:
    if not replies.has_buttons("slack"):
        return None
    return Ways(key.alert, links.make(key.alert, key.responder), buttons=True)


def _telegram(key: Key, replies: Replies, _links: Links) -> Ways | None:
    return Ways(key.alert, buttons=True) if replies.has_buttons("telegram") else None


def _ntfy(key: Key, _replies: Replies, links: Links) -> Ways | None:
    return Ways(key.alert, links.make(key.alert, key.responder), act_at=links.make_for_delivery("ntfy", key))


def _email(key: Key, replies: Replies, links: Links) -> Ways | None:
    address = replies.email.address
    if not address or not replies.email.secret:
        return None
    return Ways(key.alert, reply_to=links.mail_address(address, key.alert, key.responder))


_BY_KIND: Mapping[str, Callable[[Key, Replies, Links], Ways | None]] = {
    "sms": _text,
    "whatsapp": _text,
    "phone": _call,
    "slack": _slack,
    "telegram": _telegram,
    "ntfy": _ntfy,
    "email": _email,
}
