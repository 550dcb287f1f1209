"""Whether a channel's URL names anybody at all: Apprise drops bad targets silently.

With a bad phone number several plugins then text the sender's own number and report success.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

_NOT_A_CHARACTER_OF_A_NAME = re.compile(r"[^0-9a-z]")
_NATIONAL_NUMBER = 10

# Its phone number only says whom a message to the group mentions.
_PHONE_IS_OPTIONAL = frozenset({"dingtalk"})


def no_target(channel: Any, parsed: dict[str, Any]) -> str | None:
    """Give why nobody would get the message, or None when somebody would; `parsed` is the URL in parts."""
    named = list(_texts(parsed.get("targets")))
    if (parsed.get("qsd") or {}).get("to") == "":
        return "the address names nobody"
    if _takes_phone_numbers(channel):
        return _no_phone_number(channel, named)
    if named and hasattr(channel, "targets") and not channel.targets:
        return "the address names no valid target"
    return None


def _takes_phone_numbers(channel: Any) -> bool:
    return channel.schema not in _PHONE_IS_OPTIONAL and any(
        "phone" in name for name, token in channel.template_tokens.items() if token.get("map_to") == "targets"
    )


def _no_phone_number(channel: Any, named: list[str]) -> str | None:
    if not named:
        return "the address names no phone number"
    taken = {_plain(text) for text in _taken(channel)}
    if any(_is_among(_plain(name), taken) for name in named):
        return None
    return "the phone number is not valid"


def _is_among(name: str, taken: Iterable[str]) -> bool:
    """Compare loosely: a plugin may drop the country code, and a name may begin with the way it is sent."""
    return name != "" and any(text == name or (len(text) >= _NATIONAL_NUMBER and name.endswith(text)) for text in taken)


def _taken(channel: Any) -> Iterator[str]:
    """Give every target the plugin kept: numbers, groups, contacts, whatever it calls them."""
    for name, value in vars(channel).items():
        if isinstance(value, list | tuple | set) and "invalid" not in name and name != "tags":
            yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | set):
        for part in value:
            yield from _texts(part)


def _plain(text: str) -> str:
    return _NOT_A_CHARACTER_OF_A_NAME.sub("", text.lower())
