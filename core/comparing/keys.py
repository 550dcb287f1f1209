"""The keys of the config that are not the same in both, by their paths; never what stands there: it may be secret."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from core.config import Config

# What a simulation shows, or is told in words beside it; `*` is any name.
_TOLD = (
    "escalation.policies",
    "escalation.catch_all",
    "escalation.default_policy",
    "rotations",
    "people.*.quiet",
    "sources.*.policy",
    "sources.*.speedup",
    "sources.*.severities",
    "sources.*.default_severity",
    "severities",
    "teams",
    "routes",
    "silences",
    "maintenance",
    "heartbeats.*.interval",
    "heartbeats.*.grace",
    "heartbeats.*.severity",
    "heartbeats.*.policy",
    "response_tracking.acknowledgment_timeout",
    "response_tracking.timeouts.acknowledgment",
    "response_tracking.reminders",
    "response_tracking.sla_monitoring",
    "sla.definitions.*.acknowledgment_time",
    "sla.definitions.*.resolution_time",
    "sla.definitions.*.business_hours",
    "sla.business_hours",
    "sla.monitoring.warning_threshold",
    "sla.monitoring.notification_channels",
)
# Of these an entry that comes or goes is told in words.
_ENTRIES_TOLD = ("sources.*", "heartbeats.*", "sla.definitions.*")
# Sections a simulation shows, and of which a part may change all the same without anything to be seen.
_SHOWN = ("escalation.policies", "rotations", "teams")

Path = tuple[str, ...]
_MISSING = object()


def changed_keys(old: Config, new: Config) -> Iterator[str]:
    """Give the keys that were changed and that nothing else tells of; of one that is new or gone, that it is."""
    for path, what in _changed(old, new, ()):
        if not any(_is_within(path, told) for told in (*_TOLD, *(_ENTRIES_TOLD if what else ()))):
            yield f"{'.'.join(path)}{what}"


def all_changed_keys(old: Config, new: Config) -> Iterator[str]:
    """Give every key that was changed."""
    yield from (f"{'.'.join(path)}{what}" for path, what in _changed(old, new, ()))


def simulated_keys(old: Config, new: Config) -> Iterator[str]:
    """Give the policies, rotations and teams that were changed, such as `rotations.oncall`."""
    for section in _SHOWN:
        before, after = (_at(each, section) for each in (old, new))
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield f"{section}.{name}"


def _at(config: Config, section: str) -> Mapping[str, Any]:
    found: Any = config
    for name in section.split("."):
        found = getattr(found, name)
    return found  # type: ignore[no-any-return]


def _changed(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, str]]:
    before, after = _children(old), _children(new)
    if old == new:
        return
    if before is None or after is None:
        yield path, _come_or_gone(old, new)
        return
    for name in dict.fromkeys((*before, *after)):
        yield from _changed(before.get(name, _MISSING), after.get(name, _MISSING), (*path, name))


def _come_or_gone(old: Any, new: Any) -> str:
    if old is _MISSING:
        return " (new)"
    return " (gone)" if new is _MISSING else ""


def _children(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, BaseModel):
        return {**{name: getattr(value, name) for name in type(value).model_fields}, **(value.model_extra or {})}
    return {str(name): each for name, each in value.items()} if isinstance(value, Mapping) else None


def _is_within(path: Path, told: str) -> bool:
    parts = told.split(".")
    return len(path) >= len(parts) and all(part in {"*", name} for part, name in zip(parts, path, strict=False))
