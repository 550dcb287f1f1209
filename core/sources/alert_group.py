"""The body Alertmanager invented and Grafana took over: a group of alerts with labels and annotations.

Each alert speaks for itself: its own status (the group's is "firing" as long as one of them fires) and its
own fingerprint. Without a fingerprint (Alertmanager before 0.19) it is computed the way Alertmanager does,
so an upgrade of the sender does not change the identity of an open alert.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.signals import Signal, SignalStatus, UnreadableError
from core.sources.fields import as_object, as_text, first_key, first_text, object_at, severity_in
from core.sources.making import make, one_line, safe_link

TITLES = ("summary", "title", "message")
DESCRIPTIONS = ("description", "details", "message")
GRAFANA_RENAMES = ("DatasourceNoData", "DatasourceError")  # the rule's own name moves to the label rulename

_STATUSES = {"firing": SignalStatus.FIRING, "resolved": SignalStatus.RESOLVED}
_FNV_OFFSET = 0xCBF29CE484222325
_FNV_PRIME = 0x100000001B3
_FNV_MASK = 2**64 - 1


def alerts_in(group: Mapping[str, Any], sender: str) -> Sequence[Any]:
    """Give the alerts of a group; none is fine, no list of them is an UnreadableError."""
    if "alerts" not in group:
        raise UnreadableError(f"The body has no 'alerts': is this really a webhook of {sender}?")
    alerts = group["alerts"]
    if alerts is None:
        return ()
    if not isinstance(alerts, list):
        raise UnreadableError("'alerts' must be a list.")
    return alerts


def read_alert(item: Any, group: Mapping[str, Any], link_names: Sequence[str]) -> Signal:
    """Read one alert of a group. Raises UnreadableError when its status or its identity is missing."""
    alert = as_object(item, "An alert")
    labels = object_at(alert, "labels")
    annotations = object_at(alert, "annotations")
    key = first_key(alert, "fingerprint") or fingerprint(labels)
    return make(
        _status(alert, group),
        key,
        first_text(annotations, *TITLES) or _rule_name(labels) or first_text(annotations, *DESCRIPTIONS),
        severity=severity_in(labels),
        description=_description(annotations, group),
        links=[*(alert.get(name) for name in link_names), group.get("externalURL")],
        labels=labels,
    )


def fingerprint(labels: Mapping[str, Any]) -> str:
    """Give Alertmanager's own fingerprint of a label set. Raises UnreadableError when there are no labels."""
    if not labels:
        raise UnreadableError("The alert has neither a fingerprint nor labels: nothing identifies it.")
    total = _FNV_OFFSET
    for name in sorted(labels):
        for part in (name, as_text(labels[name])):
            for byte in part.encode("utf-8", "surrogatepass") + b"\xff":
                total = ((total ^ byte) * _FNV_PRIME) & _FNV_MASK
    return f"{total:016x}"


def _status(alert: Mapping[str, Any], group: Mapping[str, Any]) -> SignalStatus:
    word = first_text(alert, "status") or first_text(group, "status")
    try:
        return _STATUSES[word.lower()]
    except KeyError:
        given = one_line(word, 40)
        raise UnreadableError(f"The status must be firing or resolved, but is '{given}'.") from None


def _rule_name(labels: Mapping[str, Any]) -> str:
    name = first_text(labels, "alertname")
    rule = first_text(labels, "rulename")
    return f"{name}: {rule}" if name in GRAFANA_RENAMES and rule else name


def _description(annotations: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    text = first_text(annotations, *DESCRIPTIONS)
    lines = [
        "" if text == first_text(annotations, *TITLES) else text,
        _said("Grafana's reason for this state", first_text(annotations, "grafana_state_reason")),
        _said("Runbook", safe_link(annotations.get("runbook_url")) or ""),
        _said("Alerts the sender left out of this message", _left_out(group.get("truncatedAlerts"))),
    ]
    return "\n".join(filter(None, lines))


def _said(what: str, value: str) -> str:
    return f"{what}: {value}" if value else ""


def _left_out(count: Any) -> str:
    return str(count) if isinstance(count, int) and count > 0 else ""
