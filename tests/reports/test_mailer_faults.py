"""What could make a report come twice or never: leases, outages, a stopped process, clocks, config that changes."""

import threading
from datetime import timedelta

import pytest

from core.adapters.redis_client import connect
from core.adapters.redis_reports import RedisReports
from core.store import StoreUnavailableError
from functions._mailer import Mailer
from schedules.bookkeeping import Bookkeeping
from schedules.digest import tidy
from tests.conftest import RedisServer
from tests.reports.rows import MONDAY, TUESDAY
from tests.reports.test_mailer import AWAY, DAILY, DIRECTOR, MANAGER, REPORTING, SLA, FakeSender, Office, Started

DAY = timedelta(days=1)


@pytest.fixture
def office(client, redis_server, tmp_path):
    return Office(tmp_path, redis_server.url)  # it is Monday 23 November, 10:00


class Interrupted(FakeSender):
    """Does something once, while the first mail is on its way."""

    def __init__(self, meanwhile):
        super().__init__()
        self._meanwhile = meanwhile

    def submit(self, url, message):
        answer = super().submit(url, message)
        if len(self.sent) == 1:
            self._meanwhile()
        return answer


def to_whom(*senders):
    return sorted(to for sender in senders for to, message in sender.sent if message.title.startswith("Daily"))


def mailer(office, sender, **given):
    return Mailer(office.rung, sender, lambda _view, _names: {}, **given)


def test_whoever_lost_the_lease_while_a_mail_was_on_its_way_sends_no_more(office):
    """A machine that slept for longer than the lease: whoever took over has sent the rest, or is about to."""
    office.app.now = TUESDAY + timedelta(hours=8)
    other = FakeSender()

    def take_over():
        office.app.now += timedelta(minutes=6)
        mailer(office, other).send_what_is_due()

    slept = Interrupted(take_over)
    mailer(office, slept).send_what_is_due()
    assert to_whom(slept) == [MANAGER], "what was on its way nobody can call back"
    assert to_whom(other) == [DIRECTOR, MANAGER]


def test_a_lease_that_ran_out_while_the_report_was_made_is_asked_for_again_before_the_first_mail(office):
    office.app.now = TUESDAY + timedelta(hours=8)
    sender, other = FakeSender(), FakeSender()

    def draw(_view, _names):
        office.app.now += timedelta(minutes=6)
        mailer(office, other).send_what_is_due()
        return {}

    Mailer(office.rung, sender, draw).send_what_is_due()
    assert (to_whom(sender), to_whom(other)) == ([], [DIRECTOR, MANAGER])


def test_a_recipient_who_stands_twice_in_the_config_gets_one_mail(client, redis_server, tmp_path):
    daily = REPORTING["daily_summary"] | {"recipients": [MANAGER, DIRECTOR, MANAGER]}
    office = Office(tmp_path, redis_server.url, reporting={"daily_summary": daily})
    office.at(TUESDAY, 8)
    assert to_whom(office.sender) == [DIRECTOR, MANAGER]


@pytest.fixture
def own_server(tmp_path):
    """A Redis that a test may kill, and that keeps whatever it has answered, however busy the disk is."""
    (tmp_path / "redis").mkdir()
    server = RedisServer(tmp_path / "redis")
    server.start()
    connect(server.url).config_set("appendfsync", "always")
    yield server
    server.kill()


def test_a_mail_that_went_out_while_redis_was_away_is_noted_once_it_is_back(own_server, tmp_path):
    office = Office(tmp_path, own_server.url)
    office.app.now = TUESDAY + timedelta(hours=8)
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 2:
            own_server.start()

    sender = Interrupted(own_server.kill)
    mailer(office, sender, pause=pause).send_what_is_due()
    assert to_whom(sender) == [DIRECTOR, MANAGER]
    assert len(pauses) == 2
    assert office.at(TUESDAY, 8, 6) == [], "nobody gets it again"
    assert [mail["state"] for mail in office.record("daily")["mails"]] == ["sent", "sent"]


def test_a_redis_that_stays_away_ends_the_process_before_its_lease_does(own_server, tmp_path):
    office = Office(tmp_path, own_server.url)
    office.app.now = TUESDAY + timedelta(hours=8)
    pauses = []
    sender = Interrupted(own_server.kill)
    with pytest.raises(StoreUnavailableError):
        mailer(office, sender, pause=pauses.append).send_what_is_due()
    own_server.start()
    assert len(sender.sent) == 1
    assert 60 < sum(pauses) < 240


def test_one_that_is_told_to_stop_notes_the_mail_under_way_and_leaves_the_rest_to_the_next(office):
    office.app.now = TUESDAY + timedelta(hours=8)
    stop = threading.Event()
    sender = Interrupted(stop.set)
    mailer(office, sender, is_stopping=stop.is_set).send_what_is_due()
    assert to_whom(sender) == [MANAGER]
    assert office.at(TUESDAY, 8) == [(DIRECTOR, "Daily summary"), (MANAGER, "SLA report")], "at once, without a wait"


