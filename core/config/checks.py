"""What must hold between sections. Checked as written, so it is told beside the schema's own faults."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from core.config.base import parse_switch
from core.config.channels import placeholders
from core.config.faults import Fault, FaultKind, path_text
from core.config.heartbeats import HEARTBEAT
from core.config.names import hint, names_in
from core.config.people import NO_CONTACTS
from core.config.raw import Raw, shown_text, value_at
from core.config.route_checks import ROUTE_CHECKS
from core.config.severities import normal_word
from core.config.sources import KINDS
from core.severity import Severity

# Where names are written, the sections that must hold them, and what they name.
_REFERENCES = (
    ("escalation.policies.*.levels.*.responders.*", ("people", "rotations"), "a person or a rotation"),
    ("escalation.policies.*.levels.*.notification_channels.*", ("channels",), "a channel"),
    ("escalation.catch_all.*", ("people", "rotations"), "a person or a rotation"),
    ("escalation.default_policy", ("escalation.policies",), "a policy"),
    ("rotations.*.members.*", ("people",), "a person"),
    ("rotations.*.members.*.name", ("people",), "a person"),
    ("rotations.*.layers.*.members.*", ("people",), "a person"),
    ("rotations.*.layers.*.members.*.name", ("people",), "a person"),
    ("people.*.prefer.*", ("channels",), "a channel"),
    ("people.*.quiet.*.*", ("channels",), "a channel"),
    ("sources.*.policy", ("escalation.policies",), "a policy"),
    ("routes.*.policy", ("escalation.policies",), "a policy"),
    ("heartbeats.*.policy", ("escalation.policies",), "a policy"),
    ("routes.*.team", ("teams",), "a team"),
    ("teams.*.*", ("people", "rotations"), "a person or a rotation"),
    ("response_tracking.sla_monitoring.notification_channels.*", ("channels",), "a channel"),
    ("response_tracking.reminders.channels.*", ("channels",), "a channel"),
    ("sla.monitoring.notification_channels.*", ("channels",), "a channel"),
)
_NEVER_EMPTY = (
    ("escalation.policies.*.levels.*.responders", "a list of at least one person or rotation"),
    ("escalation.policies.*.levels.*.notification_channels", "a list of at least one channel"),
)


def check(raw: Raw) -> list[Fault]:
    """Give the faults between sections; of a section that is no mapping nothing is concluded."""
    return [replace(fault, kind=kind) for find, kind in (*_CHECKS, *ROUTE_CHECKS) for fault in find(raw)]


def _references(raw: Raw) -> Iterator[Fault]:
    for pattern, sections, what in _REFERENCES:
        names = names_in(raw, sections)
        for place, value in raw.matching(pattern):
            if names is not None and isinstance(value, str) and value not in names:
                yield raw.fault(place, f"{what}{hint(value, names)}")


def _empty_lists(raw: Raw) -> Iterator[Fault]:
    for pattern, wanted in _NEVER_EMPTY:
        yield from (raw.fault(place, wanted) for place, value in raw.matching(pattern) if value == [])


def _clashes(raw: Raw) -> Iterator[Fault]:
    people = names_in(raw, ["people"]) or []
    for name in names_in(raw, ["rotations"]) or []:
        if name in people:
            yield raw.fault(("rotations", name), "a name that no person has", "a person of the same name")
    if raw.values.get("heartbeats") and HEARTBEAT in (names_in(raw, ["sources"]) or []):
        wanted = "another name, since alerts of heartbeats have this source"
        yield raw.fault(("sources", HEARTBEAT), wanted, f"the key {shown_text(HEARTBEAT)}")
    for name in names_in(raw, ["mappings"]) or []:
        if name in KINDS:
            wanted = "another name, since Rung reads this sender without a mapping"
            yield raw.fault(("mappings", name), wanted, f"the key {shown_text(name)}")


def _types(raw: Raw) -> Iterator[Fault]:
    """See that each source is of a type there is."""
    mappings = names_in(raw, ["mappings"]) or []
    for place, source in raw.matching("sources.*"):
        written = source.get("type", place[1]) if isinstance(source, Mapping) else None
        if isinstance(written, str) and written not in (*KINDS, *mappings):
            wanted = f"a type, which is the source's name when left out{hint(written, [*KINDS, *mappings])}"
            yield raw.fault((*place, "type"), wanted)


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
    contacts = sorted(fields - NO_CONTACTS)
    for place, url in raw.matching("channels.*.url"):
        for unknown in sorted(placeholders(str(url)) - set(contacts)):
            yield raw.fault(place, f"only placeholders of contacts that people have{hint(unknown, contacts)}")


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


def _holidays(raw: Raw) -> Iterator[Fault]:
    written = raw.values.get("holidays")
    if written is not None and not (isinstance(written, Mapping) and not any(written.values())):
        return
    patterns = ("rotations.*.restrictions.*.holidays", "rotations.*.layers.*.restrictions.*.holidays")
    counted = [place for pattern in patterns for place, value in raw.matching(pattern) if value in ("only", "excluded")]
    if counted:
        yield raw.fault(("holidays",), f"countries or dates, since {path_text(counted[0])} counts on them")


_CHECKS: tuple[tuple[Callable[[Raw], Iterator[Fault]], FaultKind], ...] = (
    (_references, FaultKind.NAME),
    (_empty_lists, FaultKind.EMPTY_LEVEL),
    (_clashes, FaultKind.NAME_TAKEN),
    (_types, FaultKind.NAME),
    (_words, FaultKind.NAME_TAKEN),
    (_placeholders, FaultKind.PLACEHOLDER),
    (_credentials, FaultKind.CREDENTIALS),
    (_business_hours, FaultKind.SECTION),
    (_holidays, FaultKind.SECTION),
)
