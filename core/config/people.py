"""Person: whom to page and where. Every key beside `name` is an address that a channel's URL can name."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from core.config.base import Name, Section
from core.severity import Severity

# An address stands inside a URL: what could end it there, start an option or name a second target is refused.
_ADDRESS = r"[^\s\p{C}?&;,%{}\\]"

Contact = Annotated[
    str,
    StringConstraints(pattern=f"^{_ADDRESS}+$", max_length=256),
    Field(description="one address such as #oncall or @U123, without spaces or any of ? & ; , % { } \\"),
]
Email = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s\p{C}?&;,%{}\\@:/<>]+@[^\s\p{C}?&;,%{}\\@:/<>]+$", max_length=254),
    Field(description="an e-mail address such as user@example.com"),
]
Phone = Annotated[
    str,
    StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$"),
    Field(description='an international number in quotes, such as "+15550100001"'),
]
# What providers say about the form of their addresses; what Apprise would turn away only when a page is due.
Slack = Annotated[
    str,
    StringConstraints(
        pattern=rf"^(?:[+#@]?[A-Za-z0-9_-]{{1,32}}(?::[0-9.]+)?|{_ADDRESS}+@{_ADDRESS}+)$", max_length=254
    ),
    Field(
        description='a Slack member such as "+U012AB3CD", a channel such as "#oncall", or a member\'s e-mail address'
    ),
]
Telegram = Annotated[
    str,
    StringConstraints(pattern=r"^(?:-?[0-9]{1,32}|@?[A-Za-z][A-Za-z0-9_]{3,31})(?::[0-9]{1,10})?$"),
    Field(description='a Telegram chat id in quotes, such as "987654321", or a channel such as "@oncall"'),
]
Discord = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{17,20}$"),
    Field(description='a Discord user id in quotes, 17 to 20 digits such as "80351110224678912"'),
]
Matrix = Annotated[
    str,
    StringConstraints(pattern=rf"^[!#@]{_ADDRESS}+$", max_length=255),
    Field(description='a Matrix room such as "!AbCdEf:example.com" or "#oncall:example.com"'),
]
Ntfy = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$"),
    Field(description="an ntfy topic: letters, digits, _ and -, at most 64"),
]
Pushover = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9]{30}$"),
    Field(description="a Pushover user or group key: 30 letters and digits"),
]
Signal = Annotated[
    str,
    StringConstraints(pattern=r"^(?:\+[1-9][0-9]{6,14}|@?group\.[A-Za-z0-9+/_=-]+)$", max_length=256),
    Field(description='an international number in quotes, such as "+15550100001", or a group such as "group.abc"'),
]
WhatsApp = Annotated[
    str,
    StringConstraints(pattern=r"^(?:\+[1-9][0-9]{6,14}|[0-9]{16,32})$"),
    Field(description='an international number in quotes, such as "+15550100001", or the id of a group'),
]
ContactName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64),
    Field(description="a contact field named in small letters, digits and _"),
]

Preferred = Annotated[tuple[Name, ...], Field(description="a list of channels, the one to be tried first in front")]
Unwanted = Annotated[tuple[Name, ...], Field(description="a list of channels")]
_QUIET_WANTED = "high, medium or low; critical pages always come through"


def _may_be_quiet(severity: Severity) -> Severity:
    if severity is Severity.CRITICAL:
        raise ValueError(_QUIET_WANTED)
    return severity


QuietSeverity = Annotated[Severity, AfterValidator(_may_be_quiet), Field(description=_QUIET_WANTED)]
QuietChoices = Annotated[
    dict[QuietSeverity, Unwanted], Field(description="a mapping of high, medium or low to lists of channels")
]

NO_CONTACTS = frozenset({"name", "prefer", "quiet"})


class Person(Section):
    """A responder. Fields beyond these are further contacts, by channel: gotify, mattermost, ...

    `prefer` is the order in which channels are tried; on those in `quiet` this person wants no pages so bad.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[ContactName, Contact]

    name: Annotated[str, Field(min_length=1, max_length=100, description="the name people read")] | None = None
    prefer: Preferred = ()
    quiet: QuietChoices = Field(default_factory=dict)
    email: Email | None = None
    phone: Phone | None = None
    slack: Slack | None = None
    telegram: Telegram | None = None
    discord: Discord | None = None
    matrix: Matrix | None = None
    ntfy: Ntfy | None = None
    pushover: Pushover | None = None
    signal: Signal | None = None
    whatsapp: WhatsApp | None = None

    @property
    def contacts(self) -> dict[str, str]:
        """The person's addresses by contact field, only those that are there."""
        named = {field: getattr(self, field) for field in type(self).model_fields if field not in NO_CONTACTS}
        return {field: value for field, value in named.items() if value} | self.__pydantic_extra__

    def wants(self, channel: str, severity: Severity) -> bool:
        """Say whether pages of this severity may come on this channel."""
        return channel not in self.quiet.get(severity, ())
