"""The generic source: JSON for whatever has no source of its own.

An object, a list of objects, or {"alerts": [objects]}; a form with the same fields works too. Upper and lower
case in field names do not matter. Only a title is required:

    {
      "title": "Disk full on db-01",        or message, summary, name
      "status": "firing",                   see below; without one it is firing
      "severity": "high",                   or priority, level; the config maps your words to Rung's four
      "dedup_key": "db-01-disk",            or id, key, alias, fingerprint
      "labels": {"host": "db-01"},          for routing and silences
      "link": "https://grafana.example/d/1",   or url
      "description": "96 % used"            or details, body, message
    }

status, or state:
    firing    firing, alerting, alert, triggered, trigger, open, opened, problem, down, error, failed,
              failing, failure, active, new, no data
    resolved  resolved, resolve, ok, recovered, recovery, closed, close, up, cleared, clear, normal, inactive
    test      test, testing: one message, no alert

A firing and its resolved need the same dedup_key. Without one the title is the key, together with the labels
when there are any: then both must be the same in both.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode
from core.sources.fields import SEVERITY_NAMES, as_object, as_text, first_key, first_text, severity_in
from core.sources.items import read_items
from core.sources.making import make, one_line, short_hash

TITLES = ("title", "message", "summary", "name")
DESCRIPTIONS = ("description", "details", "body", "message")
STATUSES = ("status", "state")
KEYS = ("dedup_key", "id", "key", "alias", "fingerprint")
LINKS = ("link", "url")

FIRING_WORDS = (
    "firing alerting alert triggered trigger open opened problem down error failed failing failure active new nodata"
)
RESOLVED_WORDS = "resolved resolve ok recovered recovery closed close up cleared clear normal inactive"
TEST_WORDS = "test testing"

_STATUS_OF = (
    {"": SignalStatus.FIRING}
    | dict.fromkeys(FIRING_WORDS.split(), SignalStatus.FIRING)
    | dict.fromkeys(RESOLVED_WORDS.split(), SignalStatus.RESOLVED)
    | dict.fromkeys(TEST_WORDS.split(), SignalStatus.TEST)
)


def read(webhook: Webhook) -> Reading:
    """Give one signal an object of the body. Raises UnreadableError."""
    return read_items(_items(decode(webhook)), lambda item: read_object(lower_names(item)))


def lower_names(item: Any) -> dict[str, Any]:
    """Give an object with its field names in lower case. Raises UnreadableError when it is no object."""
    return {name.lower(): value for name, value in as_object(item, "An alert").items()}


def read_object(fields: Mapping[str, Any]) -> Signal:
    """Read one alert whose field names are in lower case. Raises UnreadableError."""
    title = first_text(fields, *TITLES)
    if not title:
        raise UnreadableError('The alert has no title: send {"title": "what is wrong"} at least.')
    labels = labels_of(fields.get("labels"))
    return make(
        status_of(first_text(fields, *STATUSES)),
        first_key(fields, *KEYS) or _key_from(title, labels),
        title,
        severity=first_text(fields, *SEVERITY_NAMES) or severity_in(labels),
        description=first_text(fields, *DESCRIPTIONS),
        links=[fields.get(name) for name in LINKS],
        labels=labels,
    )


def status_of(word: str) -> SignalStatus:
    """Give the status a word means, whatever its case, spaces and decoration. Raises UnreadableError."""
    plain = "".join(filter(str.isalpha, word.lower()))
    if plain not in _STATUS_OF or (word and not plain):
        given = one_line(word, 40)
        raise UnreadableError(f"The status '{given}' is unknown: send firing, resolved or test.")
    return _STATUS_OF[plain]


def labels_of(value: Any) -> Mapping[str, Any]:
    """Give the labels; what is no object becomes one label, since an alert is worth more than its labels."""
    if isinstance(value, dict):
        return value
    return {"labels": value} if value else {}


def _items(payload: Any) -> Sequence[Any]:
    alerts = payload.get("alerts") if isinstance(payload, dict) else payload
    return alerts if isinstance(alerts, list) else [payload]


def _key_from(title: str, labels: Mapping[str, Any]) -> str:
    if not labels:
        return " ".join(title.split())
    # Two hosts may share a title: merged into one alert, the recovery of one would end the page of the other.
    return short_hash(title, *(f"{name}={as_text(labels[name])}" for name in sorted(labels)))
