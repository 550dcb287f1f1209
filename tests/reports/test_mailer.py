"""Reports by mail: each once whoever tries, late once and said so, tried again when it fails, and always on record."""

import subprocess
import sys
import threading
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.channel_text import ContactError
from core.commands import Acknowledge
from core.mailing import RETRY_AFTER, judge, late_notice, mail_address, mail_channel
from core.outcomes import Message, Outcome, OutcomeKind
from core.report_times import Kind, last_due, schedules_of
from core.wiring import Rung
from functions._mailer import Mailer
from schedules.bookkeeping import Bookkeeping
from tests.apps import App
from tests.functions.browsers import signed_in, text
from tests.reports.rows import ALL, MONDAY, TUESDAY
from tests.reports.seeds import keep
from tests.samples import config
from tests.stories.test_delivery import URLS

ROOT = Path(__file__).resolve().parents[2]
MANAGER, DIRECTOR = "manager@example.com", "director@example.com"
REPORTING = {
    "daily_summary": {"enabled": True, "time": "08:00", "recipients": [MANAGER, DIRECTOR]},
    "weekly_report": {"enabled": True, "day": "monday", "time": "09:00", "recipients": [DIRECTOR]},
}
SLA = {
    "definitions": {
        "critical": {
            "acknowledgment_time": 300,
            "resolution_time": 3600,
            "business_hours": False,
            "allowed_breaches": 0,
        }
    },
    "reporting": {"enabled": True, "interval": "daily", "recipients": [MANAGER], "include_details": True},
}
SENT = Outcome(OutcomeKind.SENT)
AWAY = Outcome(OutcomeKind.UNAVAILABLE, "connection refused")


