"""The mailer makes the reports that are due and sends them, each once, whoever else tries; and takes the snapshots.

It runs in a process of its own that ends: charts need a library that no long-lived process should hold.
"""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.adapters.redis_reports import Claimed
from core.channel_text import ContactError
from core.dispatcher import Sender
from core.mailing import Mail, due_reports, is_late, judge, keep_records, late_notice, mail_address, name_of
from core.outcomes import Message, Outcome, OutcomeKind
from core.report import make_report
from core.report_page import charts_shown
from core.report_times import Due, Schedule, last_due, snapshot_slot
from core.report_view import report_view
from core.store import StoreUnavailableError
from core.tally import figures
from core.times import from_epoch, rfc3339
from core.wiring import Rung
from functions._report_html import address, mail

log = logging.getLogger("rung.reports")

_TOKEN_BYTES = 6
_UTC = ZoneInfo("UTC")
# Seconds between attempts to note a mail that went out; all of them together are shorter than the lease.
_NOTE_AGAIN = (1, 2, 5, 10, 20, 40, 60)

Draw = Callable[[Mapping[str, Any], tuple[str, ...]], dict[str, bytes]]


class Mailer:
    """One round of sending what is due. `draw` gives the charts of a report; `is_stopping` says to leave the rest."""

    def __init__(
        self,
        rung: Rung,
        sender: Sender,
        draw: Draw,
        is_stopping: Callable[[], bool] = lambda: False,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the parts of this process."""
        self._rung = rung
        self._sender = sender
        self._draw = draw
        self._is_stopping = is_stopping
        self._pause = pause

    def send_what_is_due(self) -> int:
        """Send every report that is due and that nobody else sends, and say how many mails went out."""
        now = self._rung.facts.now()
        since = self._rung.reports.since()
        due = list(due_reports(self._rung.config, since, now))
        return sum(self._send(schedule, each, since) for schedule, each in due if not self._is_stopping())

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
        keep = keep_records(rung.config)
        if rung.reports.is_done(name_of(due), due.end):
            return 0
        claimed = rung.reports.claim(name_of(due), secrets.token_urlsafe(_TOKEN_BYTES), due.end, keep)
        if claimed is None:
            return 0
        now = rung.facts.now()
        message = self._message(schedule, due, since, now)
        mails = []
        for recipient in schedule.recipients:
            if recipient in claimed.settled:
                continue
            if not self._may_go_on(claimed):
                break
            mails.append(self._send_one(claimed, due, recipient, message, now))
        else:
            rung.reports.finish(claimed, min((mail.retry_in for mail in mails if mail.retry_in), default=None))
        return sum(mail.state == "sent" for mail in mails)

    def _may_go_on(self, claimed: Claimed) -> bool:
        """Say whether the next mail is ours to send: not after a stop, nor when the lease ran out under us."""
        if self._is_stopping():
            self._rung.reports.finish(claimed, 0.0)  # whoever starts next sends the rest at once
            return False
        if self._rung.reports.hold(claimed):
            return True
        log.warning("report %s took longer than its lease: another process sends the rest", claimed.name)
        return False

    def _message(self, schedule: Schedule, due: Due, since: datetime, now: datetime) -> Message:
        rung = self._rung
        view = report_view(make_report(rung.facts, rung.config, due, now))
        missed = last_due(schedule, due.start)
        was_sent = missed.end <= since or rung.reports.is_done(name_of(missed), missed.end)
        url = rung.settings.public_url
        there = address(url, missed.kind.value, rfc3339(missed.start), rfc3339(missed.end))
        notice = late_notice(due, now, rung.config.timezone, "" if was_sent else there)
        charts = self._draw(view, charts_shown(view))
        return mail(view, charts, url, with_details=schedule.with_details, notice=notice)

    def _send_one(self, claimed: Claimed, due: Due, recipient: str, message: Message, now: datetime) -> Mail:
        outcome = self._outcome(recipient, message)
        became = judge(outcome, claimed.attempt)
        noted = {"state": became.state, "reason": became.reason, "late": is_late(due, now)}
        self._note(claimed, recipient, {**noted, "again": became.retry_in is not None})
        level = {"sent": logging.INFO, "waiting": logging.WARNING}.get(became.state, logging.ERROR)
        more = f" ({became.reason})" if became.reason else ""
        log.log(level, "report %s to %s: %s%s", claimed.name, recipient, became.state, more)
        return became

    def _note(self, claimed: Claimed, recipient: str, noted: dict[str, Any]) -> None:
        """Record it, though Redis be away for minutes: a mail that nobody noted goes out again."""
        for wait in _NOTE_AGAIN:
            try:
                self._rung.reports.note(claimed, recipient, noted)
            except StoreUnavailableError as error:
                log.warning("%s; what became of report %s is noted as soon as it is back", error, claimed.name)
                self._pause(wait)
            else:
                return
        self._rung.reports.note(claimed, recipient, noted)

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
