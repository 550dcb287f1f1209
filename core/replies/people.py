"""Who is it? The people of the config whose number, id or address an answer came from."""

import re
from collections.abc import Iterator

from core.config import Config

_PHONES = ("phone", "whatsapp", "signal")
# Who is paged in a channel such as #oncall, or by an address, has a member id beside it to be known by.
_SLACK = ("slack", "slack_id")
_TELEGRAM = ("telegram", "telegram_id")
_MEMBER = re.compile(r"[UW][A-Z0-9]+", re.ASCII)
_CARRIED_BY = re.compile(r"^(?:whatsapp|rcs|sms|tel):", re.IGNORECASE)
_NOT_DIALLED = re.compile(r"[\s().-]")


def by_phone(config: Config, number: str) -> tuple[str, ...]:
    """Give the people with this number, `+15550100001` or `whatsapp:+15550100001`; a shared one has several."""
    plain = _NOT_DIALLED.sub("", _CARRIED_BY.sub("", number.strip()))
    return tuple(dict.fromkeys(_having(config, plain, _PHONES))) if plain.startswith("+") else ()


def by_slack(config: Config, member: str) -> tuple[str, ...]:
    """Give the people with this Slack member id, `U012AB3CD`, as where they are paged or as `slack_id`."""
    found = (
        person
        for field in _SLACK
        for person, value in _values(config, field)
        if value.lstrip("+@").partition(":")[0] == member
    )
    return tuple(dict.fromkeys(found)) if _MEMBER.fullmatch(member) else ()


def by_telegram(config: Config, user: int) -> tuple[str, ...]:
    """Give the people with this Telegram id, which a private chat with them has too, or as `telegram_id`."""
    found = (
        person
        for field in _TELEGRAM
        for person, value in _values(config, field)
        if value.partition(":")[0] == str(user)
    )
    return tuple(dict.fromkeys(found)) if user > 0 else ()  # groups are below


def by_email(config: Config, address: str) -> tuple[str, ...]:
    """Give the people with this address, in any case."""
    wanted = address.strip().casefold()
    return tuple(person for person, value in _values(config, "email") if value.casefold() == wanted)


def _having(config: Config, value: str, fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        yield from (person for person, found in _values(config, field) if found == value)


def _values(config: Config, field: str) -> Iterator[tuple[str, str]]:
    for name, person in config.people.items():
        if value := person.contacts.get(field):
            yield name, value