class FakeSender:
    """Answers with what the test says for a recipient; keeps what was sent to whom."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.outcomes: dict[str, Outcome] = {}

    def submit(self, url: str, message: Message) -> "Future[Outcome]":
        recipient = url.rpartition("to=")[2].replace("%40", "@")
        outcome = self.outcomes.get(recipient, SENT)
        if outcome.kind is OutcomeKind.SENT:
            self.sent.append((recipient, message))
        future: Future[Outcome] = Future()
        future.set_result(outcome)
        return future


class Office:
    """A Rung whose clock the test moves, and what it mailed."""

    def __init__(self, folder, redis_url, **changes):
        given = {"channels": URLS, "reporting": REPORTING, "sla": SLA} | changes
        self.app = App(folder, redis_url, **given)
        self.sender = FakeSender()
        self.mailer = Mailer(self.rung, self.sender, lambda _view, names: dict.fromkeys(names, b"png"))
        self.rung.reports.since()

    @property
    def rung(self) -> Rung:
        return self.app.rung

    def at(self, day, hour, minute=0):
        """Let it be then, look whether something is due, and send it; give who got which report."""
        self.app.now = day + timedelta(hours=hour, minutes=minute)
        self.sender.sent.clear()
        self.mailer.send_what_is_due()
        return sorted((to, message.title.split(":")[0]) for to, message in self.sender.sent)

    def mail(self, number=0):
        return self.sender.sent[number][1]

    def record(self, report):
        return next(each for each in self.rung.reports.records() if each["report"] == report)


@pytest.fixture
def office(client, redis_server, tmp_path):
    return Office(tmp_path, redis_server.url)  # it is Monday 23 November, 10:00


DAILY = [(DIRECTOR, "Daily summary"), (MANAGER, "Daily summary")]


def test_each_report_goes_out_at_its_time_to_its_recipients_and_once(office):
    assert office.at(MONDAY, 23, 59) == []
    assert office.at(TUESDAY, 0) == [(MANAGER, "SLA report")]
    assert office.at(TUESDAY, 7, 59) == []
    assert office.at(TUESDAY, 8) == DAILY
    assert office.at(TUESDAY, 8, 1) == []
    assert office.at(TUESDAY, 23, 59) == []
    assert office.at(MONDAY + timedelta(days=7), 8, 59) != []
    assert office.at(MONDAY + timedelta(days=7), 9) == [(DIRECTOR, "Weekly report")]


def test_a_new_rung_owes_nobody_the_reports_of_before(office):
    assert office.at(MONDAY, 10) == []
    assert office.rung.reports.records() == []


def test_two_that_try_at_once_send_it_once(office):
    office.app.now = TUESDAY + timedelta(hours=8)
    barrier, sent = threading.Barrier(4), []

    def try_it():
        sender = FakeSender()
        mailer = Mailer(office.rung, sender, lambda _view, _names: {})
        barrier.wait()
        mailer.send_what_is_due()
        sent.extend(to for to, message in sender.sent if message.title.startswith("Daily"))

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [DIRECTOR, MANAGER]


def test_one_that_was_missed_comes_late_once_and_says_so(office):
    assert (MANAGER, "Daily summary") in office.at(TUESDAY, 10, 5)
    [daily] = [m for to, m in office.sender.sent if to == MANAGER and m.title.startswith("Daily")]
    words = "This report was due Tue 24 Nov 08:00 UTC and comes 2 h 5 min late: Rung did not run, could not send it,"
    assert words in " ".join(daily.body.split())
    assert words in daily.html
    assert office.at(TUESDAY, 10, 6) == []
    assert office.record("daily")["mails"][0]["late"] is True


def test_in_time_nothing_is_said_of_being_late(office):
    office.at(TUESDAY, 8)
    assert "late" not in office.mail().body
    assert office.record("daily")["mails"][0]["late"] is False


def test_after_days_away_only_the_last_comes_and_says_how_to_see_the_one_before(office):
    office.at(MONDAY + timedelta(days=3), 12)
    dailies = [m for to, m in office.sender.sent if to == MANAGER and m.title.startswith("Daily")]
    assert len(dailies) == 1
    there = "https://rung.example.com/reports/daily?from=2026-11-24T08:00:00Z&to=2026-11-25T08:00:00Z"
    assert f"The one before did not go out either: {there} " in " ".join(dailies[0].body.split())
    assert f"{there}\n" in dailies[0].body, "an address is not broken"
    assert f'<a href="{there.replace("&", "&amp;")}"' in dailies[0].html


def test_what_could_not_be_sent_is_tried_again_for_that_recipient_alone(office, caplog):
    office.sender.outcomes[MANAGER] = AWAY
    assert office.at(TUESDAY, 8) == [(DIRECTOR, "Daily summary")]
    record = office.record("daily")
    assert record["state"] == "waiting"
    assert {mail["to"]: (mail["state"], mail["reason"]) for mail in record["mails"]} == {
        DIRECTOR: ("sent", ""),
        MANAGER: ("waiting", "connection refused"),
    }
    assert "report daily:2026-11-24T08:00:00Z to manager@example.com: waiting (connection refused)" in caplog.text
    assert office.at(TUESDAY, 8, 0) == []
    office.sender.outcomes.clear()
    assert office.at(TUESDAY, 8, 1) == [(MANAGER, "Daily summary"), (MANAGER, "SLA report")]
    assert office.record("daily")["state"] == "done"
    assert office.record("daily")["attempts"] == 2


def test_after_the_last_attempt_it_has_failed_and_the_record_says_why(office, caplog):
    office.sender.outcomes = {MANAGER: AWAY, DIRECTOR: AWAY}
    at = TUESDAY + timedelta(hours=8)
    for wait in (0, *RETRY_AFTER, 100_000):
        at += timedelta(seconds=wait)
        if wait < 100_000:
            office.at(at, 0)
    record = office.record("daily")
    assert (record["state"], record["attempts"]) == ("done", 5)
    assert {mail["state"] for mail in record["mails"]} == {"failed"}
    assert caplog.text.count("ERROR") >= 2


def test_a_refused_address_is_not_tried_again(office):
    office.sender.outcomes[MANAGER] = Outcome(OutcomeKind.REJECTED, "no such user")
    office.at(TUESDAY, 8)
    assert office.record("daily")["state"] == "done"
    assert [mail["state"] for mail in office.record("daily")["mails"]] == ["sent", "failed"]


def test_one_whose_sender_died_is_sent_by_the_next_to_whoever_has_not_got_it(office):
    office.app.now = TUESDAY + timedelta(hours=8)
    claimed = office.rung.reports.claim("daily:2026-11-24T08:00:00Z", "dead", office.app.now, timedelta(days=1))
    office.rung.reports.note(claimed, DIRECTOR, {"state": "sent", "again": False})
    assert office.at(TUESDAY, 8, 4) == [(MANAGER, "SLA report")], "the lease still holds"
    assert office.at(TUESDAY, 8, 6) == [(MANAGER, "Daily summary")]
    assert not office.rung.reports.finish(claimed, None), "whoever lost the lease has nothing to say any more"


def test_an_empty_day_is_still_a_report(office):
    office.at(TUESDAY, 8)
    message = office.mail()
    assert message.title == "Daily summary: Mon 23 Nov 08:00 to Tue 24 Nov 2026 08:00 UTC"
    assert "Nothing happened: no new alerts, nobody was paged, no SLA came due." in message.body
    assert message.pictures == ()


def test_the_mail_has_figures_pictures_and_the_table_of_details(office):
    keep(office.app.redis, ALL)
    office.at(TUESDAY, 0)
    sla = office.mail()
    assert sla.title == "SLA report: Monday 23 November 2026"
    assert [picture.name for picture in sla.pictures] == ["sla.png", "alerts.png"]
    assert 'src="cid:sla.png"' in sla.html
    assert "The budget of critical was overdrawn Mon 23 Nov 23:05: 0 breaches are allowed, 1 happened." in sla.html
    assert "https://rung.example.com/alerts/2" in sla.html
    assert "breached: acknowledgment" in sla.body
    there = "https://rung.example.com/reports/sla?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z"
    assert sla.body.endswith(f"\nThis report in Rung: {there}\n"), "which shows the same a year later"
    assert f'<a href="{there.replace("&", "&amp;")}">' in sla.html


def test_the_table_of_details_stays_out_when_the_config_says_so(client, redis_server, tmp_path):
    plain = SLA | {"reporting": SLA["reporting"] | {"include_details": False}}
    office = Office(tmp_path, redis_server.url, sla=plain)
    keep(office.app.redis, ALL)
    office.at(TUESDAY, 0)
    assert "The alerts" not in office.mail().body
    assert "/alerts/2" not in office.mail().html


def test_without_credentials_reports_go_to_the_built_in_outbox(client, redis_server, tmp_path):
    office = Office(tmp_path, redis_server.url, channels={name: {"url": ""} for name in URLS})
    office.at(TUESDAY, 8)
    assert office.sender.sent == []
    told = {(m["responder"], m["channel"], m["title"].split(":")[0]) for m in office.rung.ledger.messages(10)}
    assert (MANAGER, "email", "Daily summary") in told
    assert office.record("daily")["mails"][0]["reason"] == "to the built-in outbox", "so that nobody looks for a mail"
    page = signed_in(office.app).get("/outbox")
    assert '<pre class="report">Daily summary: Mon 23 Nov 08:00' in page.text, "columns stand under each other"
    assert "mails go to the built-in outbox" in text(signed_in(office.app).get("/reports"))


def test_a_config_without_mail_says_what_is_missing(client, redis_server, tmp_path):
    office = Office(tmp_path, redis_server.url, channels=URLS | {"email": False})
    office.at(TUESDAY, 8)
    [mail, _] = office.record("daily")["mails"]
    assert (mail["state"], mail["reason"]) == (
        "failed",
        "reports go by mail, and no channel called email has a URL: set it in channels.yaml",
    )


def test_snapshots_are_taken_once_each_interval_and_never_for_the_past(office):
    office.app.fires("a")
    office.app.fires("b")
    office.app.passes(120)
    office.app.does(1, Acknowledge("user2", "link"))
    assert not office.mailer.take_snapshot(), "the hour began before there was this Rung"
    office.app.now = MONDAY + timedelta(hours=11, minutes=1)
    assert office.mailer.take_snapshot()
    assert not office.mailer.take_snapshot()
    office.app.now = MONDAY + timedelta(hours=14)
    assert office.mailer.take_snapshot()
    found = office.rung.facts.snapshots(MONDAY, TUESDAY)
    assert found == [
        {"at": "2026-11-23T11:00:00Z", "open": 2, "unanswered": 1, "exhausted": 0, "opened": 2, "mtta": 120.0},
        {"at": "2026-11-23T14:00:00Z", "open": 2, "unanswered": 1, "exhausted": 0, "opened": 0, "mtta": None},
    ]


def test_two_snapshots_of_one_instant_are_one(office):
    assert office.rung.reports.add_snapshot(1000, {"open": 1})
    assert not office.rung.reports.add_snapshot(1000, {"open": 2})


def test_exhausted_alerts_are_counted_in_batches(office, monkeypatch):
    monkeypatch.setattr("core.adapters.redis_reports._COUNTED_AT_ONCE", 2)
    for number in range(5):
        office.app.fires(f"a{number}", "low", description='a trap: "exhausted":true')
    office.app.does(1, Acknowledge("user2", "link"))
    assert office.rung.reports.count_open() == {"open": 5, "unanswered": 4, "exhausted": 0}
    for _ in range(3):
        office.app.passes(20_000)
    assert office.rung.reports.count_open() == {"open": 5, "unanswered": 4, "exhausted": 4}


def test_snapshots_and_names_of_reports_are_forgotten(office):
    office.at(TUESDAY, 8)
    office.rung.reports.add_snapshot(int(TUESDAY.timestamp()), {"open": 1})
    office.app.now = TUESDAY + timedelta(days=400)
    office.rung.reports.forget(timedelta(days=401), timedelta(days=401))
    assert office.app.redis.zcard("rung:snapshots") == 1
    office.rung.reports.forget(timedelta(days=399), timedelta(days=399))
    assert office.app.redis.exists("rung:snapshots", "rung:reports") == 0
    assert office.app.redis.ttl("rung:report:daily:2026-11-24T08:00:00Z") > 0


class Started:
    """Stands in for the process that sends."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return True


