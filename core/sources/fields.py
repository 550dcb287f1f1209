"""Reading values that anyone may have sent: any JSON value goes in, a known type comes out."""

import json
from collections.abc import Mapping
from typing import Any

from core.signals import UnreadableError

SEVERITY_NAMES = ("severity", "priority", "level")

_KINDS = {
    type(None): "null",
    bool: "true or false",
    str: "a string",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


def as_text(value: Any) -> str:
    """Give a value as text: null is empty, lists and objects stay JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (bool, list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def as_object(value: Any, what: str) -> Mapping[str, Any]:
    """Give an object as it is; anything else is an UnreadableError that names it by `what`."""
    if isinstance(value, dict):
        return value
    raise UnreadableError(f"{what} must be an object, but is {_KINDS.get(type(value), 'something else')}.")


def object_at(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give the object in a field, an empty one when the field is missing or null."""
    value = fields.get(name)
    return {} if value is None else as_object(value, f"'{name}'")


def first_text(fields: Mapping[str, Any], *names: str) -> str:
    """Give the first of the fields that says anything, stripped; empty when none does."""
    for name in names:
        if (value := fields.get(name)) is not None and (text := as_text(value).strip()):
            return text
    return ""


def first_key(fields: Mapping[str, Any], *names: str) -> str:
    """Give the first of the fields that can identify something: a text or a number, 0 included."""
    return first_text(fields, *(name for name in names if _identifies(fields.get(name))))


def severity_in(labels: Mapping[str, Any]) -> str:
    """Give the severity a set of labels carries, as given; empty when it carries none."""
    return first_text(labels, *SEVERITY_NAMES)


def _identifies(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)
