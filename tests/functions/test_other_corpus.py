"""Every callback of the corpus from Telegram, ntfy and mail gateways through the real door: what the INDEX says.

Addresses and tokens are made for our Rung, the rest is as it came. Fixtures of the same shapes stand in test_reply_*.
"""

import json
from datetime import UTC, datetime

import pytest

from core.ledger import Key
from core.signatures import is_signed_by_mailgun
from tests.apps import PUBLIC_URL, App
from tests.functions.other_ways import CORPUS, GROUP, SECRET, address, came_of, changes, numbered, stands_at, who_has

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout")

SOURCES = {"telegram", "ntfy", "postmark", "mailgun", "sendgrid"}
ALERT = 4711


def entries():
    index = CORPUS / "INDEX.json"
    found = json.loads(index.read_text("utf-8"))["entries"] if index.exists() else []
    return {entry["file"]: entry for entry in found if entry["source"] in SOURCES}


ENTRIES = entries()


def body_of(name):
    return (CORPUS / name).read_bytes()


def headers_of(name):
    return json.loads((CORPUS / ENTRIES[name]["headers_file"]).read_text("utf-8"))


@pytest.fixture
def open_app(client, redis_server, tmp_path):
    opened = []

    def start(provider="plain", **replies):
        opened.append(App(tmp_path, redis_server.url, **changes(provider, **replies)))
        numbered(opened[-1], ALERT)
        opened[-1].fires()
        return opened[-1]

    yield start
    for app in opened:
        app.redis.close()


def telegram(app, name):
    return app.http.post("/reply/telegram", data=body_of(name), headers=headers_of(name))


def test_all_of_them_are_looked_at():
    assert set(ENTRIES) == {
        "mailgun-inbound-route.form",
        "ntfy-http-action-ack.json",
        "postmark-inbound-reply-ack.json",
        "postmark-inbound-test-button.json",
        "sendgrid-inbound-parse.multipart",
        "telegram-callback-query-ack.json",
        "telegram-group-command-reply-ack.json",
        "telegram-start-deep-link.json",
        "telegram-wrong-secret.json",
    }


def test_a_button_in_telegram_acknowledges(open_app):
    app = open_app()
    answer = telegram(app, "telegram-callback-query-ack.json")
    assert (answer.status_code, answer.json["method"]) == (200, "answerCallbackQuery")
    assert who_has(app, ALERT) == ("acknowledged", "user2")


def test_a_command_under_a_page_in_a_group_acknowledges(open_app):
    app = open_app()
    app.fires("another", dedup_key="another")
    stands_at(app, ALERT, f"{GROUP}:173")
    answer = telegram(app, "telegram-group-command-reply-ack.json")
    assert (answer.status_code, answer.json["chat_id"]) == (200, GROUP)
    assert who_has(app, ALERT) == ("acknowledged", "user2")
    assert who_has(app, ALERT + 1) == ("pending", None)


def test_the_start_of_a_bot_says_who_one_is(open_app):
    answer = telegram(open_app(), "telegram-start-deep-link.json")
    assert answer.status_code == 200
    assert answer.json["text"].startswith("You are user2.")


def test_the_wrong_secret_changes_nothing(open_app):
    app = open_app()
    assert telegram(app, "telegram-wrong-secret.json").status_code == 403
    assert who_has(app, ALERT) == ("pending", None)


def test_a_button_of_ntfy_acknowledges_once(open_app):
    app = open_app()
    [field] = [each for each in app.rung.ledger.entries(ALERT) if each.endswith("/ntfy")]
    path = app.rung.links.make_for_delivery("ntfy", Key.parse(ALERT, field)).removeprefix(PUBLIC_URL)
    name = "ntfy-http-action-ack.json"
    for _ in range(2):
        answer = app.http.post(f"{path}/acknowledge", data=body_of(name), headers=headers_of(name))
        assert answer.status_code == 200
    assert [event["event"] for event in app.events(ALERT) if event.get("by")] == ["acknowledged"]
    assert who_has(app, ALERT) == ("acknowledged", "user2")


def test_a_reply_by_postmark_acknowledges_once_whatever_it_quotes(open_app):
    app = open_app("postmark")
    body = body_of("postmark-inbound-reply-ack.json")
    ours = body.replace(b"incident+4711@inbound.example.com", address(app, ALERT).encode())
    for sent in (body, ours, ours):
        answer = app.http.post(f"/reply/email?token={'secret-of-the-gateway'}", data=sent)
        assert answer.status_code == 200
    assert [event["event"] for event in app.events(ALERT) if event.get("by")] == ["acknowledged"]
    assert who_has(app, ALERT) == ("acknowledged", "user2")


def test_the_test_button_of_postmark_is_answered_well(open_app):
    app = open_app("postmark")
    name = "postmark-inbound-test-button.json"
    assert app.http.post("/reply/email", data=body_of(name), headers=headers_of(name)).status_code == 401
    answer = app.http.post("/reply/email?token=secret-of-the-gateway", data=body_of(name))
    assert came_of(answer) == "nothing was done: its address was not made for who sent it"
    assert who_has(app, ALERT) == ("pending", None)


def test_the_route_of_mailgun_is_verified_by_its_public_key_and_answered_well(open_app):
    name = "mailgun-inbound-route.form"
    vector = ENTRIES[name]["auth_vector"]
    app = open_app("mailgun", email={"provider": "mailgun", "secret": vector["signing_key"]})
    sent_at = datetime.fromtimestamp(1461261330, UTC)
    for now, status in ((sent_at, 200), (sent_at.replace(hour=18, minute=1), 403)):
        app.now = now
        answer = app.http.post("/reply/email", data=body_of(name), headers=headers_of(name))
        assert answer.status_code == status
    assert who_has(app, ALERT) == ("pending", None)


def test_the_signature_of_mailgun_is_of_the_timestamp_and_the_token():
    """The public vector, without a door around it."""
    proof = ("1461261330", "06c96bafc3f42a66b9edd546347a2fe18dc23461fe80dc52f0")
    signature = "3e24f71c7e802be94c5abca2fd6ca6957cca2e1e2396d26716b87e1ca8c56634"
    now = datetime.fromtimestamp(1461261330, UTC)
    assert is_signed_by_mailgun("TEST_WEBHOOK_SIGNING_KEY", *proof, signature, now)
    assert not is_signed_by_mailgun(SECRET, *proof, signature, now)


def test_inbound_parse_of_sendgrid_is_answered_well(open_app):
    app = open_app("sendgrid")
    name = "sendgrid-inbound-parse.multipart"
    answer = app.http.post("/reply/email?token=secret-of-the-gateway", data=body_of(name), headers=headers_of(name))
    assert came_of(answer) == "nothing was done: its address was not made for who sent it"
    assert who_has(app, ALERT) == ("pending", None)
