"""Stories of people with a phone: Rung's own processes, a Twilio that is as strict as the real one, and no shortcut.

Times are shrunk where time itself is the story; everywhere else levels are minutes apart, so that what happens within
seconds happened because of an answer or a receipt.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.conftest import wait_for
from tests.processes import API_TOKEN, ROOT, SOURCE_TOKEN, Api, running
from tests.twilio_server import TwilioServer
from tests.twilio_side import ACCOUNT, AUTH_TOKEN, SENDER

PUBLIC = "https://rung.example.com"
ANNA, BOB, CAROL, OPERATOR = "+15550100001", "+15550100002", "+15550100003", "+15550100009"
TWILIO = f"twilio://{ACCOUNT}:{AUTH_TOKEN}@{SENDER}"


def ladder(first: list[str], second: list[str], seconds: int, people: tuple[str, str] = ("anna", "bob")) -> dict:
    """One person first, another so many seconds later."""
    levels = [
        {"level": "first", "delay": 0, "notification_channels": first, "responders": [people[0]], "timeout": 1},
        {"level": "second", "delay": seconds, "notification_channels": second, "responders": [people[1]], "timeout": 1},
    ]
    return {"levels": levels, "repeat_interval": 7200, "max_repeats": 0, "sla_timeout": 3600}


CONFIG = {
    "escalation": {
        "policies": {
            "critical": ladder(["sms"], ["sms", "phone"], 600),
            "high": ladder(["phone"], ["phone", "sms"], 600),
            "medium": ladder(["sms"], ["sms"], 4),
            "low": ladder(["sms"], ["sms", "phone"], 600, ("carol", "bob")),
            "operators": ladder(["sms"], ["sms"], 600, ("operator", "operator")),
        },
        "default_policy": "critical",
        "catch_all": [],
        "reopen_within": 300,
    },
    "people": {
        "anna": {"phone": ANNA},
        "bob": {"phone": BOB},
        "carol": {"phone": CAROL},
        "operator": {"phone": OPERATOR},
    },
    "channels": {"sms": {"url": f"{TWILIO}/{{phone}}"}, "phone": {"url": f"{TWILIO}/{{phone}}?method=call"}},
    "sources": {
        "generic": {"token": SOURCE_TOKEN},
        "rung": {"type": "generic", "policy": "operators"},
    },
    "bundling": {"after": 0},
    "replies": {"twilio": {"auth_token": AUTH_TOKEN}},
}


class World:
    """`world.fires("critical")`, `world.twilio`, `world.alert(1)`."""

    def __init__(self, processes, twilio: TwilioServer) -> None:
        self.processes, self.twilio = processes, twilio
        self.api = Api(processes.url)
        self._keys = 0

    def fires(self, severity: str, title: str = "Disk is full") -> int:
        self._keys += 1
        body = {"title": title, "severity": severity, "dedup_key": f"key-{self._keys}"}
        answer = self.api.post_until_accepted("/ingest/generic", body, SOURCE_TOKEN)
        return answer["alerts"][0]["id"]

    def alert(self, alert_id: int) -> dict:
        return self.api.get(f"/alerts/{alert_id}")

    def told(self, alert_id: int) -> dict[str, str]:
        """What became of each notification, by channel and person."""
        found = self.alert(alert_id)["notifications"]
        return {f"{n['responder']} {n['channel']}": n["receipt"] or n["state"] for n in found}

    def events(self, alert_id: int, *kinds: str) -> list[dict]:
        return [e for e in self.api.get(f"/alerts/{alert_id}/timeline")["events"] if e["event"] in kinds]

    def ends(self) -> None:
        """All is over, and every phone has forgotten what came."""
        for alert in self.api.get("/alerts?limit=50")["alerts"]:
            self.api.post_until_accepted(f"/alerts/{alert['id']}/resolve", {"by": "operator"}, API_TOKEN)
        self.twilio.texts.clear()
        self.twilio.calls.clear()
        self.twilio.opted_out.clear()


@pytest.fixture(scope="module")
def running_world():
    with (
        tempfile.TemporaryDirectory(prefix="rung-phone-") as folder,  # short: a socket's path has a limit
        TwilioServer(Path(folder), PUBLIC) as twilio,
        running(Path(folder), CONFIG, RUNG_PUBLIC_URL=PUBLIC, **twilio.environment) as processes,
    ):
        twilio.rung = processes.url
        yield World(processes, twilio)


@pytest.fixture
def world(running_world):
    yield running_world
    assert running_world.twilio.complaints == []
    running_world.ends()


def test_paged_by_text_somebody_texts_ack_and_has_it_and_from_then_on_there_is_silence(world):
    left_alone = world.fires("medium", "Nobody answers this one")
    alert_id = world.fires("medium", "Disk is full")
    text = wait_for(
        lambda: next((t for t in world.twilio.texts if f"alert {alert_id}:" in t.body), None), 10, "the page"
    )
    assert text.to == ANNA
    assert text.body.splitlines()[-1].startswith(f"Answer: reply ack {alert_id}, or {PUBLIC}/a/")
    world.twilio.becomes(text, "delivered")
    said = world.twilio.reply(ANNA, f"Ack {alert_id}.")
    assert said == f"{alert_id} is yours: Disk is full. Nobody else is paged."
    second = world.twilio.text_to(BOB)
    assert f"alert {left_alone}:" in second.body, "the one that nobody answered goes up at the same instant"
    wait_for(lambda: world.events(left_alone, "delivered")[1:], 10, "the page of the other alert in the timeline")
    assert [t.to for t in world.twilio.texts if f"alert {alert_id}:" in t.body] == [ANNA]
    assert world.told(alert_id) == {"anna sms": "delivered"}
    [answer] = world.alert(alert_id)["responses"]
    assert (answer["response"], answer["by"], answer["via"]) == ("acknowledgment", "anna", "sms")
    assert world.twilio.reply(BOB, f"ack {alert_id}").startswith(f"Alert {alert_id} was acknowledged by anna ")


def test_with_two_open_the_answer_lists_them_and_one_word_takes_both(world):
    first, second = world.fires("critical", "Disk is full"), world.fires("critical", "Shop is slow")
    wait_for(lambda: len(world.twilio.texts) == 2, 10, "two texts")
    said = world.twilio.reply(ANNA, "ack")
    assert said.startswith("2 are open: ")
    assert said.endswith(f"Nothing was done: reply ack {second} or ack all.")
    assert world.twilio.reply(ANNA, "ack all") == f"{first}-{second} are yours."


def test_a_text_that_is_not_delivered_becomes_a_call_at_once(world):
    alert_id = world.fires("critical")
    world.twilio.becomes(world.twilio.text_to(ANNA), "undelivered", ErrorCode="30003")
    call = world.twilio.call_to(ANNA)
    assert call.speech.text.startswith(f"This is Rung. Alert {alert_id}, critical: Disk is full.")
    wait_for(lambda: world.told(alert_id) == {"anna sms": "undelivered", "anna phone": "sent"}, 5, "the ledger")
    [failed] = world.events(alert_id, "notification_failed")
    assert failed["reason"] == "undelivered: the phone is switched off, or out of reach (Twilio error 30003)"


def test_a_call_speaks_three_times_and_key_one_acknowledges(world):
    alert_id = world.fires("high")
    call = world.twilio.call_to(ANNA)
    assert call.speech.times == 3
    world.twilio.finds(call, "human")
    silence = world.twilio.press(call, None)
    assert "Nobody has answered yet" in silence.text
    assert world.alert(alert_id)["acknowledged_by"] is None, "silence is no answer"
    said = world.twilio.press(call, "1", silence.keys_at)
    assert said.text.startswith(f"{alert_id} is yours: Disk is full.")
    world.twilio.ends(call, "completed")
    assert world.alert(alert_id)["acknowledged_by"] == "anna"
    assert world.told(alert_id) == {"anna phone": "answered"}
    assert [answer["via"] for answer in world.alert(alert_id)["responses"]] == ["phone"]


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
def test_a_call_that_nobody_hears_becomes_a_text_at_once(world, status):
    alert_id = world.fires("high")
    world.twilio.ends(world.twilio.call_to(ANNA), status)
    assert f"alert {alert_id}: Disk is full" in world.twilio.text_to(ANNA).body
    wait_for(lambda: world.told(alert_id) == {"anna phone": status, "anna sms": "sent"}, 5, "the ledger")


def test_a_machine_that_picks_up_is_no_answer(world):
    alert_id = world.fires("high")
    world.twilio.finds(world.twilio.call_to(ANNA), "machine_start")
    assert f"alert {alert_id}: Disk is full" in world.twilio.text_to(ANNA).body
    assert world.alert(alert_id)["acknowledged_by"] is None


def test_when_nothing_reaches_somebody_the_next_level_is_paged_at_once_and_not_in_ten_minutes(world):
    alert_id = world.fires("critical")
    world.twilio.becomes(world.twilio.text_to(ANNA), "failed", ErrorCode="30008")
    world.twilio.ends(world.twilio.call_to(ANNA), "no-answer")
    assert f"alert {alert_id}:" in world.twilio.text_to(BOB).body
    [skipped] = world.events(alert_id, "skipped")
    assert skipped["reason"] == "none of its pages could be delivered"


def test_whoever_has_texted_stop_is_called_instead_and_operators_hear_why(world):
    assert world.twilio.reply(CAROL, "STOP") == ""
    world.twilio.opted_out.add(CAROL)
    alert_id = world.fires("low")
    assert f"Alert {alert_id}, low" in world.twilio.call_to(CAROL).speech.text
    assert "channel sms turns carol away" in world.twilio.text_to(OPERATOR).body
    wait_for(lambda: world.told(alert_id) == {"carol sms": "failed", "carol phone": "sent"}, 5, "the ledger")


def test_a_stranger_hears_nothing(world):
    world.fires("critical")
    world.twilio.text_to(ANNA)
    for words in ("status", "ack 1", "help"):
        assert world.twilio.reply("+15550199999", words) == ""


def page(world, channel: str) -> str:
    command = [sys.executable, "-m", "functions.commands", "page", "anna", "--channel", channel]
    done = subprocess.run(
        command, env=world.processes.env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_a_test_page_proves_the_way_there_and_the_way_back(world):
    assert page(world, "sms").startswith("sms: sent (id SM")
    text = world.twilio.text_to(ANNA)
    assert text.body.endswith("Reply status to prove that answers arrive.")
    assert world.twilio.reply(ANNA, "status") == "Nothing is open that you were paged about."
    assert page(world, "phone").startswith("phone: sent (id CA")
    call = world.twilio.call_to(ANNA)
    assert call.speech.text.endswith("Press any key to prove that answers arrive.")
    assert world.twilio.press(call, "5").text == "Key 5 was heard: answers on the phone work. Goodbye."


def test_no_log_holds_the_token_or_a_number(world):
    logs = "".join(world.processes.log(name) for name in ("web", "worker", "scheduler"))
    assert AUTH_TOKEN not in logs
    assert ANNA.removeprefix("+") not in logs
