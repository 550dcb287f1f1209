"""Every callback of Twilio's in the corpus, and ours of the same shapes, through the real door: what the INDEX says."""

import json
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl

import pytest

from core.ledger import Key, State
from core.replies.answering import NOT_UNDERSTOOD
from core.signatures import is_signed_by_twilio
from tests.apps import PUBLIC_URL, App
from tests.samples import PEOPLE
from tests.twilio_side import AUTH_TOKEN, SIGNATURE, answered, heard, signed
from tests.worlds import FakeSender

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
OURS = Path(__file__).parents[1] / "fixtures" / "replies" / "twilio.json"
ALERT, SHORT_ALERT = 4711, 1
PHONES = {"user2": "+15005550123", "user5": "+4915550000001"}
CHANNELS = {
    "email": False,
    "slack": False,
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:secret@+15550009999/{phone}?method=call"},
}


def entries():
    index = CORPUS / "INDEX.json"
    theirs = json.loads(index.read_text("utf-8"))["entries"] if index.exists() else []
    return [*json.loads(OURS.read_text("utf-8")), *(entry for entry in theirs if entry["source"] == "twilio")]


ENTRIES = {entry["file"]: entry for entry in entries()}


def doing(*actions):
    found = [entry for entry in ENTRIES.values() if entry["expected_callback"]["action"] in actions]
    return [pytest.param(entry, id=entry["file"]) for entry in found]


def form_of(entry):
    return entry.get("form") or dict(parse_qsl((CORPUS / entry["file"]).read_text("utf-8"), keep_blank_values=True))


def headers_of(entry):
    return json.loads((CORPUS / entry["headers_file"]).read_text("utf-8")) if "headers_file" in entry else {}


def is_call(entry):
    return "CallSid" in form_of(entry)


@pytest.fixture
def app(client, redis_server, tmp_path):
    """Alerts 1 and 4711 are open; user2 is paged about them by SMS, whatever is asked about, and by phone."""
    people = {name: {**person, "phone": PHONES.get(name, person["phone"])} for name, person in PEOPLE.items()}
    app = App(
        tmp_path,
        redis_server.url,
        replies={"twilio": {"auth_token": AUTH_TOKEN}},
        people=people,
        channels=CHANNELS,
    )
    app.fires("Shop is slow", dedup_key="short")
    app.redis.set("rung:last_id", ALERT - 1)
    assert app.fires("Disk is full", dedup_key="long") == ALERT
    app.dispatcher = app.rung.dispatcher(FakeSender(), 8)
    app.dispatcher.drain(3600)
    yield app
    app.redis.close()


def channel_of(entry):
    return "phone" if is_call(entry) else "sms"


def url_of(app, entry):
    """Where Twilio posts it: a text that came in has one address, what is about a message of ours has its own."""
    if not is_call(entry):
        key = Key(ALERT, 2, "user2", "sms")
        is_status = entry["kind"] == "status-callback"
        return app.rung.links.make_for_delivery("sms", key) if is_status else f"{PUBLIC_URL}/reply/sms"
    url = app.rung.links.make_for_delivery("voice", Key(ALERT, 2, "user2", "phone"))
    return f"{url}/status" if entry["kind"] == "status-callback" else url


def post(app, entry, **headers):
    request = signed(url_of(app, entry), form_of(entry), **headers)
    return app.http.post(request.path, data=request.body, headers=request.headers)


def owner(app, alert_id):
    return app.rung.engine.alert(alert_id)[0].acknowledged_by


def everything(app):
    return {key: app.redis.dump(key) for key in app.redis.scan_iter("rung:*")}


