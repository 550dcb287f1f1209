"""Every callback of Slack's in the corpus, and ours of the same shapes, through the real door: what the INDEX says."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.signatures import is_signed_by_slack
from tests.adapters.fake_slack import SIGNING_SECRET, signed
from tests.apps import App
from tests.functions.slack_side import KNOWN, REPLIES, numbered, post, stands_at

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
OURS = Path(__file__).parents[1] / "fixtures" / "replies" / "slack.json"
ALERT = 4711
NOW = 1774771200
LATER = 1200  # seconds, after which it is a replay
DONE = {"ack": "acknowledged", "resolve": "resolved", "escalate": "escalated", "snooze": "snoozed"}


def entries():
    index = CORPUS / "INDEX.json"
    theirs = json.loads(index.read_text("utf-8"))["entries"] if index.exists() else []
    return [*json.loads(OURS.read_text("utf-8")), *(entry for entry in theirs if entry["source"] == "slack")]


ENTRIES = {entry["file"]: entry for entry in entries()}


def expecting(*actions):
    found = [entry for entry in ENTRIES.values() if entry["expected_callback"]["action"] in actions]
    return [pytest.param(entry, id=entry["file"]) for entry in found]


def now_of(entry):
    return entry.get("auth_vector", {}).get("now", NOW)


def headers_of(entry, body):
    if "headers_file" in entry:
        return json.loads((CORPUS / entry["headers_file"]).read_text("utf-8"))
    proofs = {
        "right": lambda: signed(body, NOW),
        "stale": lambda: signed(body, NOW - LATER),
        "forged": lambda: signed(body, NOW, "another secret"),
    }
    return entry.get("headers", {}) | proofs.get(entry.get("sign"), dict)()


@pytest.fixture
def app(client, redis_server, tmp_path, said):
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=KNOWN)
    yield app
    app.redis.close()


def arrives(app, entry):
    """Slack sends it, by its own clock, while alert 4711 is open, whose page stands where the entries say."""
    app.now = datetime.fromtimestamp(now_of(entry), UTC)
    if not app.redis.exists(f"rung:alert:{ALERT}"):
        numbered(app, ALERT)
        assert app.fires() == ALERT
        stands_at(app, ALERT)
    body = entry["body"].encode() if "body" in entry else (CORPUS / entry["file"]).read_bytes()
    kind = entry.get("content_type") or entry.get("http", {}).get("content_type", "")
    return post(app, body, kind, {key: v for key, v in headers_of(entry, body).items() if key != "Content-Type"})


def answers(app):
    return [event for event in app.events(ALERT) if event.get("via") == "slack"]


def test_every_entry_has_a_test_and_what_is_ours_needs_no_corpus():
    actions = {entry["expected_callback"]["action"] for entry in ENTRIES.values()}
    assert actions == {*DONE, "none", "reject", "challenge", "slash-command"}
    assert len(ENTRIES) >= 21
    assert {entry.get("auth_vector", {}).get("signing_secret", SIGNING_SECRET) for entry in ENTRIES.values()} == {
        SIGNING_SECRET
    }


@pytest.mark.parametrize("entry", expecting(*DONE))
def test_what_was_said_is_done_by_who_said_it(app, entry):
    answer = arrives(app, entry)
    assert answer.status_code == 200
    event = DONE[entry["expected_callback"]["action"]]
    assert [(each["event"], each["by"]) for each in answers(app)] == [(event, "user2")]
    arrives(app, entry)
    if "thread" in entry["file"]:
        assert len(answers(app)) == 1


@pytest.mark.parametrize("entry", expecting("none"))
def test_what_asks_for_nothing_is_answered_and_does_nothing(app, entry):
    answer = arrives(app, entry)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answers(app) == []


@pytest.mark.parametrize("entry", expecting("reject"))
def test_what_cannot_be_believed_is_turned_away_and_does_nothing(app, entry):
    assert arrives(app, entry).status_code == 403
    assert answers(app) == []


@pytest.mark.parametrize("entry", expecting("challenge"))
def test_a_signed_challenge_is_given_back(app, entry):
    body = entry.get("body") or (CORPUS / entry["file"]).read_text("utf-8")
    assert arrives(app, entry).json == {"challenge": json.loads(body)["challenge"]}


@pytest.mark.parametrize("entry", expecting("slash-command"))
def test_a_command_of_a_stranger_is_answered_to_them_alone(app, entry):
    answer = arrives(app, entry)
    assert answer.json["response_type"] == "ephemeral"
    assert "does not know you" in answer.json["text"]
    assert answers(app) == []
    app.now = datetime.fromtimestamp(now_of(entry) + LATER, UTC)
    body = entry["body"].encode() if "body" in entry else (CORPUS / entry["file"]).read_bytes()
    late = post(app, body, headers={k: v for k, v in headers_of(entry, body).items() if k != "Content-Type"})
    assert late.status_code == 403


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_the_public_vectors_are_read_by_the_real_code():
    vectors = json.loads((CORPUS / "signature-vectors.json").read_text("utf-8"))
    vectors = vectors if isinstance(vectors, list) else vectors["vectors"]
    ours = [vector for vector in vectors if vector["scheme"] == "slack-v0"]
    assert len(ours) == 3
    for vector in ours:
        body, now = vector["body"].encode(), datetime.fromtimestamp(vector["now"], UTC)
        read = is_signed_by_slack(vector["signing_secret"], body, vector["signature"], vector["timestamp"], now)
        assert read is vector["valid"]
