"""Routes: which alerts take another way than their severity's, and teams. How they are walked: core/routing.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from core.config.base import Name, Section, Switch, parse_switch
from core.config.durations import parse_duration
from core.config.matching import LabelName, RouteMatch, some
from core.config.severities import SeverityName

_AUTO_RESOLVE_WANTED = "true, false, or how long the source must be silent, such as 2h"
_TEMPLATE_WANTED = "a text with nothing in braces but source, title, dedup_key and labels.<name>"
_LABELS_WANTED = "a list of at least one label"
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_FIELDS = frozenset({"source", "title", "dedup_key"})
_LABEL = "labels."


@dataclass(frozen=True, slots=True)
class AutoResolve:
    """What resolves an alert beside people: its source, and so many seconds in which the source says nothing."""

    by_source: bool = True
    after: int | None = None


BY_SOURCE = AutoResolve()


def parse_auto_resolve(value: object) -> AutoResolve:
    """Give what `true`, `false` or a duration means. ValueError says what is wanted."""
    if isinstance(value, AutoResolve):
        return value
    if isinstance(value, str | bool):
        try:
            return AutoResolve(by_source=parse_switch(value))
        except ValueError:
            return _after(value)
    return _after(value)


def _after(value: object) -> AutoResolve:
    try:
        seconds = parse_duration(value)
    except ValueError:
        seconds = 0
    if not seconds:
        raise ValueError(_AUTO_RESOLVE_WANTED)
    return AutoResolve(after=seconds)


def template_pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """Give (text, field after it) of a dedup key's template. ValueError says what is wanted.

    A field is source, title, dedup_key or labels.<name>; severity and times are none, since a resolved signal
    must find the alert that the firing one made. `{{` and `}}` stand for braces.
    """
    pieces: list[tuple[str, str | None]] = []
    text, end = "", 0
    for match in _PIECE.finditer(template):
        text += template[end : match.start()]
        end = match.end()
        if match[0] in ("{{", "}}"):
            text += match[0][0]
        elif _is_field(match[1]):
            pieces.append((text, match[1]))
            text = ""
        else:
            raise ValueError(_TEMPLATE_WANTED)
    return (*pieces, (text + template[end:], None))


def _is_field(name: str | None) -> bool:
    return name is not None and (name in _FIELDS or (name.startswith(_LABEL) and name != _LABEL))


def _template(template: str) -> str:
    template_pieces(template)
    return template


Template = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500),
    AfterValidator(_template),
    Field(description=_TEMPLATE_WANTED),
]
EntryName = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$", max_length=64),
    Field(description="a name on one line, at most 64 characters"),
]


class Route(Section):
    """One way. What it leaves out stays as it was before: the severity's policy, the sender's key.

    The first route that matches is taken; one that `goes_on` lets later ones lay theirs over it.
    """

    name: EntryName
    match: RouteMatch = RouteMatch()
    policy: Annotated[str, Field(description="a policy")] | None = None
    severity: SeverityName | None = None
    team: Annotated[str, Field(description="a team")] | None = None
    auto_resolve: (
        Annotated[AutoResolve, BeforeValidator(parse_auto_resolve), Field(description=_AUTO_RESOLVE_WANTED)] | None
    ) = None
    dedup_key: Template | None = None
    group_by: Annotated[tuple[LabelName, ...], some(_LABELS_WANTED), Field(description=_LABELS_WANTED)] | None = None
    goes_on: Annotated[Switch, Field(alias="continue")] = False

    @field_validator("dedup_key", "group_by")
    @classmethod
    def _lasting(cls, key: Any, info: ValidationInfo) -> Any:
        match = info.data.get("match")
        if key is not None and match is not None and not match.is_lasting:
            raise ValueError(
                "a match without severity and time beside it, since a resolved signal must find the alert that the "
                "firing one made"
            )
        return key

    @field_validator("group_by")
    @classmethod
    def _only_one(cls, labels: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        if labels is not None and info.data.get("dedup_key") is not None:
            raise ValueError("either dedup_key or group_by, not both")
        return labels


def named(kind: str) -> BeforeValidator:
    """Give entries of a list that have no name one by their place, from 1: `route 1`."""

    def with_names(entries: object) -> object:
        if not isinstance(entries, list | tuple):
            return entries
        return [_named(entry, f"{kind} {number}") for number, entry in enumerate(entries, 1)]

    return BeforeValidator(with_names)


def _named(entry: Any, name: str) -> Any:
    return {"name": name, **entry} if isinstance(entry, Mapping) else entry


Routes = Annotated[tuple[Route, ...], named("route"), Field(description="a list of routes")]
Teams = Annotated[
    dict[
        Name,
        Annotated[dict[Name, Name], Field(description="a mapping of a policy's responders to who stands in for them")],
    ],
    Field(description="a mapping of teams by their names"),
]
