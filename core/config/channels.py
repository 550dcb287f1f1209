"""Channel: a way to reach people: an Apprise URL with `{placeholders}` of contact fields."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, SecretStr, Tag

from core.channel_text import refused_parameters
from core.config.base import Section, Switch

_URL_WANTED = "an Apprise URL such as mailtos://user:pass@smtp.example.com?to={email}"
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def placeholders(url: str) -> frozenset[str]:
    """Give the contact fields that a URL template needs."""
    return frozenset(_PLACEHOLDER.findall(url))


def _usable_url(secret: SecretStr) -> SecretStr:
    url = secret.get_secret_value().strip()
    wrong = []
    if url and not _SCHEME.match(url):
        wrong.append("with its scheme and ://")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", url)):
        wrong.append("with braces only around contact fields such as {email}")
    # Rung repeats, fails over and cuts by its own rules; these would let Apprise do it behind its back.
    if refused := sorted(refused_parameters(url)):
        wrong.append(f"without the option {' or '.join(refused)}, which Rung decides itself")
    if "retry" in refused and url.lower().startswith("pover:"):
        wrong.append("with interval for the seconds between Pushover's repetitions")
    if wrong:
        raise ValueError(", ".join([_URL_WANTED, *wrong]))
    return SecretStr(url)


class Channel(Section):
    """One way out. `url` is a secret; an empty one means that no credentials are there.

    `kind` (the channel's own name unless told) says how long a text may be and whether it is read out.
    """

    url: Annotated[SecretStr, AfterValidator(_usable_url), Field(description=_URL_WANTED)]
    quiet: Switch | None = None
    kind: Annotated[str, Field(min_length=1, max_length=64, description="a kind such as sms or slack")] | None = None

    @property
    def has_credentials(self) -> bool:
        """Whether there is a URL to send to."""
        return bool(self.url.get_secret_value())

    @property
    def needs(self) -> frozenset[str]:
        """The contact fields that a person must have to be reached here."""
        return placeholders(self.url.get_secret_value())


def is_off(value: object) -> bool:
    """Say whether what is written for a channel declares it as not used here: `slack: false`."""
    return value is False or (isinstance(value, str) and value.strip().lower() in {"false", "no", "off"})


ChannelOrOff = Annotated[
    Annotated[Channel, Tag("[on]")] | Annotated[Literal[False], Tag("[off]")],
    Discriminator(lambda value: "[off]" if is_off(value) else "[on]"),
    BeforeValidator(lambda value: False if is_off(value) else value),
]
