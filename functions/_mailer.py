"""The mailer makes the reports that are due and sends them, each once, whoever else tries; and takes the snapshots.

It runs in a process of its own that ends: charts need a library that no long-lived process should hold.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.adapters.redis_reports import Claimed
from core.channel_text import ContactError
from core.dispatcher import Sender
from core.mailing import Mail, due_reports, is_late, judge, late_notice, mail_address, name_of
from core.outcomes import Message, Outcome, OutcomeKind
from core.report import make_report
from core.report_page import charts_shown
from core.report_times import Due, Schedule, last_due, snapshot_slot
from core.report_view import report_view
from core.tally import figures
from core.times import from_epoch, rfc3339
from core.wiring import Rung
from functions._report_html import address, mail

log = logging.getLogger("rung.reports")

_TOKEN_BYTES = 6
_UTC = ZoneInfo("UTC")

Draw = Callable[[Mapping[str, Any], tuple[str, ...]], dict[str, bytes]]


class Mailer:
    """One round of sending what is due. `draw` gives the charts of a report."""

    def __init__(self, rung: Rung, sender: Sender, draw: Draw) -> None:
        """Take the parts of this process."""
        self._rung = rung
        self._sender = sender
        self._draw = draw

    def send_what_is_due(self) -> int:
        """Send every report that is due and that nobody else sends, and say how many mails went out."""
        now = self._rung.facts.now()
        since = self._rung.reports.since()
        due = list(due_reports(self._rung.config, since, now))
        return sum(self._send(schedule, each, since) for schedule, each in due)

    def take_snapshot(self) -> bool:
        """Count what is open now, once for each interval; say whether this was the one."""
        rung, interval = self._rung, self._rung.config.reporting.metrics_interval
        slot = snapshot_slot(rung.facts.now(), interval)
        if from_epoch(slot) <= rung.reports.since() or rung.reports.has_snapshot(slot):
            return False
        start, end = from_epoch(slot - interval), from_epoch(slot)
        found = figures(rung.facts.between(start, end), start, end, _UTC)
        counted: dict[str, Any] = rung.reports.count_open()
        return rung.reports.add_snapshot(
            slot, counted | {"opened": found.opened, "mtta": found.time_to_acknowledge.mean}
        )

    def _send(self, schedule: Schedule, due: Due, since: datetime) -> int:
        rung = self._rung
        keep = timedelta(seconds=rung.config.retention.facts)
        claimed = rung.reports.claim(name_of(due), secrets.token_urlsafe(_TOKEN_BYTES), due.end, keep)
        if claimed is None:
            return 0
        now = rung.facts.now()
        message = self._message(schedule, due, since, now)
        mails = {
            recipient: self._send_one(claimed, due, recipient, message, now)
            for recipient in schedule.recipients
            if recipient not in claimed.settled
        }
        waits = [mail.retry_in for mail in mails.values() if mail.retry_in is not None]
        rung.reports.finish(claimed, min(waits) if waits else None)
        return sum(mail.state == "sent" for mail in mails.values())

    def _message(self, schedule: Schedule, due: Due, since: datetime, now: datetime) -> Message:
        rung = self._rung
        view = report_view(make_report(rung.facts, rung.config, due, now))
        missed = last_due(schedule, due.start)
        was_sent = missed.end <= since or rung.reports.is_done(name_of(missed))
        url = rung.settings.public_url
        there = address(url, missed.kind.value, rfc3339(missed.start), rfc3339(missed.end))
        notice = late_notice(due, now, rung.config.timezone, "" if was_sent else there)
        charts = self._draw(view, charts_shown(view))
        return mail(view, charts, url, with_details=schedule.with_details, notice=notice)

    def _send_one(self, claimed: Claimed, due: Due, recipient: str, message: Message, now: datetime) -> Mail:
        outcome = self._outcome(recipient, message)
        became = judge(outcome, claimed.attempt)
        noted = {"state": became.state, "reason": became.reason, "late": is_late(due, now)}
        self._rung.reports.note(claimed, recipient, {**noted, "again": became.retry_in is not None})
        level = {"sent": logging.INFO, "waiting": logging.WARNING}.get(became.state, logging.ERROR)
        more = f" ({became.reason})" if became.reason else ""
        log.log(level, "report %s to %s: %s%s", claimed.name, recipient, became.state, more)
        return became

    def _outcome(self, recipient: str, message: Message) -> Outcome:
        rung = self._rung
        if rung.engine.rules.outbox_mode:
            told = {"alert": None, "responder": recipient, "channel": "email", "report": True}
            rung.ledger.add_message(told | {"title": message.title, "body": message.body})
            return Outcome(OutcomeKind.SENT, "to the built-in outbox")
        try:
            url = mail_address(rung.config, recipient)
        except ContactError as error:
            return Outcome(OutcomeKind.MISCONFIGURED, str(error))
        return self._sender.submit(url, message).result()
