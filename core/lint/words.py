"""Findings as people read them in a terminal, and as JSON."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from core.lint.codes import FindingSeverity
from core.lint.finding import Finding

_HEADINGS = {
    FindingSeverity.ERROR: "Errors",
    FindingSeverity.WARNING: "Warnings",
    FindingSeverity.ADVICE: "Advice",
}
_COUNTED = {
    FindingSeverity.ERROR: ("error", "errors"),
    FindingSeverity.WARNING: ("warning", "warnings"),
    FindingSeverity.ADVICE: ("piece of advice", "pieces of advice"),
}
_LABEL = 9  # columns


def groups(findings: Sequence[Finding]) -> Iterator[tuple[str, FindingSeverity, list[Finding]]]:
    """Give the findings of each severity under its heading, the worst first; none that is empty."""
    for severity, heading in _HEADINGS.items():
        if found := [finding for finding in findings if finding.severity is severity]:
            yield heading, severity, found


def lines(finding: Finding, width: int) -> Iterator[str]:
    """Give what is said of a finding below its code."""
    if finding.place:
        yield f"  {finding.place}"
    for label, text in (("found", finding.found), ("so", finding.consequence), ("mend", finding.mend)):
        yield from _labelled(label, text, width)


def summary(findings: Sequence[Finding]) -> str:
    """Say how many findings there are: `2 warnings, 1 piece of advice`."""
    return ", ".join(f"{len(found)} {_COUNTED[severity][len(found) > 1]}" for _, severity, found in groups(findings))


def view(findings: Sequence[Finding]) -> dict[str, Any]:
    """Give findings as JSON."""
    counts = {severity.value: len(found) for _, severity, found in groups(findings)}
    return {
        "findings": [_view(finding) for finding in findings],
        "errors": counts.get("error", 0),
        "warnings": counts.get("warning", 0),
        "advice": counts.get("advice", 0),
    }


def _view(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code.value,
        "severity": finding.severity.value,
        "file": finding.file,
        "path": finding.path,
        "found": finding.found,
        "consequence": finding.consequence,
        "mend": finding.mend,
    }


def _labelled(label: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=f"  {label}".ljust(_LABEL),
        subsequent_indent=" " * _LABEL,
        break_long_words=False,
        break_on_hyphens=False,
    )
