"""Packing a bundle: which of its notifications go in one message, and what becomes of those that do not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.bundle_messages import Spoken, Written, how_many_fit, in_order, is_page
from core.bundles import Bundle
from core.channel_text import BODY_LIMITS, DEFAULT_LIMIT
from core.delivery import SPOKEN, Immediate, Prepared, Withdrawn, addressed, has_nothing_to_send, prepare
from core.ledger import State
from core.links import Links
from core.rules import Rules
from core.store import Claim, Settlement
from core.ways import ways_of_several


@dataclass(frozen=True, slots=True)
class PutBack:
    """There was no room for it: it waits for the next bundle."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Claims that share one message, or one reason for none. `bundle`: what is to be kept before it is sent."""

    claims: tuple[Claim, ...]
    content: Prepared | Immediate | Withdrawn | PutBack
    bundle: Bundle | None = None


def units(claims: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    """Give the claims that belong together: those of a bundle, every other by itself."""
    return [tuple(unit) for _, unit in groupby(claims, key=lambda claim: claim.sent_as)]


def pack(unit: Sequence[Claim], rules: Rules, links: Links) -> list[Parcel]:
    """Give what becomes of the claims of a bundle. One that is left by itself is an ordinary message."""
    looked_at = [(claim, has_nothing_to_send(claim, rules)) for claim in unit]
    loud = in_order(claim for claim, is_silent in looked_at if not is_silent)
    silent = [_out_of_the_bundle(claim) if loud else claim for claim, is_silent in looked_at if is_silent]
    alone = [*silent, *(loud if len(loud) == 1 else ())]
    parcels = [Parcel((claim,), prepare(claim, rules, links)) for claim in alone]
    return [*parcels, *_packed(loud, rules, links)] if len(loud) > 1 else parcels


def put_back(claim: Claim) -> Settlement:
    """Record that nothing was tried: what has no room is due again at once, and then waits for its turn."""
    entry = claim.entry
    update = {"state": State.QUEUED, "attempts": entry.attempts - 1, "token": "", "bundle": ""}
    return Settlement(claim.key, entry.token, entry.model_copy(update=update), retry_at=claim.now)


def _packed(loud: Sequence[Claim], rules: Rules, links: Links) -> Iterator[Parcel]:
    key, bundle_id = loud[0].key, loud[0].entry.bundle
    kind = rules.kind_of(key.channel)
    limit = BODY_LIMITS.get(kind, DEFAULT_LIMIT)
    ways = ways_of_several(key, kind, rules.config.replies, links) if is_page(loud[0]) else None
    link = links.make_for_bundle(bundle_id)
    words = Spoken() if kind == SPOKEN else Written(f"reply ack all, or {link}" if ways else link, limit)
    fitting = how_many_fit(loud, limit, words.essence)
    goes, rest = loud[:fitting], loud[fitting:]
    if rest:
        yield Parcel(tuple(_out_of_the_bundle(claim) for claim in rest), PutBack())
    if len(goes) == 1:
        yield Parcel((goes[0],), prepare(goes[0], rules, links))
        return
    alerts = tuple(dict.fromkeys(claim.key.alert for claim in goes))
    claims = tuple(replace(claim, bundle=alerts) for claim in goes)
    kept = Bundle(bundle_id, key.responder, key.channel, goes[0].now, alerts)
    yield Parcel(claims, addressed(replace(words.message(goes), ways=ways), key, rules), kept)


def _out_of_the_bundle(claim: Claim) -> Claim:
    return replace(claim, entry=claim.entry.model_copy(update={"bundle": ""}))
