"""Whether an alert stood as expected at an instant: its status, policy, severity and routes."""

from collections.abc import Callable, Mapping

from core.alert import Alert
from core.scenarios.course import Course
from core.scenarios.expectation import Expectation, StatusWord
from core.scenarios.failure import Failure, conditions

_BESIDE: Mapping[StatusWord, Callable[[Alert], bool]] = {
    StatusWord.EXHAUSTED: lambda alert: alert.exhausted,
    StatusWord.SUPPRESSED: lambda alert: alert.suppressed,
    StatusWord.SNOOZED: lambda alert: alert.snoozed_until is not None,
}


def judge_state(expectation: Expectation, line: int, course: Course) -> Failure | None:
    """Give the failure of an expectation about how an alert stands, None when it is met."""
    kind, at = expectation.kind, course.instant(expectation.at) if expectation.at else course.end
    wanted = str(getattr(expectation, kind))
    alert = course.alert(expectation.alert, at)
    if alert is not None and _stands(kind, wanted, alert):
        return None
    when = f" at {expectation.at.text}" if expectation.at else " in the end"
    got = (_said(kind, alert) or f"no {kind}") if alert else "no alert yet"
    what = f"{kind} {wanted}{conditions(expectation)}"
    return Failure(line, what, when, got, at, state=f"{kind} {got}" if alert else got)


def _stands(kind: str, wanted: str, alert: Alert) -> bool:
    if kind == "status" and wanted == StatusWord.UNANSWERED:
        return alert.is_unanswered
    return wanted in _words(kind, alert)


def _said(kind: str, alert: Alert) -> str:
    return " and ".join(_words(kind, alert))


def _words(kind: str, alert: Alert) -> list[str]:
    if kind == "status":
        return [alert.status.value, *(word.value for word, holds in _BESIDE.items() if holds(alert))]
    return {"policy": [alert.policy_name], "severity": [alert.severity.value], "route": list(alert.routes)}[kind]