def test_the_scheduler_starts_the_process_when_something_is_due_and_not_before(office):
    started = Started()
    books = Bookkeeping(office.rung, started)
    assert not books.look()
    office.app.now = MONDAY + timedelta(hours=10, minutes=59, seconds=59)
    assert not books.look()
    office.app.now = MONDAY + timedelta(hours=11)
    assert books.look(), "a snapshot"
    assert not books.look(), "it is at it"
    office.mailer.take_snapshot()
    office.app.now += timedelta(seconds=16)
    assert not books.look()
    office.app.now = TUESDAY
    assert books.look()
    office.mailer.take_snapshot()
    office.mailer.send_what_is_due()
    office.app.now += timedelta(seconds=16)
    assert not books.look()
    assert started.times == 2


def test_a_process_that_did_not_do_it_is_started_again_after_a_while(office):
    started = Started()
    books = Bookkeeping(office.rung, started)
    office.app.now = MONDAY + timedelta(hours=11)
    for _ in range(20):
        books.look()
        office.app.now += timedelta(seconds=1)
    assert started.times == 2


def test_a_report_that_waits_for_its_next_attempt_starts_nothing_until_then(office):
    started = Started()
    books = Bookkeeping(office.rung, started)
    office.sender.outcomes[MANAGER] = AWAY
    office.at(TUESDAY, 0)
    office.mailer.take_snapshot()
    office.app.now += timedelta(seconds=30)
    assert not books.look()
    office.app.now += timedelta(seconds=31)
    assert books.look()


