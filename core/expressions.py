"""Expressions: JMESPath over what a sender sent, with a few functions of ours that senders make necessary."""

import json
from functools import lru_cache
from typing import Any

import jmespath
import jmespath.exceptions
from jmespath.functions import Functions, signature

BadExpressionError = jmespath.exceptions.JMESPathError

_TEXT = {"types": ["string"]}
_MAYBE_TEXT = {"types": ["string", "null"]}


class _OurFunctions(Functions):  # type: ignore[misc]
    @signature(_MAYBE_TEXT)  # type: ignore[untyped-decorator]
    def _func_parse_json(self, text: str | None) -> Any:
        """Give the value of a JSON text inside a string; null when it is none."""
        try:
            return json.loads(text) if text else None
        except (ValueError, RecursionError):
            return None

    @signature(_MAYBE_TEXT, _TEXT, _TEXT)  # type: ignore[untyped-decorator]
    def _func_replace(self, text: str | None, old: str, new: str) -> str | None:
        """Give a text with every `old` in it replaced."""
        return None if text is None else text.replace(old, new)

    @signature(_MAYBE_TEXT, _TEXT)  # type: ignore[untyped-decorator]
    def _func_split(self, text: str | None, separator: str) -> list[str]:
        """Give the parts of a text."""
        return (text or "").split(separator) if separator else []


_OPTIONS = jmespath.Options(custom_functions=_OurFunctions())


@lru_cache(1024)
def compiled(expression: str) -> Any:
    """Give the expression, compiled. Raises BadExpressionError."""
    return jmespath.compile(expression)


def search(expression: str, value: Any) -> Any:
    """Give what an expression finds; None when it finds nothing, or stumbles over a value it does not expect."""
    try:
        return compiled(expression).search(value, _OPTIONS)
    except BadExpressionError:
        return None
