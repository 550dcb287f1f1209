"""What must hold between sections. Checked as written, so it is told beside the schema's own faults."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from core.config.base import parse_switch
from core.config.channels import placeholders
from core.config.faults import Fault, path_text
from core.config.raw import Raw, value_at
from core.config.severities import normal_word
from core.severity import Severity

# Where names are written, the sections that must hold them, and what they name.
_REFERENCES = (
    ("escalation.policies.*.levels.*.responders.*", ("people", "rotations"), "a person or a rotation"),
    ("escalation.policies.*.levels.*.notification_channels.*", ("channels",), "a channel"),
    ("escalation.catch_all.*", ("people", "rotations"), "a person or a rotation"),
    ("escalation.default_policy", ("escalation.policies",), "a policy"),
    ("rotations.*.members.*", ("people",), "a person"),
    ("sources.*.policy", ("escalation.policies",), "a policy"),
    ("response_tracking.sla_monitoring.notification_channels.*", ("channels",), "a channel"),
    ("response_tracking.reminders.channels.*", ("channels",), "a channel"),
    ("sla.monitoring.notification_channels.*", ("channels",), "a channel"),
)
_NEVER_EMPTY = (
    ("escalation.policies.*.levels.*.responders", "a list of at least one person or rotation"),
    ("escalation.policies.*.levels.*.notification_channels", "a list of at least one channel"),
)
_MAY_BE_ABSENT = frozenset({"rotations"})


def check(raw: Raw) -> list[Fault]:
    """Give the faults between sections; of a section that is no mapping nothing is concluded."""
    checks = (_references, _empty_lists, _clashes, _words, _placeholders, _credentials, _business_hours)
    return [fault for one in checks for fault in one(raw)]


def _references(raw: Raw) -> Iterator[Fault]:
    for pattern, sections, what in _REFERENCES:
        names = _names(raw, sections)
        for place, value in raw.matching(pattern):
            if names is not None and isinstance(value, str) and value not in names:
                yield raw.fault(place, f"{what}{_hint(value, names)}")


def _names(raw: Raw, sections: Iterable[str]) -> list[str] | None:
    names: list[str] = []
    for section in sections:
        entries = value_at(raw.values, tuple(section.split(".")))
        if entries is None and section in _MAY_BE_ABSENT:
            continue
        if not isinstance(entries, Mapping):
            return None
        names += entries
    return names


def _hint(value: str, names: Iterable[str]) -> str:
    nearest = difflib.get_close_matches(value, names, n=1)
    return f" (did you mean {nearest[0]}?)" if nearest else f": one of {', '.join(names)}"


def _empty_lists(raw: Raw) -> Iterator[Fault]:
    for pattern, wanted in _NEVER_EMPTY:
        yield from (raw.fault(place, wanted) for place, value in raw.matching(pattern) if value == [])


def _clashes(raw: Raw) -> Iterator[Fault]:
    people = _names(raw, ["people"]) or []
    for name in _names(raw, ["rotations"]) or []:
        if name in people:
            yield raw.fault(("rotations", name), "a name that no person has", "a person of the same name")


def _words(raw: Raw) -> Iterator[Fault]:
    owners = {severity.value: severity.value for severity in Severity}
    for place, value in raw.matching("severities.words.*.*"):
        severity = str(place[2])
        owner = owners.setdefault(normal_word(str(value)), severity)
        if owner != severity:
            yield raw.fault(place, f"a word of one severity only, and {owner} has it")


def _placeholders(raw: Raw) -> Iterator[Fault]:
    people = value_at(raw.values, ("people",))
    if not isinstance(people, Mapping):
        return
    fields = {field for _, person in raw.matching("people.*") if isinstance(person, Mapping) for field in person}
    contacts = sorted(fields - {"name"})
    for place, url in raw.matching("channels.*.url"):
        for unknown in sorted(placeholders(str(url)) - set(contacts)):
            yield raw.fault(place, f"only placeholders of contacts that people have{_hint(unknown, contacts)}")


def _credentials(raw: Raw) -> Iterator[Fault]:
    urls = {place: url for place, url in raw.matching("channels.*.url") if isinstance(url, str)}
    is_outbox = _is_on(raw.values.get("outbox", False)) is not False
    if is_outbox or not any(url.strip() for url in urls.values()):
        return
    for place, url in urls.items():
        if not url.strip():
            variables = ", ".join(raw.references.get(place, ())) or "it"
            wanted = (
                f"the channel's Apprise URL, since other channels have theirs: set {variables}, remove the "
                f'channel, or write "{place[1]}: false" to go on without it'
            )
            yield raw.fault(place, wanted)


def _is_on(value: object) -> bool | None:
    """Read a switch; None when it is none, which the schema tells."""
    try:
        return parse_switch(value)
    except ValueError:
        return None


def _business_hours(raw: Raw) -> Iterator[Fault]:
    if value_at(raw.values, ("sla", "business_hours")) is not None:
        return
    counted = [place for place, value in raw.matching("sla.definitions.*.business_hours") if _is_on(value)]
    if counted:
        wanted = f"start_time, end_time and weekdays, since {path_text(counted[0])} counts in them"
        yield raw.fault(("sla", "business_hours"), wanted)
