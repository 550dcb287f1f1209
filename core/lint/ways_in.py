"""Ways in by which people answer: those that are half set up, and those that a channel in use could have."""

from collections.abc import Iterator, Mapping

from pydantic import SecretStr

from core.config.faults import Place
from core.config.replies import Replies
from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import and_list
from core.lint.survey import Survey
from core.rules import Rules

# By the kind of channel: which secret lets answers in, and by what people answer then.
_NEEDED: Mapping[str, tuple[Place, str]] = {
    "sms": (("replies", "twilio", "auth_token"), "a text"),
    "whatsapp": (("replies", "twilio", "auth_token"), "a text"),
    "phone": (("replies", "twilio", "auth_token"), "a key during the call"),
    "slack": (("replies", "slack", "signing_secret"), "a button"),
    "telegram": (("replies", "telegram", "secret"), "a button"),
}
_ALL = (*(place for place, _ in _NEEDED.values()), ("replies", "email", "secret"))
_TWILIO = ("twilio://",)  # others send texts and calls, too, and have no way in
_WHERE = "docs/replies.md says what to click and what to paste."


def half_set_replies(survey: Survey) -> Iterator[Finding]:
    """Tell of a way in that has one of two things that it needs, and so is shut or never used."""
    replies = survey.config.replies
    has_mail_secret = _is_set(replies.email.secret)
    if replies.email.address and not has_mail_secret:
        yield _half(("replies", "email", "secret"), "replies.email has an address and no secret", "It is shut.")
    if has_mail_secret and not replies.email.address:
        place = ("replies", "email", "address")
        yield _half(place, "replies.email has a secret and no address", "No mail says where to answer to.")
    if _is_set(replies.slack.bot_token) and not _is_set(replies.slack.signing_secret):
        found = "replies.slack has a bot_token and no signing_secret"
        yield _half(("replies", "slack", "signing_secret"), found, "It is shut.")


def missing_replies(rules: Rules) -> Iterator[Finding]:
    """Tell of channels in use that people cannot answer on, though they could: one piece of advice for each secret.

    Not of mail, which takes a gateway that few have.
    """
    by_secret: dict[Place, list[str]] = {}
    for name in _in_use(rules):
        place, _ = _NEEDED[rules.kind_of(name)]
        if not _is_set(_at(rules.config.replies, place)):
            by_secret.setdefault(place, []).append(name)
    for place, channels in by_secret.items():
        _, how = _NEEDED[rules.kind_of(channels[0])]
        yield at(
            Code.REPLY_NOT_SET_UP,
            place,
            f"pages on {and_list(channels)} cannot be answered by {how}: {'.'.join(map(str, place))} is not set",
            "Their readers have the link in the message.",
            f"Set it, or leave it so. {_WHERE}",
        )


def is_open(replies: Replies) -> bool:
    """Say whether any way in is: providers then need an address that they can reach."""
    return any(_is_set(_at(replies, place)) for place in _ALL)


def _in_use(rules: Rules) -> Iterator[str]:
    if rules.outbox_mode:
        return
    for name, channel in rules.config.channels.items():
        kind = rules.kind_of(name)
        if not channel or not channel.has_credentials or kind not in _NEEDED:
            continue
        is_twilios = channel.url.get_secret_value().lower().startswith(_TWILIO)
        if is_twilios or _NEEDED[kind][0][1] != "twilio":
            yield name


def _half(place: Place, found: str, consequence: str) -> Finding:
    return at(Code.REPLY_HALF_SET, place, found, consequence, f"Set {'.'.join(map(str, place))} too. {_WHERE}")


def _at(replies: Replies, place: Place) -> SecretStr:
    section, field = map(str, place[1:])
    secret: SecretStr = getattr(getattr(replies, section), field)
    return secret


def _is_set(secret: SecretStr) -> bool:
    return bool(secret.get_secret_value())
