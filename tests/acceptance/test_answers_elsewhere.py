"""Stories of people with Telegram, ntfy and mail: Rung's own processes, servers as strict as the real ones.

Levels are seconds apart where silence is the story, and minutes where something happens because of an answer.
"""

import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests

from tests.adapters.fake_telegram import BOT_TOKEN, FakeTelegram
from tests.adapters.servers import HOST, Answer, HttpSink, SmtpSink
from tests.conftest import wait_for
from tests.processes import API_TOKEN, SOURCE_TOKEN, Api, running

SECRET, MAIL_SECRET = "secret_of_set-webhook", "secret-of-the-mail-server"
ANNA, BOB, CAROL = 111, 222, 333
SECOND = 6  # seconds until the second level


def levels(channel: str, delay: int) -> dict:
    first = {"level": "first", "delay": 0, "notification_channels": [channel], "timeout": 1}
    ladder = [
        {**first, "responders": ["anna", "bob"]},
        {**first, "level": "second", "delay": delay, "responders": ["carol"]},
    ]
    return {"levels": ladder, "repeat_interval": 7200, "max_repeats": 0, "sla_timeout": 3600}


def config(smtp: SmtpSink, ntfy: HttpSink) -> dict:
    return {
        "escalation": {
            "policies": {
                "critical": levels("telegram", SECOND),
                "high": levels("email", SECOND),
                "medium": levels("ntfy", 600),
            },
            "default_policy": "critical",
            "catch_all": [],
            "reopen_within": 300,
        },
        "people": {
            name: {"email": f"{name}@example.com", "telegram": str(chat), "ntfy": f"{name}-f3k9"}
            for name, chat in (("anna", ANNA), ("bob", BOB), ("carol", CAROL))
        },
        "channels": {
            "telegram": {"url": f"tgram://{BOT_TOKEN}/{{telegram}}"},
            "email": {"url": smtp.url("{email}")},
            "ntfy": {"url": f"ntfy://{HOST}:{ntfy.port}/{{ntfy}}"},
        },
        "sources": {"generic": {"token": SOURCE_TOKEN}},
        "bundling": {"after": 0},
        "response_tracking": {"tell_others": True},
        "replies": {
            "telegram": {"secret": SECRET},
            "email": {"provider": "plain", "secret": MAIL_SECRET, "address": "rung@inbound.example.com"},
        },
    }


class World:
    """`world.fires("critical")`, `world.presses(...)`, `world.mail_to("anna")`."""

    def __init__(self, processes, telegram: FakeTelegram, smtp: SmtpSink, ntfy: HttpSink) -> None:
        self.url, self.processes = processes.url, processes
        self.telegram, self.smtp, self.ntfy = telegram, smtp, ntfy
        self.api = Api(processes.url)
        self._keys = self._updates = 0

    def fires(self, severity: str) -> int:
        self._keys += 1
        body = {"title": "Disk is full", "severity": severity, "dedup_key": f"key-{self._keys}"}
        return int(self.api.post_until_accepted("/ingest/generic", body, SOURCE_TOKEN)["alerts"][0]["id"])

    def alert(self, alert_id: int) -> dict:
        return self.api.get(f"/alerts/{alert_id}")

    def events(self, alert_id: int, kind: str) -> list[dict]:
        return [each for each in self.api.get(f"/alerts/{alert_id}/timeline")["events"] if each["event"] == kind]

    def page(self, chat: int, alert_id: int) -> tuple[int, int]:
        return wait_for(lambda: self.telegram.in_chat(chat, f"alert {alert_id}:"), 10, f"the page in {chat}")

    def presses(self, where: tuple[int, int], button: str) -> dict:
        self._updates += 1
        data = self.telegram.messages[where]["buttons"][button]
        page = {"message_id": where[1], "chat": {"id": where[0], "type": "private"}}
        query = {
            "id": "53",
            "from": {"id": where[0], "is_bot": False},
            "data": data,
            "message": page,
        }
        body = {"update_id": self._updates, "callback_query": query}
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        answer = requests.post(f"{self.url}/reply/telegram", json=body, headers=headers, timeout=5)
        assert answer.ok, answer.text
        return answer.json()

    def mail_to(self, name: str, word: str) -> EmailMessage:
        def found():
            mails = [each for each in self.smtp.mails if f"{name}@" in each["To"] and word in str(each["Subject"])]
            return mails[-1] if mails else None

        return wait_for(found, 10, f"a mail to {name}")

    def answers(self, mail: EmailMessage, text: str, sender: str) -> str:
        reply = EmailMessage()
        reply["From"], reply["To"], reply["Message-ID"] = (
            sender,
            mail["Reply-To"],
            f"<{time.monotonic_ns()}@example.com>",
        )
        reply["Authentication-Results"] = "mx.example.com; dkim=pass header.d=example.com"
        reply.set_content(f"{text}\n\n> ACK or RESOLVE, Rung wrote\n")
        auth = ("hook", MAIL_SECRET)
        answer = requests.post(f"{self.url}/reply/email", data=reply.as_bytes(), auth=auth, timeout=5)
        assert answer.ok, answer.text
        return str(answer.json()["result"])


