"""Silences and one alert: it goes under the silence that covers it, and comes out when none does any more."""

from datetime import datetime

from core.alert import Alert
from core.commands import Suppress, Unsuppress
from core.decision import Draft
from core.rules import Rules
from core.timeline import EventKind
from core.times import rfc3339

COVERED_NO_MORE = "no silence covers it any more"


def settle_silence(draft: Draft, rules: Rules) -> None:
    """See whether a silence covers the alert now. One that somebody put it under by hand is left as it is."""
    alert = draft.alert
    if alert.is_suppressed_by_hand:
        return
    silenced = rules.silenced(alert, draft.now)
    if silenced is not None:
        cover(draft, silenced.reason, silenced.until)
    elif alert.suppressed:
        uncover(draft, COVERED_NO_MORE)


def reviewed(alert: Alert, now: datetime, rules: Rules) -> Suppress | Unsuppress | None:
    """Give what lets an open alert show which silence covers it now; None when it shows that already."""
    if alert.is_suppressed_by_hand:
        return None
    silenced = rules.silenced(alert, now)
    if silenced is None:
        return Unsuppress(COVERED_NO_MORE) if alert.suppressed else None
    shown = (alert.suppressed, alert.suppressed_until, alert.suppressed_reason)
    return None if shown == (True, silenced.until, silenced.reason) else Suppress(silenced.reason, silenced.until)


def cover(draft: Draft, reason: str, until: datetime | None) -> None:
    """Put it under a silence; the ladder waits. Said once, and again only when it began anew."""
    alert = draft.alert
    if not alert.suppressed:
        draft.record(EventKind.SUPPRESSED, reason=reason, until=rfc3339(until) if until else None)
    if (alert.suppressed, alert.suppressed_until, alert.suppressed_reason) != (True, until, reason):
        draft.change(suppressed=True, suppressed_until=until, suppressed_reason=reason)


def uncover(draft: Draft, reason: str) -> None:
    """Take it out from under a silence."""
    draft.record(EventKind.UNSUPPRESSED, reason=reason)
    draft.change(suppressed=False, suppressed_until=None, suppressed_reason="")
