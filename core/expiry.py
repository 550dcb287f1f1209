"""An acknowledgment that runs out: whoever has the alert says nothing for too long, and it goes back on the ladder.

Off unless `response_tracking.acknowledgment_expires` says after how long. An update begins it anew; while the alert is
snoozed or silenced nothing runs out.
"""

from datetime import datetime, timedelta

from core.alert import ANSWERED, Alert, Status
from core.climbing import fire_again
from core.decision import Draft
from core.rules import Rules
from core.times import say_duration


def expires_at(alert: Alert, rules: Rules) -> datetime | None:
    """Give when the acknowledgment runs out if nobody says anything, None for never."""
    after = rules.config.response_tracking.acknowledgment_expires
    is_quiet = alert.snoozed_until is not None or alert.suppressed
    if after is None or is_quiet or alert.status not in ANSWERED or alert.told_at is None:
        return None
    return alert.told_at + timedelta(seconds=after)


def expire(draft: Draft, rules: Rules) -> bool:
    """Fire the same level again when the acknowledgment has run out; say whether it has."""
    alert = draft.alert
    ends_at = expires_at(alert, rules)
    if ends_at is None or alert.told_at is None or ends_at > draft.now:
        return False
    silent_for = say_duration(draft.now - alert.told_at)
    reason = f"the acknowledgment by {alert.acknowledged_by} ran out: no update for {silent_for}"
    status = Status.ESCALATED if alert.firings else Status.PENDING
    draft.change(status=status, acknowledged_at=None, acknowledged_by=None, updated_at=None)
    fire_again(draft, rules, {"reason": reason})
    return True