def test_a_report_is_known_as_sent_for_longer_than_its_period_however_short_facts_are_kept(
    client, redis_server, tmp_path
):
    monthly = SLA | {"reporting": SLA["reporting"] | {"interval": "monthly"}}
    office = Office(tmp_path, redis_server.url, sla=monthly, retention={"facts": "1h"})
    december, last = MONDAY.replace(month=12, day=1), MONDAY.replace(month=12, day=31)
    assert (MANAGER, "SLA report") in office.at(december, 0)
    tidy(office.rung)
    for day in (december + DAY, december + 7 * DAY, last):
        assert (MANAGER, "SLA report") not in office.at(day, 12)
        tidy(office.rung)
    left = office.app.redis.ttl("rung:report:sla:2026-12-01T00:00:00Z")
    assert left > 31 * 86400, "the record itself: Redis counts by its own clock, not by that of the test"
    assert "sla" in {each["report"] for each in office.rung.reports.records()}


def test_a_time_that_is_moved_to_later_that_day_is_kept_that_day(client, redis_server, tmp_path):
    office = Office(tmp_path, redis_server.url)
    assert office.at(TUESDAY, 8) != []
    evening = {"daily_summary": REPORTING["daily_summary"] | {"time": "18:00"}}
    office = Office(tmp_path, redis_server.url, reporting=evening, sla={})
    assert office.at(TUESDAY, 10) == [], "18:00 of yesterday is no hour that anybody missed"
    assert office.mailer.take_snapshot()
    assert not Bookkeeping(office.rung, Started()).look(), "and nothing is started for it every second"
    assert office.at(TUESDAY, 17, 59) == []
    assert office.at(TUESDAY, 18) == DAILY
    assert office.mail().title == "Daily summary: Mon 23 Nov 18:00 to Tue 24 Nov 2026 18:00 UTC"


def test_a_time_that_is_moved_to_earlier_that_day_comes_late_at_once_and_then_at_its_hour(
    client, redis_server, tmp_path
):
    evening = {"daily_summary": REPORTING["daily_summary"] | {"time": "18:00"}}
    office = Office(tmp_path, redis_server.url, reporting=evening, sla={})
    assert office.at(MONDAY, 18) == DAILY
    office = Office(tmp_path, redis_server.url, reporting={"daily_summary": REPORTING["daily_summary"]}, sla={})
    assert office.at(TUESDAY, 10) == DAILY
    assert office.at(TUESDAY, 18) == []
    assert office.at(TUESDAY + DAY, 8) == DAILY


def test_one_that_an_older_rung_sent_under_another_name_is_not_sent_again(office):
    at = TUESDAY + timedelta(hours=8)
    office.app.now = at
    claimed = office.rung.reports.claim("daily:2026-11-24", "older", at, DAY)
    office.rung.reports.finish(claimed, None)
    assert office.at(TUESDAY, 8) == [(MANAGER, "SLA report")]


def test_another_zone_doubles_no_report(client, redis_server, tmp_path):
    daily = {"daily_summary": REPORTING["daily_summary"]}
    office = Office(tmp_path, redis_server.url, reporting=daily, sla={}, timezone="Europe/Berlin")
    assert office.at(TUESDAY, 7) == DAILY
    office = Office(tmp_path, redis_server.url, reporting=daily, sla={}, timezone="America/New_York")
    assert office.at(TUESDAY, 9) == []
    assert office.at(TUESDAY, 13) == DAILY


def test_one_that_comes_late_because_config_asked_for_it_only_now_does_not_blame_rung(client, redis_server, tmp_path):
    office = Office(tmp_path, redis_server.url, reporting={}, sla={})
    office.at(TUESDAY, 7)
    office = Office(tmp_path, redis_server.url)
    office.at(TUESDAY, 12)
    [daily] = [message for to, message in office.sender.sent if to == DIRECTOR]
    assert "Rung did not run, could not send it, or was not told to, at that hour." in " ".join(daily.body.split())


def test_a_clock_that_was_ahead_and_is_put_right_keeps_no_report_back(office):
    started = Started()
    books = Bookkeeping(office.rung, started)
    office.app.now = MONDAY.replace(year=2027)
    assert books.look()
    office.app.now = TUESDAY + timedelta(hours=8)
    assert books.look()
    assert office.at(TUESDAY, 8) == [*DAILY, (MANAGER, "SLA report")]


def test_a_rung_whose_first_clock_was_ahead_sends_reports_once_it_is_right(office):
    office.app.redis.delete("rung:reports_since")
    office.app.now = MONDAY.replace(year=2036)
    started = Started()
    books = Bookkeeping(office.rung, started)
    books.look()
    office.app.now = MONDAY + timedelta(hours=10)
    books.look()
    assert office.at(MONDAY, 10) == [], "as a new Rung, it owes nobody the reports of before"
    started.times = 0
    office.app.now = TUESDAY + timedelta(hours=8)
    assert books.look()
    assert office.at(TUESDAY, 8) != []


def test_since_when_reports_are_sent_stays_as_it_was_while_clocks_go_on(office):
    reports = RedisReports(office.app.redis, office.rung.clock)
    first = reports.since()
    office.app.now += DAY
    assert reports.since() == first


def test_recipients_that_hang_hold_up_no_other_report(office):
    office.sender.outcomes = {MANAGER: AWAY}
    office.app.now = MONDAY + timedelta(days=7, hours=9)
    office.mailer.send_what_is_due()
    assert {(to, message.title.split(":")[0]) for to, message in office.sender.sent} == {
        (DIRECTOR, "Daily summary"),
        (DIRECTOR, "Weekly report"),
    }
    assert office.record("sla")["mails"][0] | {"at": ""} == {
        "to": MANAGER,
        "at": "",
        "state": "waiting",
        "reason": "connection refused",
        "late": True,
        "again": True,
    }
