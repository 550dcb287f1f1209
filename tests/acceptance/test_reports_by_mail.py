"""Two schedulers run, a report is due, a mail server takes mail: every recipient gets it once, with its charts.

Also when Rung is stopped, as for every upgrade, while a mail is on its way.
"""

import asyncio
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from core.adapters.redis_facts import RedisFacts
from core.adapters.redis_reports import RedisReports
from tests.adapters.servers import SmtpSink
from tests.apps import environment
from tests.conftest import wait_for
from tests.reports.seeds import keep, seeded

ROOT = Path(__file__).resolve().parents[2]
RECIPIENTS = ["manager@example.com", "director@example.com"]


@pytest.fixture
def mails():
    with SmtpSink() as server:
        yield server


class HesitantSink(SmtpSink):
    """Takes the first mail only when it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.has_one, self.may_go_on = threading.Event(), threading.Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.has_one.set()
        await asyncio.to_thread(self.may_go_on.wait, 30)
        return await super().handle_DATA(server, session, envelope)


def due_for(client, redis_server, tmp_path, mails):
    """Give the environment of a Rung that has been there for days and was away at the hour of yesterday's report."""
    channels = {"slack": False, "sms": False, "phone": False}
    env = environment(
        tmp_path,
        redis_server.url,
        channels={"email": {"url": mails.url("{email}")}} | channels,
        reporting={"daily_summary": {"enabled": True, "recipients": RECIPIENTS}},
    )
    client.set("rung:reports_since", time.time() - 3 * 86400)
    midnight = RedisFacts(client).now().replace(hour=0, minute=0, second=0, microsecond=0)
    keep(client, seeded(50, midnight - timedelta(days=1), midnight))
    return {**os.environ, **env, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def schedulers(client, redis_server, tmp_path, mails):
    """Two of them."""
    env = due_for(client, redis_server, tmp_path, mails)
    command = [sys.executable, "-m", "functions.commands", "scheduler"]
    running = [subprocess.Popen(command, env=env, cwd=ROOT) for _ in "ab"]
    yield running
    for each in running:
        each.terminate()
    for each in running:
        assert each.wait(10) == 0


def test_every_recipient_gets_the_report_once_with_its_charts(client, mails, schedulers):
    reports = RedisReports(client)
    wait_for(lambda: [each for each in reports.records() if each["state"] == "done"], 40, "the report being sent")
    for each in schedulers:
        each.terminate()
        each.wait(10)
    assert sorted(mails.recipients) == sorted(RECIPIENTS)
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in mails.mails[0].walk()}
    assert list(parts) == ["multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png"]
    assert b"50 new alerts" in parts["text/plain"]
    assert parts["image/png"].startswith(b"\x89PNG")
    [record] = reports.records()
    assert [mail["state"] for mail in record["mails"]] == ["sent", "sent"]


def test_a_stop_while_a_mail_is_on_its_way_neither_doubles_it_nor_loses_the_next(client, redis_server, tmp_path):
    with HesitantSink() as mails:
        env = due_for(client, redis_server, tmp_path, mails)
        command = [sys.executable, "-m", "functions.commands", "scheduler"]
        first = subprocess.Popen(command, env=env, cwd=ROOT)
        assert mails.has_one.wait(40)
        first.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            first.wait(1)  # it sees the mail to its end
        mails.may_go_on.set()
        assert first.wait(10) == 0
        assert mails.recipients == RECIPIENTS[:1]
        [record] = RedisReports(client).records()
        assert [(mail["to"], mail["state"]) for mail in record["mails"]] == [(RECIPIENTS[0], "sent")]

        second = subprocess.Popen(command, env=env, cwd=ROOT)
        wait_for(lambda: RedisReports(client).records()[0]["state"] == "done", 40, "the rest being sent")
        second.terminate()
        assert second.wait(10) == 0
        assert mails.recipients == RECIPIENTS
