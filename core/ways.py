"""Ways: how whoever gets a message can answer it from where it is read, beside the link in its text."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from core.config.replies import Replies
from core.decision import NotificationKind
from core.ledger import Entry, Key, State
from core.links import Links
from core.outcomes import Ways

KEYS = (
    "Press 1 to acknowledge, 2 to resolve, 4 to escalate, 5 to hear it again, 6 to hear the next of your open alerts."
)
KEYS_OF_SEVERAL = "Press 1 to acknowledge all of them, 5 to hear it again, 6 to hear them one by one."
NO_ALERT = 0  # the number of a test page
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


def ways_of_several(key: Key, kind: str, replies: Replies, links: Links) -> Ways | None:
    """Give the ways to answer a message about several alerts, of which the key's is one."""
    ways = ways_of(key, kind, replies, links) if kind in _ABOUT_SEVERAL else None
    return replace(ways, keys_say=KEYS_OF_SEVERAL) if ways and ways.keys_say else ways


def ways_of_test(person: str, channel: str, kind: str, replies: Replies, links: Links) -> Ways | None:
    """Give the ways to answer a test page, which is about no alert: a call takes keys and says that it heard them."""
    if kind != "phone" or not _hears_from_twilio(replies, links):
        return None
    keys_at = links.make_for_delivery("voice", Key(NO_ALERT, 0, person, channel))
    return Ways(NO_ALERT, keys_at=keys_at, keys_say="Press any key to prove that answers arrive.")


def proof_of(kind: str, replies: Replies, links: Links) -> str:
    """Say how whoever reads a test page can prove that answers arrive; '' where they do not, or the call says so."""
    return _PROOFS.get(kind, "") if ways_of(Key(NO_ALERT, 0, "", ""), kind, replies, links) else ""


def _can_change(entry: Entry) -> bool:
    """Say whether it stands in a chat, with an id; a bundle is about other alerts too, and stays as it is."""
    is_sent_page = entry.kind is NotificationKind.PAGE and entry.state is State.SENT
    return is_sent_page and bool(entry.provider_id) and not entry.bundle


def _text(key: Key, replies: Replies, links: Links) -> Ways | None:
    if not _hears_from_twilio(replies, links):
        return None
    return Ways(key.alert, status_at=links.make_for_delivery("sms", key))


def _call(key: Key, replies: Replies, links: Links) -> Ways | None:
    if not _hears_from_twilio(replies, links):
        return None
    keys_at = links.make_for_delivery("voice", key)
    return Ways(key.alert, status_at=f"{keys_at}/status", keys_at=keys_at, keys_say=KEYS)


def _hears_from_twilio(replies: Replies, links: Links) -> bool:
    """Twilio takes no message at all that names an address beyond its reach (error 21609)."""
    return bool(replies.twilio.auth_token) and links.leads_beyond_this_machine


def _slack(key: Key, replies: Replies, links: Links) -> Ways | None:
    if not replies.has_buttons("slack"):
        return None
    return Ways(key.alert, links.make(key.alert, key.responder), buttons=True)


def _telegram(key: Key, replies: Replies, _links: Links) -> Ways | None:
    return Ways(key.alert, buttons=True) if replies.has_buttons("telegram") else None


def _ntfy(key: Key, _replies: Replies, links: Links) -> Ways | None:
    """Give no button whose address only this machine knows: the phone itself posts there, and would post to itself."""
    if not links.leads_beyond_this_machine:
        return None
    return Ways(key.alert, links.make(key.alert, key.responder), act_at=links.make_for_delivery("ntfy", key))


def _email(key: Key, replies: Replies, links: Links) -> Ways | None:
    address = replies.email.address
    if not address or not replies.email.secret:
        return None
    return Ways(key.alert, reply_to=links.mail_address(address, key.alert, key.responder))


_ABOUT_SEVERAL = frozenset({"sms", "whatsapp", "phone"})
_PROOFS = dict.fromkeys(("sms", "whatsapp"), "Reply status to prove that answers arrive.") | {
    "slack": "Write /rung list to prove that answers arrive.",
    "telegram": "Write /status to prove that answers arrive.",
}
_BY_KIND: Mapping[str, Callable[[Key, Replies, Links], Ways | None]] = {
    "sms": _text,
    "whatsapp": _text,
    "phone": _call,
    "slack": _slack,
    "telegram": _telegram,
    "ntfy": _ntfy,
    "email": _email,
}
