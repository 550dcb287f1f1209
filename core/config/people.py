"""Person: whom to page and where. Every key beside `name` is an address that a channel's URL can name."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from core.config.base import Section

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
ContactName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64),
    Field(description="a contact field named in small letters, digits and _"),
]


class Person(Section):
    """A responder. Fields beyond these are further contacts, by channel: slack, telegram, ntfy, ..."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[ContactName, Contact]

    name: Annotated[str, Field(min_length=1, max_length=100, description="the name people read")] | None = None
    email: Email | None = None
    phone: Phone | None = None

    @property
    def contacts(self) -> dict[str, str]:
        """The person's addresses by contact field, only those that are there."""
        named = {"email": self.email, "phone": self.phone}
        return {field: value for field, value in named.items() if value} | self.__pydantic_extra__