@pytest.fixture(scope="module")
def world():
    ntfy_takes = Answer.of({"id": "hwQ2YpKdmg", "event": "message"})
    with (
        tempfile.TemporaryDirectory(prefix="rung-else-") as folder,  # short: a socket's path has a limit
        FakeTelegram() as telegram,
        SmtpSink() as smtp,
        HttpSink(ntfy_takes) as ntfy,
        running(
            Path(folder), config(smtp, ntfy), RUNG_PUBLIC_URL="https://rung.example.com", **telegram.environment
        ) as up,
    ):
        yield World(up, telegram, smtp, ntfy)


def test_a_button_in_telegram_silences_the_ladder_and_the_others_see_who_has_it(world):
    left_alone, alert_id = world.fires("critical"), world.fires("critical")
    anna, bob = world.page(ANNA, alert_id), world.page(BOB, alert_id)
    wait_for(lambda: len(world.events(alert_id, "delivered")) == 2, 10, "both pages being known as sent")
    answer = world.presses(anna, "Acknowledge")
    assert answer["method"] == "answerCallbackQuery"
    assert answer["text"].startswith(f"{alert_id} is yours")
    wait_for(lambda: "anna has it" in world.telegram.messages[bob]["text"], 10, "bob's page saying who has it")
    assert world.telegram.messages[bob]["buttons"] == {}
    world.page(CAROL, left_alone)  # where nobody answered the ladder goes on
    assert world.telegram.in_chat(CAROL, f"alert {alert_id}:") is None
    [taken] = world.events(alert_id, "acknowledged")
    assert (taken["by"], taken["via"]) == ("anna", "telegram")


def test_when_it_is_over_every_page_in_telegram_says_so_and_has_no_buttons(world):
    alert_id = world.fires("critical")
    anna, bob = world.page(ANNA, alert_id), world.page(BOB, alert_id)
    wait_for(lambda: len(world.events(alert_id, "delivered")) == 2, 10, "both pages being known as sent")
    assert "is resolved" in world.presses(bob, "Resolve")["text"]
    for where in (anna, bob):
        wait_for(lambda where=where: world.telegram.messages[where]["buttons"] == {}, 10, "the keyboard going")
        assert "resolved" in world.telegram.messages[where]["text"].lower()


def test_a_mail_is_answered_and_the_ladder_is_silent(world):
    left_alone, alert_id = world.fires("high"), world.fires("high")
    mail = world.mail_to("anna", f"alert {alert_id}:")
    assert "reply ack to this mail" in mail.as_string()
    assert mail["Reply-To"].startswith(f"rung+{alert_id}-")
    assert "was not made for" in world.answers(mail, "resolve", "bob@example.com")
    assert world.answers(mail, "Ack", "Anna <anna@example.com>").startswith(f"{alert_id} is yours")
    assert world.alert(alert_id)["acknowledged_by"] == "anna"
    world.mail_to("bob", "anna has it")
    world.mail_to("carol", f"alert {left_alone}:")
    assert not [each for each in world.smtp.mails if "carol@" in each["To"] and f"alert {alert_id}:" in each["Subject"]]


def test_a_button_of_ntfy_acts_once_and_its_address_is_in_no_log(world):
    alert_id = world.fires("medium")
    sent = wait_for(
        lambda: [
            r.json()
            for r in world.ntfy.requests
            if b"anna-f3k9" in r.body and f"alert {alert_id}:" in r.json()["title"]
        ],
        10,
        "the page",
    )[0]
    address = sent["actions"][0]["url"].replace("https://rung.example.com", world.url)
    assert [requests.post(address, timeout=5).status_code for _ in range(2)] == [200, 200]
    assert world.alert(alert_id)["acknowledged_by"] == "anna"
    token = address.split("/")[-2]
    assert not [name for name in ("web", "worker", "scheduler") if token in world.processes.log(name)]


def test_no_secret_is_in_any_log(world):
    said = "".join(world.processes.log(name) for name in ("web", "worker", "scheduler"))
    assert "acknowledged" in said
    for secret in (SECRET, MAIL_SECRET, BOT_TOKEN, API_TOKEN, SOURCE_TOKEN, "rung+"):
        assert secret not in said
