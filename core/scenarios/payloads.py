"""What comes in: the signals of each alert that is given, made as the way in makes them, and what people call them.

An alert is called by its key, else by its title; of a webhook's body by the key that its source gives it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.config import Config
from core.config.faults import Fault, Place
from core.config.raw import Raw
from core.signals import Reading, Signal, UnreadableError
from core.sources.filed import read_filed
from core.sources.generic import read_object

_BESIDE_PAYLOAD = frozenset({"payload", "source", "key"})
_DESCRIBED = ("title", "severity", "description")
_FILE = "a file with the body of a webhook; its path begins where this file is"

ReadBody = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A signal that comes in, from a source, and what its alert is called."""

    name: str
    source: str
    signal: Signal


class Payloads:
    """Reads what is given. `read_body` gives the bytes of a file; it may raise OSError."""

    def __init__(self, config: Config, read_body: ReadBody) -> None:
        """Take the config, which says how a source's bodies are read."""
        self._config = config
        self._read_body = read_body
        self._found: dict[Place, tuple[Arrival, ...]] = {}

    def at(self, place: Place) -> tuple[Arrival, ...]:
        """Give what comes in at an `alert` that was read."""
        return self._found[place]

    def read(self, raw: Raw, scenario: Place) -> list[Fault]:
        """Read the alerts of a scenario; give the faults of those that cannot be read."""
        faults: list[Fault] = []
        for place, written in raw.matching("given.*.alert", scenario):
            if isinstance(written, Mapping) and _is_plain(written):
                self._found[place], more = self._arrivals(raw, place, written)
                faults += more
        return [*faults, *self._mistaken(raw, scenario)]

    def names(self, scenario: Place) -> tuple[str, ...]:
        """Give what the alerts of a scenario are called, each once."""
        return tuple(dict.fromkeys(each.name for _, each in self._of(scenario)))

    def _arrivals(self, raw: Raw, place: Place, written: Mapping[str, Any]) -> tuple[tuple[Arrival, ...], list[Fault]]:
        source, key = str(written.get("source") or "generic"), written.get("key")
        if not written.get("payload"):
            signal = _described(written)
            return (Arrival(str(key or signal.title), source, signal),), []
        more = [name for name in written if name not in _BESIDE_PAYLOAD]
        if more:
            return (), [raw.fault((*place, more[0]), "beside payload only source and key", f"the key {more[0]}")]
        reading, problem = self._read(source, str(written["payload"]))
        if reading is None:
            return (), [raw.fault((*place, "payload"), _FILE, problem)]
        keys = list(dict.fromkeys(signal.dedup_key for signal in reading.signals))
        if key and len(keys) > 1:
            wanted = f"no key, since the body is about {len(keys)} alerts: {', '.join(keys)}"
            return (), [raw.fault((*place, "key"), wanted)]
        return tuple(Arrival(str(key or each.dedup_key), source, each) for each in reading.signals), []

    def _read(self, source: str, path: str) -> tuple[Reading | None, str]:
        """Give what a body says, or None and what is wrong with it."""
        if source not in self._config.sources:
            return None, f"a body for the source {source}, which config does not have"
        try:
            reading = read_filed(self._config, source, self._read_body(path))
        except OSError as error:
            return None, f"{path}: {error.strerror or 'it cannot be read'}"
        except UnreadableError as error:
            return None, f"{path}, which {source} cannot read: {error}"
        if reading.bad_items:
            bad = reading.bad_items[0]
            return None, f"{path}, of which {source} cannot read item {bad.index + 1}: {bad.reason}"
        return reading, ""

    def _mistaken(self, raw: Raw, scenario: Place) -> Iterator[Fault]:
        """Tell of a name that stands for two alerts, so that nobody knows which of them is meant."""
        meant: dict[str, tuple[str, str]] = {}
        for place, each in self._of(scenario):
            identity = (each.source, each.signal.dedup_key)
            if meant.setdefault(each.name, identity) != identity:
                yield raw.fault((*place, "key"), f"a key, since another alert is called {each.name} too")

    def _of(self, scenario: Place) -> Iterator[tuple[Place, Arrival]]:
        for place, arrivals in self._found.items():
            if place[: len(scenario)] == scenario:
                yield from ((place, each) for each in arrivals)


def _described(written: Mapping[str, Any]) -> Signal:
    fields = {name: written[name] for name in _DESCRIBED if written.get(name)}
    return read_object({"title": "Alert", **fields, "dedup_key": written.get("key"), "labels": written.get("labels")})


def _is_plain(written: Mapping[str, Any]) -> bool:
    """Say whether everything is a text where one belongs; otherwise the schema tells."""
    labels = written.get("labels") or {}
    texts = [value for name, value in written.items() if name != "labels"]
    return isinstance(labels, Mapping) and all(isinstance(each, str | None) for each in (*texts, *labels.values()))
