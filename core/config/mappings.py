"""mappings: senders without a source of their own, read by expressions. How an operator adds one without Python.

Expressions are JMESPath (https://jmespath.org) over the JSON or the form that came, with a few functions of ours.
"""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from core.config.base import Section
from core.expressions import BadExpressionError, compiled

_WANTED = "a JMESPath expression such as incident.id"
_KEY_WANTED = f"{_WANTED}, or a list of them"
_WORDS_WANTED = "a list of the sender's words"
_LONGEST = 500


def _readable(expression: str) -> str:
    try:
        compiled(expression)
    except BadExpressionError as error:
        raise ValueError(f"{_WANTED} ({error})") from None
    return expression


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Expression = Annotated[
    str,
    StringConstraints(min_length=1, max_length=_LONGEST),
    AfterValidator(_readable),
    Field(description=_WANTED),
]
Expressions = Annotated[
    tuple[Expression, ...], BeforeValidator(_several), Field(min_length=1, max_length=10, description=_KEY_WANTED)
]
Words = Annotated[tuple[str, ...], BeforeValidator(_several), Field(max_length=50, description=_WORDS_WANTED)]


class SenderMapping(Section):
    """What a sender's body means. Of a `key` of several parts all of them identify the alert.

    `items` finds the alerts in a body that has many. `status` is read by the words of the generic source, and by those
    of `firing`, `resolved`, `acknowledged` and `test`; without one every body is firing.
    """

    items: Expression | None = None
    key: Expressions
    title: Expression
    status: Expression | None = None
    firing: Words = ()
    resolved: Words = ()
    acknowledged: Words = ()
    test: Words = ()
    severity: Expression | None = None
    description: Expression | None = None
    link: Expression | None = None
    labels: Annotated[dict[str, Expression], Field(description="a mapping of labels to JMESPath expressions")] = Field(
        default_factory=dict
    )
