"""A report as JSON: what the API answers, and what its text, its page and its mail are made from."""

from typing import Any

from core.budgets import Budget
from core.figures import Figures, Kept
from core.report import Report
from core.times import rfc3339


def report_view(report: Report) -> dict[str, Any]:
    """Give the report as JSON: times in RFC 3339 UTC, spans in seconds, shares from 0 to 1, hours of the zone."""
    figures = report.figures
    return {
        "report": report.kind.value,
        "from": rfc3339(figures.start),
        "to": rfc3339(figures.end),
        "timezone": report.zone,
        "made_at": rfc3339(report.made_at),
        "over": report.is_over,
        "kept_since": rfc3339(report.kept_since),
        "figures": figures_view(figures),
        "previous": {
            "from": rfc3339(report.previous.start),
            "to": rfc3339(report.previous.end),
            "figures": figures_view(report.previous),
        },
        "changes": [change.view() for change in report.changes],
        "budgets": [budget_view(budget) for budget in report.budgets],
        "series": report.series.view(),
        "open": report.standing,
        "snapshots": list(report.snapshots),
        "alerts": [named.view() for named in report.named],
        "alerts_in_all": report.named_in_all,
    }


def figures_view(figures: Figures) -> dict[str, Any]:
    """Give the figures of a window as JSON."""
    return {
        "alerts": {
            "opened": figures.opened,
            "reopened": figures.reopened,
            "acknowledged": figures.answered,
            "resolved": figures.resolved,
            "cleared_unacknowledged": figures.cleared_unanswered,
            "exhausted": figures.exhausted,
            "repeats": figures.repeats,
            "reminders": figures.reminders,
        },
        "time_to_acknowledge": figures.time_to_acknowledge.view(),
        "time_to_resolve": figures.time_to_resolve.view(),
        "severities": {
            name: {
                "opened": each.opened,
                "time_to_acknowledge": each.time_to_acknowledge.view(),
                "time_to_resolve": each.time_to_resolve.view(),
            }
            for name, each in figures.severities.items()
        },
        "levels": {
            name: {"fired": each.fired, "answered": each.answered, "time": each.time.view()}
            for name, each in figures.levels.items()
        },
        "channels": {
            name: {"sent": each.sent, "failed": each.failed, "latency": each.latency.view()}
            for name, each in figures.channels.items()
        },
        "people": {
            name: {"pages": each.pages, "night_pages": each.night_pages, "answered": each.answered}
            for name, each in figures.people.items()
        },
        "pages": {"count": figures.pages, "night": figures.night_pages, "by_hour": list(figures.pages_by_hour)},
        "sources": {name: {"opened": each.opened, "signals": each.signals} for name, each in figures.sources.items()},
        "sla": {
            **_kept(figures.sla),
            "clocks": {name: _kept(each) for name, each in figures.sla_by_clock.items()},
            "severities": {name: _kept(each) for name, each in figures.sla_by_severity.items()},
            "sources": {name: _kept(each) for name, each in figures.sla_by_source.items()},
            "labels": {name: _kept(each) for name, each in figures.sla_by_label.items()},
        },
    }


def budget_view(budget: Budget) -> dict[str, Any]:
    """Give one severity's budget in one period as JSON."""
    return {
        "severity": budget.severity,
        "from": rfc3339(budget.period.start),
        "to": rfc3339(budget.period.end),
        "over": budget.period.is_over,
        "allowed": budget.allowed,
        "used": budget.used,
        "left": budget.left,
        "compliant": budget.is_compliant,
        "gone_at": rfc3339(budget.gone_at) if budget.gone_at else None,
        "overdrawn_at": rfc3339(budget.overdrawn_at) if budget.overdrawn_at else None,
    }


def _kept(kept: Kept) -> dict[str, Any]:
    return {"kept": kept.kept, "breached": kept.breached, "share": kept.share}
