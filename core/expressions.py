"""Expressions: JMESPath over what a sender sent, with a few functions of ours that senders make necessary."""

import json
from functools import lru_cache
from typing import Any

import jmespath
import jmespath.exceptions
from jmespath.functions import Functions, signature


class BadExpressionError(ValueError):
    """This is no expression that can ever work. The message says why, in a few words."""


_TEXT = {"types": ["string"]}
_MAYBE_TEXT = {"types": ["string", "null"]}
_LONGEST = 1_000_000  # characters; what is longer a stranger made so


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
        """Give a text with every `old` in it replaced; null when that would be longer than anybody reads."""
        if text is None or not old:
            return text
        is_short = len(text) + text.count(old) * len(new) <= _LONGEST
        return text.replace(old, new) if is_short or len(new) <= len(old) else None

    @signature(_MAYBE_TEXT, _TEXT)  # type: ignore[untyped-decorator]
    def _func_split(self, text: str | None, separator: str) -> list[str]:
        """Give the parts of a text."""
        return (text or "").split(separator) if separator else []


_OPTIONS = jmespath.Options(custom_functions=_OurFunctions())


@lru_cache(1024)
def compiled(expression: str) -> Any:
    """Give the expression, compiled. Raises BadExpressionError, also for what would fail later whatever comes in."""
    try:
        found = jmespath.compile(expression)
        _see_that_it_can_work(found.parsed)
    except RecursionError:
        raise BadExpressionError("it is nested too deeply") from None
    except jmespath.exceptions.JMESPathError as error:
        raise BadExpressionError(_why(error)) from None
    return found


def search(expression: str, value: Any) -> Any:
    """Give what an expression finds; None when it finds nothing, or stumbles over a value it does not expect.

    JMESPath has errors of its own for most values; over NaN, infinity and numbers of 400 digits it stumbles as Python.
    """
    try:
        return compiled(expression).search(value, _OPTIONS)
    except (ValueError, TypeError, ArithmeticError):
        return None


def _why(error: jmespath.exceptions.JMESPathError) -> str:
    position = getattr(error, "lex_position", None)
    if isinstance(error, jmespath.exceptions.IncompleteExpressionError) or position is None:
        return "it ends too early"
    return f"it makes no sense at character {position + 1}"


def _see_that_it_can_work(node: Any) -> None:
    """See that each function there is has the arguments it wants, and that no slice goes nowhere."""
    if not isinstance(node, dict):
        return
    if node["type"] == "function_expression":
        _see_that_it_can_be_called(node["value"], len(node["children"]))
    if node["type"] == "slice" and node["children"][2] == 0:
        raise BadExpressionError("a slice has steps of 0")
    for child in node["children"]:
        _see_that_it_can_work(child)


def _see_that_it_can_be_called(name: str, given: int) -> None:
    spec = _OurFunctions.FUNCTION_TABLE.get(name)
    if spec is None:
        raise BadExpressionError(f"no function is called {name}")
    wanted = spec["signature"]
    takes_more = bool(wanted) and wanted[-1].get("variadic", False)
    if given < len(wanted) or (given > len(wanted) and not takes_more):
        raise BadExpressionError(f"{name} wants {len(wanted)} argument{'' if len(wanted) == 1 else 's'}")
