"""Any text whatever as an SMS: it raises nothing, acts on nothing it does not mean, and is answered in words."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.replies.answering import HELP, NOT_UNDERSTOOD, NOTHING_OPEN
from core.replies.sms_parts import MOST_PARTS, parts
from tests.apps import PUBLIC_URL, App
from tests.samples import PEOPLE
from tests.twilio_side import AUTH_TOKEN, answered, signed, text_form

CARRIERS = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "yes", "unstop"}
WORDS = [
    *["ack", "ACK", "a", "acknowledge", "resolve", "r", "close", "escalate", "e", "snooze", "s", "note", "n", "update"],
    *["status", "help", "all", "alert", "1", "2", "3", "42", "#1", "2h", "90m", "for", "and", "my", "way", "1a", "2r"],
    *[
        "stop",
        "yes",
        "please",
        "not",
        ".",
        ",",
        "!",
        "-",
        "\n",
        "😡",
        "'",
        "\N{FULLWIDTH DIGIT ONE}",
        "²",
        "٣",
        "0",
        "99999999999999999999",
    ],
]
TEXTS = (
    st.text() | st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join) | st.text(alphabet="ackresolv 123.,#-all\n")
)
IN_WORDS = re.compile(
    "|".join(
        [
            *(re.escape(words) for words in (HELP, NOT_UNDERSTOOD, NOTHING_OPEN)),
            r"Somebody has all of them already\.",
            r"[\d, -]+ (is|are) yours\.",
            r"\d+ is yours: Disk is full\. Nobody else is paged\.",
            r"\d+ is resolved: Disk is full\.",
            r"\d+ is escalated: level \d \(\w+\) is paged\.",
            r"\d+ is snoozed until .+ UTC: Disk is full\.",
            r"\d+ has your note, and is yours: Disk is full\.",
            r"\d+ (is|are) open: .*Disk is full\.( Nothing was done: reply \w+ \d+( or ack all)?\.)?",
            r"There is no alert \d+\.",
        ]
    ),
    re.DOTALL,
)


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, replies={"twilio": {"auth_token": AUTH_TOKEN}})
    yield app
    app.redis.close()


def send(app, text):
    form = text_form(text, PEOPLE["user2"]["phone"])
    request = signed(f"{PUBLIC_URL}/reply/sms", form)
    return app.http.post(request.path, data=request.body, headers=request.headers)


def named(text):
    """Every number that stands in the text in digits of any kind."""
    return {int(found) for found in re.findall(r"\d+", unicodedata.normalize("NFKC", text))}


def is_for_the_carrier(text):
    return re.sub(r"^\W+|\W+$", "", unicodedata.normalize("NFKC", text)).strip("_").lower() in CARRIERS


@pytest.mark.parametrize("open_alerts", [0, 1, 3])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
@example("ack")
@example("ack all")
@example("1")
@example("ack 2")
@example("snooze 2h")
@example("note 2 and 3")
@example("ack 41, 2")
@example("\x00")
@example("ack\N{ZERO WIDTH SPACE}2")
@example("STOP")
@example("a" * 5000)
def test_any_text_whatever(app, open_alerts, text):
    app.redis.flushall()
    ids = [app.fires(dedup_key=str(n)) for n in range(open_alerts)]
    before = {alert_id: app.record(alert_id) for alert_id in ids}
    answer = send(app, text)
    assert answer.status_code == 200
    changed = {alert_id for alert_id in ids if app.record(alert_id) != before[alert_id]}
    if changed and len(ids) != 1:
        assert changed <= named(text) or re.search(r"\ball\b", text, re.IGNORECASE)
    said = answered(answer.text)
    if is_for_the_carrier(text):
        assert (said, changed) == ("", set())
    else:
        assert IN_WORDS.fullmatch(said), said
        assert parts(said) <= MOST_PARTS
