"""Grafana's webhook contact point, and the dashboard alerts of Grafana 8 and earlier.

"No data" and "datasource error" fire like any alert. The Test button is a test whatever its status says. Of
the links the panel comes first: it shows what is wrong; the rule only says what was asked.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.alert_group import alerts_in, read_alert
from core.sources.body import decode
from core.sources.fields import as_object, first_key, first_text, object_at, severity_in
from core.sources.items import read_items
from core.sources.making import make, one_line

LINKS = ("panelURL", "dashboardURL", "generatorURL")

_LEGACY_TEST = "Test notification"
_LEGACY_STATES = {
    "alerting": SignalStatus.FIRING,
    "no_data": SignalStatus.FIRING,
    "ok": SignalStatus.RESOLVED,
    "paused": None,
    "pending": None,
}
_LEGACY_PREFIXES = ("[Alerting] ", "[No Data] ", "[OK] ")


def read(webhook: Webhook) -> Reading:
    """Give one signal an alert, none for a legacy rule that is pending or paused. Raises UnreadableError."""
    body = as_object(decode(webhook), "The body")
    if "alerts" not in body and "state" in body:
        return _read_legacy(body)
    return read_items(alerts_in(body, "Grafana"), lambda item: _read_unified(item, body))


def _read_unified(item: Any, group: Mapping[str, Any]) -> Signal:
    signal = read_alert(item, group, LINKS)
    return replace(signal, status=SignalStatus.TEST) if _is_test(signal, group) else signal


def _is_test(signal: Signal, group: Mapping[str, Any]) -> bool:
    # Real group keys begin with a brace; the labels are those of the button unless a user edits them.
    labels = (signal.labels.get("alertname"), signal.labels.get("instance"))
    return first_text(group, "groupKey").startswith("test-") or labels == ("TestAlert", "Grafana")


def _read_legacy(body: Mapping[str, Any]) -> Reading:
    status = _legacy_status(body)
    if status is None:
        return Reading(())
    key = first_key(body, "ruleId", "ruleName")
    if not key:
        raise UnreadableError("The body has neither 'ruleId' nor 'ruleName': nothing identifies the alert.")
    tags = object_at(body, "tags")
    signal = make(
        status,
        key,
        _legacy_title(body),
        severity=severity_in(tags),
        description=first_text(body, "message"),
        links=[body.get("ruleUrl")],
        labels=tags,
    )
    return Reading((signal,))


def _legacy_status(body: Mapping[str, Any]) -> SignalStatus | None:
    if first_text(body, "ruleName") == _LEGACY_TEST:
        return SignalStatus.TEST
    state = first_text(body, "state").lower()
    if state not in _LEGACY_STATES:
        wanted = ", ".join(_LEGACY_STATES)
        raise UnreadableError(f"The state must be one of {wanted}, but is '{one_line(state, 40)}'.")
    return _LEGACY_STATES[state]


def _legacy_title(body: Mapping[str, Any]) -> str:
    title = first_text(body, "title")
    # The state in front of it would still say "Alerting" once the alert is resolved.
    for prefix in _LEGACY_PREFIXES:
        title = title.removeprefix(prefix)
    return title or first_text(body, "ruleName")
