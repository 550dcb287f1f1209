"""Ways: how whoever gets a message can answer it from where it is read, beside the link in its text."""

from collections.abc import Callable, Mapping

from core.config.replies import Replies
from core.decision import NotificationKind
from core.ledger import Entry, Key, State
from core.links import Links
from core.outcomes import Ways


def ways_of(key: Key, kind: str, replies: Replies, links: Links) -> Ways | None:
    """Give the ways to answer a page on a channel of this kind; None when there is but the link."""
    make = _BY_KIND.get(kind)
    return make(key, replies, links) if make else None


def changing(key: Key, ledger: Mapping[str, Entry]) -> Ways | None:
    """Give what a notice changes instead of saying more: the last page about it that stands in the same chat."""
    pages = [
        entry
        for field, entry in ledger.items()
        for other in [Key.parse(key.alert, field)]
        if (other.responder, other.channel) == (key.responder, key.channel)
        and entry.kind is NotificationKind.PAGE
        and entry.state is State.SENT
        and entry.provider_id
    ]
    last = max(pages, key=lambda entry: entry.queued_at, default=None)
    return Ways(key.alert, changes=last.provider_id or "") if last else None


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
    if not replies.slack.signing_secret:
        return None
    return Ways(key.alert, links.make(key.alert, key.responder), buttons=True)


def _telegram(key: Key, replies: Replies, _links: Links) -> Ways | None:
    return Ways(key.alert, buttons=True) if replies.telegram.secret else None


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