@pytest.mark.parametrize("entry", doing("ack"))
def test_an_acknowledgment_is_one_of_the_alert_by_the_person(app, entry):
    for other in entry.get("pairs_with", ()):
        assert answered(post(app, ENTRIES[other]).text).startswith(f"{ALERT} is yours")
    answer = post(app, entry)
    expected = entry["expected_callback"]
    subject = SHORT_ALERT if expected["subject"].startswith("1 ") else ALERT
    person = next(name for name, number in PHONES.items() if number in expected["actor"])
    assert owner(app, subject) == person
    assert owner(app, SHORT_ALERT if subject == ALERT else ALERT) is None
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    said = heard(answer.text).text if is_call(entry) else answered(answer.text)
    if "idempotent" in expected.get("response", ""):
        assert said == ""
        assert len([e for e in app.events(subject) if e["event"] == "acknowledged"]) == 1
    else:
        assert said.startswith(f"{subject} is yours: ")


@pytest.mark.parametrize("entry", doing("reject"))
def test_what_is_forged_is_refused_and_changes_nothing(app, entry):
    before = everything(app)
    signature = headers_of(entry).get(SIGNATURE, "A" * 27 + "=")
    assert post(app, entry, **{SIGNATURE: signature}).status_code == 403
    assert everything(app) == before


@pytest.mark.parametrize("entry", doing("unsubscribe"))
def test_what_is_for_the_carrier_is_not_answered(app, entry):
    before = app.record(ALERT), app.record(SHORT_ALERT)
    answer = post(app, entry)
    assert (answer.status_code, answered(answer.text)) == (200, "")
    assert (app.record(ALERT), app.record(SHORT_ALERT)) == before


@pytest.mark.parametrize("entry", doing("none", "fetch-twiml"))
def test_what_is_no_answer_changes_nothing_and_is_asked_again(app, entry):
    before = app.record(ALERT), app.record(SHORT_ALERT)
    answer = post(app, entry)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    if is_call(entry):
        assert heard(answer.text).text.startswith(f"Alert {ALERT}, critical: Disk is full. Nobody has answered yet.")
        assert heard(answer.text).keys_at
    else:
        assert answered(answer.text) == NOT_UNDERSTOOD
    assert (app.record(ALERT), app.record(SHORT_ALERT)) == before


@pytest.mark.parametrize("entry", doing("delivery-status"))
def test_what_became_of_a_message_is_in_the_ledger(app, entry):
    expected, key = entry["expected_callback"], Key(ALERT, 2, "user2", channel_of(entry))
    sent = app.rung.ledger.entries(ALERT)["2/user2/sms"].model_copy(update={"provider_id": expected["subject"]})
    app.redis.hset(f"rung:ledger:{ALERT}", key.field, sent.dump())
    for _ in range(2):
        assert post(app, entry).status_code == 204
    found = app.rung.ledger.entries(ALERT)[key.field]
    assert (found.receipt, found.provider_id) == (expected["status"], expected["subject"])
    assert found.state is (State.SENT if expected["status"] == "delivered" else State.FAILED)
    assert expected.get("error_code", "") in (found.error or "")
    assert len([e for e in app.events(ALERT) if e["event"] == "notification_failed"]) == (found.state is State.FAILED)


def test_every_entry_has_a_test():
    told = [
        param.values[0]["file"]
        for param in doing("ack", "reject", "unsubscribe", "none", "fetch-twiml", "delivery-status")
    ]
    assert sorted(told) == sorted(ENTRIES)
    assert len(told) >= len(json.loads(OURS.read_text("utf-8")))


@pytest.mark.skipif(not (CORPUS / "INDEX.json").exists(), reason="the corpus is not here")
def test_the_signatures_of_the_corpus_are_good_for_its_own_addresses():
    theirs = [entry for entry in ENTRIES.values() if "auth_vector" in entry]
    assert theirs
    for entry in theirs:
        vector = entry["auth_vector"]
        form = parse_qs((CORPUS / entry["file"]).read_text("utf-8"), keep_blank_values=True)
        is_good = is_signed_by_twilio(vector["auth_token"], vector["url"], form, headers_of(entry)[SIGNATURE])
        assert is_good is (entry["kind"] != "hostile"), entry["file"]
