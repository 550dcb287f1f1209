"""The page whose button was pressed says what became of it, and loses its buttons; a refusal leaves it as it is."""

import pytest

from core.adapters.telegram_answers import bot_of
from core.commands import Acknowledge
from core.rules import Rules
from tests.adapters.fake_telegram import BOT_TOKEN, FakeTelegram
from tests.adapters.servers import Answer
from tests.apps import App
from tests.conftest import wait_for
from tests.functions.other_ways import JOHNNY, changes, pressing, send, who_has

WHERE = (JOHNNY, 173)
BUTTONS = {"Acknowledge": "ack:1"}


@pytest.fixture
def telegram(monkeypatch):
    with FakeTelegram() as telegram:
        for name, value in telegram.environment.items():
            monkeypatch.setenv(name, value)
        telegram.messages[WHERE] = {"text": "CRITICAL: alert 1: <Disk> is full", "buttons": BUTTONS}
        yield telegram


@pytest.fixture
def app(client, redis_server, tmp_path):
    ours = changes()
    ours["channels"] |= {"telegram": {"url": f"tgram://{BOT_TOKEN}/{{telegram}}"}, "email": {"url": "json://localhost"}}
    ours["channels"] |= dict.fromkeys(("sms", "slack", "phone", "ntfy"), False)
    ours["escalation"]["policies"] = {"critical": ours["escalation"]["policies"]["critical"] | {"levels": LEVELS}}
    ours["escalation"] |= {"default_policy": "critical", "catch_all": []}
    app = App(tmp_path, redis_server.url, **ours)
    yield app
    app.redis.close()


LEVELS = [
    {
        "level": "primary",
        "delay": 0,
        "notification_channels": ["telegram"],
        "responders": ["user2"],
        "timeout": 300,
    }
]


def test_the_page_says_who_has_it_and_its_buttons_go(app, telegram):
    app.fires("<Disk> is full")
    assert send(app, pressing("ack:1")).status_code == 200
    wait_for(lambda: telegram.messages[WHERE]["buttons"] == {}, 10, "the page changing")
    assert telegram.messages[WHERE]["text"] == "user2: 1 is yours: <Disk> is full. Nobody else is paged."


def test_of_two_who_share_an_id_the_page_names_the_one_whom_the_timeline_names(app, telegram):
    people = app.rung.config.people
    with_twin = {"another": people["user2"], **people}
    app.rung.engine.rules = Rules(app.rung.config.model_copy(update={"people": with_twin}))
    app.fires()
    assert send(app, pressing("ack:1")).status_code == 200
    wait_for(lambda: telegram.messages[WHERE]["buttons"] == {}, 10, "the page changing")
    assert telegram.messages[WHERE]["text"].startswith("user2: 1 is yours")
    assert who_has(app, 1) == ("acknowledged", "user2")


def test_a_refusal_is_for_the_presser_alone(app, telegram):
    app.fires()
    app.does(1, Acknowledge("user5", "sms"))
    assert send(app, pressing("ack:1")).json["show_alert"] is True
    assert telegram.messages[WHERE]["buttons"] == BUTTONS
    assert telegram.calls == []


def test_a_telegram_that_cannot_be_told_changes_nothing_and_its_token_is_in_no_log(app, telegram, caplog):
    app.fires()
    telegram.fails["editMessageText"] = [Answer(500)]
    assert send(app, pressing("ack:1")).status_code == 200
    wait_for(lambda: "was not changed" in caplog.text, 10, "a line in the log")
    assert BOT_TOKEN not in caplog.text
    assert BOT_TOKEN.partition(":")[2] not in caplog.text


@pytest.mark.parametrize(
    ("urls", "bot"),
    [
        ([], ""),
        (["", "slack://x@y"], ""),
        ([f"tgram://{BOT_TOKEN}/1"], BOT_TOKEN),
        ([f" TGRAM://bot{BOT_TOKEN}/{{telegram}}?silent=yes"], BOT_TOKEN),
        ([f"tgram://{BOT_TOKEN}@evil.example/1"], ""),
        (["tgram://123/1"], ""),
    ],
)
def test_the_bot_is_the_one_that_pages_go_out_by(urls, bot):
    assert bot_of(urls) == bot
