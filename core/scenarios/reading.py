"""From the text of a scenario file to scenarios that can run, or to every fault at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.config import Config
from core.config.documents import Document, read_document
from core.config.faults import Place, path_text
from core.config.interpolation import Surroundings
from core.config.raw import Raw
from core.config.validation import validated_as
from core.scenarios.checks import check
from core.scenarios.payloads import Arrival, Payloads, ReadBody
from core.scenarios.scenario import Scenario, ScenarioFile

_WANTED = "a mapping with a list of scenarios"


@dataclass(frozen=True, slots=True)
class Ready:
    """A scenario that can run: where it stands, what comes in at each `alert` of what is given."""

    scenario: Scenario
    file: str
    line: int
    lines: Mapping[Place, int]  # of what is in it: ("given", 0), ("expect", 2)
    arrivals: Mapping[int, tuple[Arrival, ...]]


def document_of(file: str, text: str, surroundings: Surroundings) -> Document:
    """Give what the text of a scenario file says, read by the rules of config files."""
    return read_document(file, text, surroundings, _WANTED)


def read_from(document: Document, config: Config, read_body: ReadBody) -> list[Ready]:
    """Give the scenarios of a document. Raises ConfigError with all its faults.

    `read_body` gives the bytes of a payload by the path that is written; it may raise OSError.
    """
    raw = _raw(document)
    payloads = Payloads(config, read_body)
    found = validated_as(ScenarioFile, raw, lambda raw: check(raw, config, payloads))
    return [_ready(raw, index, each, payloads) for index, each in enumerate(found.scenarios)]


def _raw(document: Document) -> Raw:
    lines = {path_text(place): line for place, line in document.lines.items()}
    return Raw(
        folder=document.file,
        values=document.values,
        references=document.references,
        faults=tuple(replace(fault, line=fault.line or lines.get(fault.path)) for fault in document.faults),
        complete=document.is_readable,
        lines=document.lines,
    )


def _ready(raw: Raw, index: int, scenario: Scenario, payloads: Payloads) -> Ready:
    place: Place = ("scenarios", index)
    alerts = [number for number, given in enumerate(scenario.given) if given.alert is not None]
    steps = [("given", n) for n in range(len(scenario.given))] + [("expect", n) for n in range(len(scenario.expect))]
    return Ready(
        scenario=scenario,
        file=raw.folder,
        line=raw.line(place) or 1,
        lines={step: raw.line((*place, *step)) or 1 for step in steps},
        arrivals={number: payloads.at((*place, "given", number, "alert")) for number in alerts},
    )
