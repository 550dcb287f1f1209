"""Reminders and SLA notices that were decided and have nothing to say any more when their turn comes to be sent."""

from core.alert import Alert
from core.decision import NotificationKind
from core.ledger import Entry
from core.reminders import ReminderKind
from core.rules import Rules
from core.score_words import is_about_sla, is_asked_again, named_in, reminds_of
from core.sla_clock import SlaStatus
from core.store import Claim

_OVER = "it is resolved"


def why_moot(claim: Claim, rules: Rules) -> str | None:
    """Say why a reminder or an SLA notice is not sent any more, None when it is, and for everything else."""
    alert, entry = claim.alert, claim.entry
    if entry.kind is NotificationKind.REMINDER:
        return _of_reminder(claim, rules)
    if is_asked_again(entry.reason) and entry.kind is NotificationKind.PAGE:
        return _of_page(claim)  # that nobody has answered was seen to when it was claimed
    if entry.kind is NotificationKind.NOTICE and is_about_sla(entry.reason):
        return _OVER if not alert.is_open else _of_warning(alert, entry)
    return None


def _of_reminder(claim: Claim, rules: Rules) -> str | None:
    alert, entry, owner = claim.alert, claim.entry, claim.alert.acknowledged_by
    if not alert.is_open:
        return _OVER
    if owner is None:
        return "nobody has it any more"
    if alert.snoozed_until is not None or alert.suppressed:
        return "it is snoozed" if alert.snoozed_until is not None else "it is silenced"
    if owner != claim.key.responder and owner in rules.config.people:
        return f"{owner} has it"
    is_told = alert.updated_at is not None and alert.updated_at > entry.queued_at
    return "there was an update" if is_told and not reminds_of(entry.reason, ReminderKind.RESOLUTION) else None


def _of_page(claim: Claim) -> str | None:
    if claim.alert.suppressed:
        return "it is silenced"
    return "another firing asks for an answer by now" if claim.alert.cause > claim.key.event else None


def _of_warning(alert: Alert, entry: Entry) -> str | None:
    """Say so when all that it warns of was met meanwhile. A breach is told, whoever answered since."""
    warned = named_in(entry.reason, SlaStatus.AT_RISK)
    if named_in(entry.reason, SlaStatus.BREACHED) or alert.sla is None:
        return None
    clocks = [clock for clock in alert.sla.clocks if clock.kind in warned]
    return "it was met meanwhile" if clocks and all(clock.met_at for clock in clocks) else None
