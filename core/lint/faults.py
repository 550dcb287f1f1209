"""The faults that Rung refuses a config for, as findings: each group of them has a code and says what comes of it."""

from collections.abc import Iterable

from core.config.faults import Fault, FaultKind
from core.lint.codes import Code
from core.lint.finding import Finding

_REFUSED = "Rung does not start with it, and one that runs keeps the config it has."


FAULTS = frozenset(Code(kind.value) for kind in FaultKind)


def of_faults(faults: Iterable[Fault]) -> list[Finding]:
    """Give faults as findings, by place."""
    return sorted((_finding(fault) for fault in faults), key=lambda finding: finding.rank)


def is_unreadable(finding: Finding) -> bool:
    """Say whether the config could not even be read."""
    return finding.code in {Code.CONFIG_UNREADABLE, Code.SECRET_UNREADABLE}


def is_refused(finding: Finding) -> bool:
    """Say whether Rung refuses the config for it."""
    return finding.code in FAULTS


def _finding(fault: Fault) -> Finding:
    code = Code(fault.kind.value)
    return Finding(code, fault.path, fault.found, _REFUSED, f"Wanted: {fault.wanted}.", fault.file)
