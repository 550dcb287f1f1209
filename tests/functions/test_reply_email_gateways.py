"""POST /reply/email as Mailgun, Postmark and SendGrid post it: each one's proof, shape and traps."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apps import App
from tests.functions.gateways import BOUNDARY, PROVIDERS, hand_on, shape, signed
from tests.functions.other_ways import MAIL_SECRET, came_of, changes, who_has

PENDING = ("pending", None)
TAKEN = ("acknowledged", "user2")


@pytest.fixture
def open_app(client, redis_server, tmp_path):
    """Give the application with the gateway that the test names."""
    opened = []

    def start(provider):
        opened.append(App(tmp_path, redis_server.url, **changes(provider)))
        return opened[-1]

    yield start
    for app in opened:
        app.redis.close()


@pytest.fixture(params=PROVIDERS)
def gateway(request, open_app):
    return open_app(request.param), request.param


def test_a_reply_is_taken_once_and_for_what_stands_above_the_quote(gateway):
    app, provider = gateway
    app.fires()
    assert came_of(hand_on(app, provider, shape(app, provider))).startswith("1 is yours")
    assert who_has(app, 1) == TAKEN
    assert [event["event"] for event in app.events(1) if event.get("by")] == ["acknowledged"]


def test_who_does_not_show_the_proof_is_turned_away(gateway):
    app, provider = gateway
    app.fires()
    proof = {"signed": signed(app, key="wrong")} if provider == "mailgun" else {"secret": "wrong"}
    assert hand_on(app, provider, shape(app, provider), **proof).status_code in {401, 403}
    assert who_has(app, 1) == PENDING


def test_a_mail_that_is_handed_on_again_acts_once(gateway):
    app, provider = gateway
    app.fires()
    body = shape(app, provider, text="escalate")
    for token in ("a", "b"):
        hand_on(app, provider, body, **({"signed": signed(app, token * 50)} if provider == "mailgun" else {}))
    assert [event["event"] for event in app.events(1)].count("escalated") == 1


FORGED = {
    "mailgun": {
        "from": "eve@evil.example",
        "message_headers": [["From", "eve@evil.example"], ["X-Mailgun-Spf", "Pass"]],
    },
    "postmark": {"From": "eve@evil.example"},
    "sendgrid": {"from": "eve@evil.example"},
}


def test_the_address_is_good_for_its_person_alone(gateway):
    app, provider = gateway
    app.fires()
    assert "nothing was done" in came_of(hand_on(app, provider, shape(app, provider, **FORGED[provider])))
    assert who_has(app, 1) == PENDING


FAILED = {
    "mailgun": [
        {"message_headers": [["X-Mailgun-Spf", "Fail"], ["From", "johnny@example.com"], ["X-Mailgun-Spf", "Pass"]]},
        {"message_headers": [["X-Mailgun-Dkim-Check-Result", "Fail"], ["X-Mailgun-Spf", "Pass"]]},
        {"message_headers": [["X-Mailgun-Spf", "SoftFail"]]},
        {"sender": "eve@evil.example", "message_headers": [["X-Mailgun-Spf", "Pass"]]},
        {"sender": "", "message_headers": [["X-Mailgun-Spf", "Pass"]]},
        {
            "sender": "eve@evil.example",
            "message_headers": [
                ["X-Mailgun-Dkim-Check-Result", "Pass"],
                ["Dkim-Signature", "v=1; d=evil.example; b=x"],
                ["Dkim-Signature", "v=1; d=example.com; b=forged"],
            ],
        },
        {
            "sender": "eve@evil.example",
            "message_headers": [
                ["X-Mailgun-Dkim-Check-Result", "Pass"],
                ["Dkim-Signature", f"v=1; zz={'x' * 9_000}; d=evil.example; b=x"],
            ],
        },
        {
            "sender": "eve@evil.example",
            "message_headers": [
                ["X-Mailgun-Dkim-Check-Result", "Pass"],
                ["Dkim-Signature", f"v=1; zz={'x' * 9_000}; d=evil.example; b=x"],
                ["Dkim-Signature", "v=1; d=example.com; b=forged"],
            ],
        },
    ],
    "postmark": [
        {"Headers": [{"Name": "Received-SPF", "Value": "Fail"}, {"Name": "Received-SPF", "Value": "Pass"}]},
        {"Headers": [{"Name": "Received-SPF", "Value": "softfail (x) envelope-from=johnny@example.com"}]},
        {"Headers": [{"Name": "Received-SPF", "Value": "Pass (x) envelope-from=eve@evil.example; x"}]},
        {"Headers": [{"Name": "Received-SPF", "Value": "Pass (x) identity=helo; helo=evil.example; receiver=x"}]},
        {"Headers": [{"Name": "Received-SPF", "Value": 'Pass envelope-from="johnny@example.com"@evil.example'}]},
        {"Headers": [{"Name": "Received-SPF", "Value": 'Pass envelope-from="johnny@example.com; "@evil.example'}]},
        {
            "Headers": [
                {
                    "Name": "Received-SPF",
                    "Value": "Pass helo=; envelope-from=johnny@example.com; envelope-from=eve@evil.example",
                }
            ]
        },
    ],
    "sendgrid": [
        {"dkim": "{@example.com : fail}"},
        {"SPF": "fail"},
        {"SPF": "softfail", "dkim": "none"},
        {"dkim": "{@evil.example : pass}", "envelope": '{"to":["ADDRESS"],"from":"eve@evil.example"}'},
    ],
}
NOT_VOUCHED = [(provider, fields) for provider, all_fields in FAILED.items() for fields in all_fields]


@pytest.mark.parametrize(("provider", "fields"), NOT_VOUCHED)
def test_what_the_gateway_does_not_vouch_for_does_nothing(open_app, provider, fields):
    app = open_app(provider)
    app.fires()
    body = shape(app, provider, text="resolve")
    fields = {
        name: value.replace("ADDRESS", body["to"]) if name == "envelope" else value for name, value in fields.items()
    }
    answer = hand_on(app, provider, shape(app, provider, text="resolve", **fields))
    assert came_of(answer) == "nothing was done: neither DKIM nor SPF vouches for its sender"
    assert who_has(app, 1) == PENDING


GOOD_ENOUGH = [
    ("mailgun", {"message_headers": [["From", "johnny@example.com"]]}),
    ("mailgun", {"sender": "x@mail.example.com", "message_headers": [["X-Mailgun-Spf", "Pass"]]}),
    ("mailgun", {"message_headers": [["X-Mailgun-Dkim-Check-Result", "Pass"], ["X-Mailgun-Spf", "Neutral"]]}),
    ("postmark", {"Headers": []}),
    ("postmark", {"Headers": [{"Name": "received-spf", "Value": "pass"}]}),
    ("postmark", {"Headers": [{"Name": "received-spf", "Value": 'pass envelope-from="johnny@example.com"'}]}),
    ("sendgrid", {"dkim": "none"}),
    ("sendgrid", {"dkim": "{@list.example : fail, @example.com : pass}"}),
]


@pytest.mark.parametrize(("provider", "fields"), GOOD_ENOUGH)
def test_what_speaks_for_the_sender_is_enough(open_app, provider, fields):
    app = open_app(provider)
    app.fires()
    came_of(hand_on(app, provider, shape(app, provider, **fields)))
    assert who_has(app, 1) == TAKEN


AUTOMATIC = {
    "mailgun": {"message_headers": [["X-Mailgun-Spf", "Pass"], ["Auto-Submitted", "auto-replied"]]},
    "postmark": {"Headers": [{"Name": "Auto-Submitted", "Value": "auto-replied"}]},
    "sendgrid": {"headers": "Received: from x\nAuto-Submitted: auto-replied (vacation)\n"},
}


def test_a_machine_that_answers_is_not_heard(gateway):
    app, provider = gateway
    app.fires()
    answer = hand_on(app, provider, shape(app, provider, **AUTOMATIC[provider]))
    assert came_of(answer) == "nothing was done: a machine wrote it"
    assert who_has(app, 1) == PENDING


HTML = {"mailgun": "body_html", "postmark": "HtmlBody", "sendgrid": "html"}


def test_a_mail_that_is_nothing_but_html_is_read(gateway):
    app, provider = gateway
    app.fires()
    page = "<style>x</style><div>Ack</div><blockquote>resolve</blockquote>"
    came_of(hand_on(app, provider, shape(app, provider, text="", **{HTML[provider]: page})))
    assert who_has(app, 1) == TAKEN


# Mailgun


def test_a_signature_older_than_five_minutes_is_refused(open_app):
    app = open_app("mailgun")
    app.fires()
    for ago, status in ((301, 403), (-301, 403), (299, 200)):
        answer = hand_on(app, "mailgun", shape(app, "mailgun"), signed=signed(app, ago=ago))
        assert answer.status_code == status
    assert who_has(app, 1) == TAKEN


def test_a_signature_that_was_used_takes_no_second_mail(open_app):
    app = open_app("mailgun")
    app.fires()
    hand_on(app, "mailgun", shape(app, "mailgun", text="ack"))
    body = shape(app, "mailgun", text="resolve")
    body["message-headers"][-1] = ["Message-Id", "<another@mail.example.com>"]
    assert came_of(hand_on(app, "mailgun", body)) == "it was taken before"
    assert who_has(app, 1) == TAKEN


def test_a_form_with_attachments_is_read(open_app):
    app = open_app("mailgun")
    app.fires()
    hand_on(app, "mailgun", shape(app, "mailgun"), content_type="multipart/form-data")
    assert who_has(app, 1) == TAKEN


def test_nobody_who_has_not_shown_a_signature_may_send_much(open_app):
    app = open_app("mailgun")
    assert hand_on(app, "mailgun", shape(app, "mailgun", text="x" * 1_100_000)).status_code == 413


# Postmark


def test_postmark_may_show_the_secret_as_the_password_in_its_address(open_app):
    app = open_app("postmark")
    app.fires()
    answer = app.http.post("/reply/email", json=shape(app, "postmark"), auth=("hook", MAIL_SECRET))
    assert answer.status_code == 200
    assert who_has(app, 1) == TAKEN


@pytest.mark.parametrize("body", [b"", b"[]", b"From: a@b.c\n\nack", b"[" * 100_000])
def test_what_postmark_never_sends_is_said_to_be_none_of_its(open_app, body):
    app = open_app("postmark")
    answer = app.http.post("/reply/email", data=body, query_string={"token": MAIL_SECRET})
    assert answer.status_code == 400


# SendGrid


def test_a_field_in_a_charset_of_its_own_is_read_in_it(open_app):
    app = open_app("sendgrid")
    app.fires()
    hand_on(app, "sendgrid", shape(app, "sendgrid", text="note später, so 8 Uhr"), charset="iso-8859-1")
    assert app.events(1)[-1]["note"] == "später, so 8 Uhr"


@pytest.mark.parametrize("charsets", ["", "[]", "{", '{"text": 5}', '{"text": "klingon"}', '{"text": "rot13"}'])
def test_charsets_that_nobody_knows_are_taken_for_utf_8(open_app, charsets):
    app = open_app("sendgrid")
    app.fires()
    hand_on(app, "sendgrid", shape(app, "sendgrid", charsets=charsets))
    assert who_has(app, 1) == TAKEN


def test_a_form_of_the_usual_kind_is_read_too(open_app):
    app = open_app("sendgrid")
    app.fires()
    app.http.post("/reply/email", data=shape(app, "sendgrid"), query_string={"token": MAIL_SECRET})
    assert who_has(app, 1) == TAKEN


def test_a_form_with_a_large_file_is_read(open_app):
    app = open_app("sendgrid")
    app.fires()
    body = {"attachment1": "x" * 3_000_000, "attachment-info": "{}"} | shape(app, "sendgrid")
    hand_on(app, "sendgrid", body)
    assert who_has(app, 1) == TAKEN


@pytest.mark.parametrize("kind", ["multipart/form-data", f"multipart/form-data; boundary={BOUNDARY}"])
@pytest.mark.parametrize(
    "body", [b"", b"x" * 1000, b"--xYzZY\r\n" * 2000, b"--xYzZY\r\nContent-Disposition: form-data\r\n\r\nx"]
)
def test_a_form_that_is_none_is_refused_or_means_nothing(open_app, kind, body):
    app = open_app("sendgrid")
    answer = app.http.post("/reply/email", data=body, content_type=kind, query_string={"token": MAIL_SECRET})
    assert answer.status_code in {200, 400}


# Anything at all

TEXT = st.text(max_size=40)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["From", "To", "TextBody", "HtmlBody", "Headers", "MessageID", "x"]), ANYTHING))
def test_any_json_from_postmark_is_answered_and_does_nothing(open_app, body):
    app = open_app("postmark")
    app.redis.flushdb()
    app.fires()
    assert hand_on(app, "postmark", body).status_code == 200
    assert who_has(app, 1) == PENDING


NAMES = [
    "from",
    "to",
    "text",
    "html",
    "headers",
    "envelope",
    "dkim",
    "SPF",
    "charsets",
    "recipient",
    "body-plain",
    "sender",
]
PRINTABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), PRINTABLE), ANYTHING, st.sampled_from(["mailgun", "sendgrid"]))
def test_any_form_is_answered_and_does_nothing(open_app, form, headers, provider):
    app = open_app(provider)
    app.redis.flushdb()
    app.fires()
    body = {**form, **({"message-headers": headers} if provider == "mailgun" else {})}
    assert hand_on(app, provider, body).status_code in {200, 400}
    assert who_has(app, 1) == PENDING
