"""Document: one YAML file as plain mappings, lists and texts. What a text means, only the schema decides.

So `17:00` stays a time, `+1555...` a phone number and `no` a word, and `${...}` gives what a text gives.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from core.config.faults import Fault, FaultKind, Place, path_text
from core.config.interpolation import Surroundings, interpolate
from core.config.raw import Raw

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OUR_TAG = "tag:yaml.org,2002:"
_QUOTED = re.compile(r" ?'[^'\s]{2,}'")
_DEEPEST = 100  # a composer calls itself for each level; far below this the process would die of it
_MOST = 250_000  # values, those that aliases repeat among them; long texts count as several
_LONG = 100  # characters


class _TooMuchError(Exception):
    """Aliases repeat aliases until no memory would hold them; the file is not read any further."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, and in which lines. Of one that `is_readable` says no of, only the faults mean something."""

    file: str
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    references: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict, repr=False)
    faults: list[Fault] = field(default_factory=list)
    is_readable: bool = True


def read_document(
    file: str, text: str, surroundings: Surroundings, wanted: str = "a mapping of sections such as escalation"
) -> Document:
    """Read the text of a file whose name is `file`; `wanted` says what a file holds."""
    try:
        if _is_too_deep(text):
            return unreadable_document(file, f"mappings and lists more than {_DEEPEST} deep", "fewer inside each other")
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return Document(file, faults=[_syntax_fault(file, error)], is_readable=False)
    document = Document(file)
    if node is None:
        return document
    if not isinstance(node, yaml.MappingNode):
        return unreadable_document(file, "no mapping", wanted)
    try:
        document.values.update(_Reader(document, surroundings).value(node, ()))
    except _TooMuchError:
        return unreadable_document(file, f"more than {_MOST} values, with those that aliases repeat", "fewer")
    return document


def unreadable_document(file: str, reason: str, wanted: str = "a YAML file that Rung may read") -> Document:
    """Give the document of a file that could not be read at all."""
    return Document(file, faults=[Fault(file, "", reason, wanted, FaultKind.UNREADABLE)], is_readable=False)


def _is_too_deep(text: str) -> bool:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return True
    return False


def _syntax_fault(file: str, error: yaml.YAMLError) -> Fault:
    """Tell where YAML stopped. Words of the file are left out, since they may be a secret."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    line = f"{file}:{mark.line + 1}" if mark else file
    told = _QUOTED.sub("", str(problem))
    return Fault(line, "", f"YAML that cannot be read ({told})", "valid YAML", FaultKind.UNREADABLE)


class _Reader:
    """Turns the nodes of one document into values."""

    def __init__(self, document: Document, surroundings: Surroundings) -> None:
        self._document = document
        self._surroundings = surroundings
        self._open: set[int] = set()
        self._left = _MOST

    def value(self, node: yaml.Node, place: Place) -> Any:
        self._count(node)
        if not node.tag.startswith(_OUR_TAG):
            wanted = "a value without a tag (put a text that starts with ! in quotes)"
            return self._fault(place, "a YAML tag", wanted, FaultKind.YAML)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, place)
        if id(node) in self._open:
            return self._fault(place, "an alias that stands inside itself", "a value", FaultKind.YAML)
        self._open.add(id(node))
        inside = self._mapping(node, place) if isinstance(node, yaml.MappingNode) else self._list(node, place)
        self._open.discard(id(node))
        return inside

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        lines: dict[str, int] = {}
        values = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            line = key_node.start_mark.line + 1
            if lines.setdefault(key, line) != line or key in values:
                found = f"the key twice, in lines {lines[key]} and {line}"
                self._fault((*place, key), found, "it once", FaultKind.TWICE)
            self._document.lines[*place, key] = line
            values[key] = self.value(value_node, (*place, key))
        return values

    def _list(self, node: yaml.Node, place: Place) -> list[Any]:
        for index, item in enumerate(node.value):
            self._document.lines[*place, index] = item.start_mark.line + 1
        return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> str | None:
        if node.tag == f"{_OUR_TAG}null":
            return None
        result = interpolate(node.value, self._surroundings)
        if result.names:
            self._document.references[place] = result.names
        for unresolved in result.unresolved:
            self._fault(place, unresolved.found, unresolved.wanted, unresolved.kind)
        return result.text

    def _count(self, node: yaml.Node) -> None:
        self._left -= 1 + (len(node.value) // _LONG if isinstance(node, yaml.ScalarNode) else 0)
        if self._left < 0:
            raise _TooMuchError

    def _fault(self, place: Place, found: str, wanted: str, kind: FaultKind) -> None:
        self._document.faults.append(Fault(self._document.file, path_text(place), found, wanted, kind))


def combined(folder: str, documents: list[Document]) -> Raw:
    """Put the documents of a folder together. A top-level key belongs to the first file that has it."""
    files: dict[str, str] = {}
    faults: list[Fault] = []
    for document in documents:
        faults += document.faults
        for key in document.values:
            if files.setdefault(key, document.file) != document.file:
                found = f"the key also in {files[key]}"
                faults.append(Fault(document.file, key, found, "it in one file only", FaultKind.TWICE))
    return Raw(
        folder=folder,
        values={key: value for document in reversed(documents) for key, value in document.values.items()},
        files=files,
        references={place: names for document in reversed(documents) for place, names in document.references.items()},
        faults=tuple(faults),
        complete=all(document.is_readable for document in documents),
    )