def test_the_channel_of_reports_is_the_one_called_email_or_the_first_of_that_kind():
    assert mail_channel(config(channels=URLS)) == "email"
    named = {"post": {"url": "mailtos://a:b@example.com?to={email}", "kind": "email"}}
    other = config(channels=named)
    assert mail_channel(other) == "post"
    assert mail_address(other, "a+b@example.com") == "mailtos://a:b@example.com?to=a%2Bb%40example.com"
    assert mail_channel(config(channels={"slack": URLS["slack"]})) is None
    with pytest.raises(ContactError, match="no channel called email"):
        mail_address(config(channels={"slack": URLS["slack"]}), MANAGER)


def test_what_follows_from_an_outcome():
    assert judge(SENT, 1).state == "sent"
    assert [judge(AWAY, attempt).retry_in for attempt in range(1, 6)] == [60, 300, 1800, 7200, None]
    assert judge(Outcome(OutcomeKind.RATE_LIMITED, "busy", retry_after=900), 1).retry_in == 900
    assert judge(Outcome(OutcomeKind.RATE_LIMITED, "busy", retry_after=999_999_999), 1).retry_in == 7200


def test_a_notice_is_by_the_clock_of_the_zone():
    schedule = schedules_of(config(timezone="Europe/Berlin", reporting=REPORTING))[Kind.DAILY]
    due = last_due(schedule, TUESDAY)
    assert due.end.astimezone(ZoneInfo("Europe/Berlin")).hour == 8
    assert late_notice(due, due.end + timedelta(minutes=5), "Europe/Berlin") == ""
    assert "due Mon 23 Nov 08:00 CET and comes 6 min late" in late_notice(
        due, due.end + timedelta(minutes=6), "Europe/Berlin"
    )


def test_a_rung_that_cannot_mail_its_reports_says_so_when_it_starts(client, redis_server, tmp_path):
    office = Office(tmp_path, redis_server.url, channels=URLS | {"email": False})
    told = "no report will arrive at director@example.com, manager@example.com: reports go by mail, and no channel"
    assert any(told in complaint for complaint in office.rung.complaints())
    assert not any("no report" in complaint for complaint in Office(tmp_path, redis_server.url).rung.complaints())


def test_no_process_that_lives_long_holds_the_library_that_draws():
    entries = ("functions.server", "functions.commands.scheduler", "schedules.workers", "schedules.bookkeeping")
    drawing = {"matplotlib", "PIL", "numpy"}
    code = f"import sys, {', '.join(entries)}, functions._mailer; print({drawing} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "set()\n"
