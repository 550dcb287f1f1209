"""SLA clocks for tests: those of the requirement's numbers, which are the default config's."""

from datetime import timedelta
from pathlib import Path

from core import sla
from core.adapters.config_files import load
from core.config import Config
from core.holidays import HolidayCalendar
from core.severity import Severity
from core.sla_rules import SlaRules
from tests.duties import utc
from tests.samples import config_dict

DEFAULT = load(Path(__file__).parents[1] / "config", {})
RULES = SlaRules.of(DEFAULT, HolidayCalendar())
FRIDAY = utc("2026-11-20T16:30")
MONDAY = utc("2026-11-23T10:00")


def policy(severity):
    return DEFAULT.escalation.policies[severity]


def started(severity="critical", at=MONDAY, rules=RULES):
    return sla.started(Severity(severity), at, policy(severity), rules)


def raised(state, severity, now, rules=RULES):
    return sla.raised(state, Severity(severity), policy(severity), now, rules)


def later(seconds, start=MONDAY):
    return start + timedelta(seconds=seconds)


def marks(state, kind):
    clock = state.clock(kind)
    return clock.at_risk_at, clock.deadline


def statuses(state, now):
    view = sla.sla_view(state, now)
    return {name: clock and clock["status"] for name, clock in view.items() if name != "status"}


def rules_with(calendar=None, **sections):
    config = Config.model_validate(config_dict(**sections))
    return SlaRules.of(config, calendar or HolidayCalendar())
