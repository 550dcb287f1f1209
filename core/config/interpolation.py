"""`${NAME}`, `${NAME:-default}` and `${file:/path}` in a text that YAML has already read.

So a value is never read as YAML, nor searched for references itself.
`$${` stands for a literal `${`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.config.faults import FaultKind

_REFERENCE = re.compile(r"\$\$\{|\$\{((?:[^{}]|\{[^{}]*\})*)\}|\$\{")
_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", re.DOTALL)
_FILE = "file:"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What references read: the environment, and a file's text (which may raise OSError or UnicodeError)."""

    variables: Mapping[str, str] = field(repr=False)
    read_file: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A reference that leads nowhere: what was found, what is wanted instead, and what kind of fault that is."""

    found: str
    wanted: str
    kind: FaultKind


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A text with its references replaced, the names of those, and what could not be replaced."""

    text: str = field(repr=False)
    names: tuple[str, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


def interpolate(text: str, surroundings: Surroundings) -> Interpolated:
    """Replace the references in a text. Nothing that was read is read again for references."""
    names: list[str] = []
    unresolved: list[Unresolved] = []

    def replaced(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        name, value = _resolve(match[1], surroundings)
        names.append(name)
        if isinstance(value, Unresolved):
            unresolved.append(value)
            return ""
        return value

    return Interpolated(_REFERENCE.sub(replaced, text), tuple(names), tuple(unresolved))


def _resolve(reference: str | None, surroundings: Surroundings) -> tuple[str, str | Unresolved]:
    if reference and reference.startswith(_FILE):
        return reference, _from_file(reference, surroundings)
    parts = _VARIABLE.fullmatch(reference or "")
    if not parts:
        wanted = "${NAME}, ${NAME:-default}, ${file:/path}, or $${ for a literal ${"
        return "...", Unresolved("a reference that cannot be read", wanted, FaultKind.REFERENCE)
    name, default = parts.groups()
    return name, _from_variable(name, default, surroundings)


def _from_variable(name: str, default: str | None, surroundings: Surroundings) -> str | Unresolved:
    value = surroundings.variables.get(name)
    if default is not None:
        return value or default
    if value is None:
        wanted = f"the environment variable {name} to be set, or ${{{name}:-default}}"
        return Unresolved(f"${{{name}}}, which is not set", wanted, FaultKind.VARIABLE)
    return value


def _from_file(reference: str, surroundings: Surroundings) -> str | Unresolved:
    try:
        return surroundings.read_file(reference.removeprefix(_FILE)).rstrip("\r\n")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
    except UnicodeError:
        reason = "it is not UTF-8 text"
    return Unresolved(f"${{{reference}}}: {reason}", "a file that Rung may read", FaultKind.SECRET)
