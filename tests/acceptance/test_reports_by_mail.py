"""Two schedulers run, a report is due, a mail server takes mail: every recipient gets it once, with its charts."""

import os
import subprocess
import sys
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


@pytest.fixture
def schedulers(client, redis_server, tmp_path, mails):
    """Two of them, for a Rung that has been there for days and was away at the hour of yesterday's report."""
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
    command = [sys.executable, "-m", "functions.commands", "scheduler"]
    running = [subprocess.Popen(command, env={**os.environ, **env, "PYTHONPATH": str(ROOT)}, cwd=ROOT) for _ in "ab"]
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
