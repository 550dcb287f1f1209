"""Outcome: what became of one attempt to send one message, as seen on the wire."""

from dataclasses import dataclass
from enum import StrEnum


class OutcomeKind(StrEnum):
    """What happened, sorted by what it means for the next attempt."""

    SENT = "sent"
    RATE_LIMITED = "rate_limited"  # 429: again after `retry_after`
    UNAVAILABLE = "unavailable"  # 5xx, refused, reset, TLS, DNS, timeout: again later
    REJECTED = "rejected"  # this target will never take it: bad number, unknown user
    MISCONFIGURED = "misconfigured"  # nobody can be reached this way: bad URL, credentials refused
    GIVEN_UP = "given_up"  # too many attempts ended without anybody knowing how: what sent them died or stalled


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt. `reason` is for people and holds no secret; `retry_after` is in seconds."""

    kind: OutcomeKind
    reason: str = ""
    provider_id: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a mail shows: its HTML names it as `cid:<name>`."""

    name: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Ways:
    """How a message can be answered from where it is read. What is empty is not set up.

    Addresses are signed and hold for this message alone. `buttons`: whoever presses one in the chat is known to the
    chat. `status_at`: there the provider says what became of a text or a call; `keys_at`: which key was pressed, and
    `keys_say` is what is said about the keys.
    `act_at`: a POST there, with what to do behind it, acts once; `reply_to`: a mail there is an answer.
    `changes`: the provider's id of the page that a notice is about, which may be changed instead of saying more;
    `older`: of pages before that one.
    """

    alert: int
    link: str = ""
    buttons: bool = False
    status_at: str = ""
    keys_at: str = ""
    keys_say: str = ""
    act_at: str = ""
    reply_to: str = ""
    changes: str = ""
    older: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: plain text, already cut to the channel's length.

    A report has its HTML and pictures beside the text, for channels that carry mail; on all others it is the text.
    A page has the ways to answer it that are set up for its channel.
    """

    title: str
    body: str
    html: str = ""
    pictures: tuple[Picture, ...] = ()
    ways: Ways | None = None
