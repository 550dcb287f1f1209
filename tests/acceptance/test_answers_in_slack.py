"""Stories of people in Slack: Rung's own processes, a Slack that is as strict as the real one, and no shortcut.

Levels are minutes apart, so that what happens within seconds happened because of an answer.
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.adapters.fake_slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack, signed
from tests.conftest import wait_for
from tests.processes import API_TOKEN, SOURCE_TOKEN, Api, running

ANNA, BOB = "U000000001", "U000000002"
WITHIN = 3.0  # seconds: what Slack waits for an answer

LADDER = [
    {"level": "first", "delay": 0, "notification_channels": ["slack"], "responders": ["anna", "bob"], "timeout": 1},
    {"level": "second", "delay": 8, "notification_channels": ["slack"], "responders": ["carol"], "timeout": 1},
]
SLOW = [LADDER[0], {**LADDER[1], "delay": 600}]
CONFIG = {
    "escalation": {
        "policies": {
            name: {"levels": levels, "repeat_interval": 7200, "max_repeats": 0, "sla_timeout": 3600}
            for name, levels in {"critical": LADDER, "high": SLOW}.items()
        },
        "default_policy": "high",
        "catch_all": [],
        "reopen_within": 300,
    },
    "people": {
        "anna": {"name": "Anna", "slack": f"+{ANNA}"},
        "bob": {"name": "Bob", "slack": f"+{BOB}"},
        "carol": {"slack": "#oncall"},
    },
    "channels": {"slack": {"url": f"slack://rung@{BOT_TOKEN}/{{slack}}"}},
    "sources": {"generic": {"token": SOURCE_TOKEN}},
    "bundling": {"after": 0},
    "response_tracking": {"tell_others": True},
    "replies": {"slack": {"signing_secret": SIGNING_SECRET, "bot_token": BOT_TOKEN}},
}


class World:
    """`world.fires("high")`, `world.presses(...)`, `world.page_of(1, ANNA)`."""

    def __init__(self, processes, slack: FakeSlack) -> None:
        self.processes, self.slack = processes, slack
        self.api = Api(processes.url)
        self._keys = 0

    def fires(self, severity: str, title: str = "Disk is full") -> int:
        self._keys += 1
        body = {"title": title, "severity": severity, "dedup_key": f"key-{self._keys}"}
        return int(self.api.post_until_accepted("/ingest/generic", body, SOURCE_TOKEN)["alerts"][0]["id"])

    def page_of(self, alert_id: int, user: str):
        """Where the page of this alert to this person stands, as soon as the ledger knows it."""
        wait_for(lambda: len(self.events(alert_id, "delivered")) >= 2, 15, "the pages")
        found = [where for where in self.slack.messages if where[0] == f"D{user[1:]}"]
        return next(where for where in found if f"alert {alert_id}:" in self.slack.said(where))

    def presses(self, where, action: str, user: str) -> requests.Response:
        body = self.slack.pressed(where, action, user)
        headers = {"Content-Type": "application/x-www-form-urlencoded", **signed(body, time.time())}
        return requests.post(f"{self.processes.url}/reply/slack", data=body, headers=headers, timeout=WITHIN)

    def events(self, alert_id: int, *kinds: str) -> list[dict]:
        return [e for e in self.api.get(f"/alerts/{alert_id}/timeline")["events"] if e["event"] in kinds]

    def status(self, alert_id: int) -> tuple[str, str | None]:
        alert = self.api.get(f"/alerts/{alert_id}")
        return alert["status"], alert["acknowledged_by"]


@pytest.fixture(scope="module")
def world():
    with (
        pytest.MonkeyPatch.context() as environment,
        tempfile.TemporaryDirectory(prefix="rung-slack-") as folder,  # short: a socket's path has a limit
        FakeSlack() as slack,
    ):
        for name, value in slack.environment.items():
            environment.setenv(name, value)
        with running(Path(folder), CONFIG) as processes:
            yield World(processes, slack)
            logs = "".join(processes.log(name) for name in ("web", "worker", "scheduler"))
            for secret in (BOT_TOKEN, SIGNING_SECRET, "/actions/T111"):
                assert secret not in logs


def test_paged_in_slack_somebody_presses_a_button_and_has_it_and_from_then_on_there_is_silence(world):
    left_alone, alert_id = world.fires("critical", "Nobody answers this one"), world.fires("critical")
    annas, bobs = world.page_of(alert_id, ANNA), world.page_of(alert_id, BOB)
    began = time.monotonic()
    answer = world.presses(annas, "acknowledge", ANNA)
    assert time.monotonic() - began < WITHIN
    assert (answer.status_code, answer.content) == (200, b"")
    assert world.status(alert_id) == ("acknowledged", "anna")  # committed before Slack was answered
    wait_for(lambda: "Anna has it" in world.slack.said(annas), 10, "Anna's page changing")
    wait_for(lambda: "anna has it" in world.slack.said(bobs), 10, "Bob's page changing")
    assert "[" not in world.slack.said(annas) + world.slack.said(bobs)
    # The next level of the one that nobody answered is paged, and would have been of the other too.
    wait_for(lambda: world.events(left_alone, "escalated"), 20, "the next level of the other one")
    wait_for(lambda: any(where[0] == "C0ONCALL" for where in world.slack.messages), 10, "its page")
    time.sleep(1)  # both were due within the same second
    assert world.events(alert_id, "escalated") == []
    assert [e["channel"] for e in world.events(alert_id, "notified")].count("slack") == 3
    world.api.post_until_accepted(f"/alerts/{left_alone}/resolve", {"by": "bob"}, API_TOKEN)


def test_two_who_press_at_once_are_one_acknowledgment_and_one_polite_already(world):
    alert_id = world.fires("high")
    pages = {ANNA: world.page_of(alert_id, ANNA), BOB: world.page_of(alert_id, BOB)}
    told = len(world.slack.told)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda user: world.presses(pages[user], "acknowledge", user), pages))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(world.events(alert_id, "acknowledged")) == 1
    [(user, text)] = wait_for(lambda: world.slack.told[told:], 10, "the one who came second being told")
    first = world.status(alert_id)[1]
    assert (user, first) in {(ANNA, "bob"), (BOB, "anna")}
    assert text.startswith(f"Alert {alert_id} ")
    assert first in text.lower()
    for where in pages.values():
        wait_for(lambda where=where: "has it" in world.slack.said(where), 10, "both pages changing")


def test_answered_by_another_way_the_page_in_slack_says_so_and_loses_its_buttons(world):
    alert_id = world.fires("high")
    annas, bobs = world.page_of(alert_id, ANNA), world.page_of(alert_id, BOB)
    world.api.post_until_accepted(f"/alerts/{alert_id}/ack", {"by": "carol"}, API_TOKEN)
    for where in (annas, bobs):
        wait_for(lambda where=where: "carol has it" in world.slack.said(where), 10, "the page changing")
    messages = len(world.slack.messages)
    world.api.post_until_accepted(f"/alerts/{alert_id}/resolve", {"by": "carol"}, API_TOKEN)
    for where in (annas, bobs):
        wait_for(lambda where=where: "Resolved" in world.slack.said(where), 10, "the page changing")
        assert "[" not in world.slack.said(where)
    assert len(world.slack.messages) == messages


def test_what_is_said_under_a_page_is_done_and_answered_there(world):
    alert_id = world.fires("high")
    channel, ts = world.page_of(alert_id, ANNA)
    inner = {"type": "message", "text": "ack", "user": ANNA, "channel": channel, "thread_ts": ts, "ts": "1.2"}
    answers = []
    for _ in range(2):
        body = requests.Request(
            "POST", "http://x", json={"type": "event_callback", "event_id": f"Ev{alert_id}", "event": inner}
        ).prepare()
        headers = {"Content-Type": "application/json", **signed(body.body, time.time())}
        answers.append(
            requests.post(f"{world.processes.url}/reply/slack", data=body.body, headers=headers, timeout=WITHIN)
        )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert world.status(alert_id) == ("acknowledged", "anna")
    said = wait_for(
        lambda: [body for body in world.slack.calls("chat.postMessage") if body.get("thread_ts") == ts], 10, "an answer"
    )
    assert [body["text"] for body in said] == [f"{alert_id} is yours: Disk is full. Nobody else is paged."]


def test_a_forged_press_does_nothing(world):
    alert_id = world.fires("high")
    body = world.slack.pressed(world.page_of(alert_id, ANNA), "resolve", ANNA)
    for headers in ({}, signed(body, time.time(), "guess"), signed(body, time.time() - 400)):
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = requests.post(f"{world.processes.url}/reply/slack", data=body, headers=kind | headers, timeout=WITHIN)
        assert answer.status_code == 403
    assert world.status(alert_id) == ("pending", None)
