"""POST /reply/email with a mail as it is on the wire: what is believed, what of it counts, and what does nothing."""

import hashlib
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.commands import Acknowledge
from core.engine import Engine
from core.store import StoreUnavailableError
from tests.apps import App, error
from tests.functions.other_ways import ADDRESS, KNOWN, MAIL_SECRET, address, came_of, changes, mail, plain, who_has

PENDING = ("pending", None)
TAKEN = ("acknowledged", "user2")
OURS = "mx.example.com; dkim=pass header.d=example.com header.s=s1; spf=pass smtp.mailfrom=johnny@example.com"


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, **changes())
    yield app
    app.redis.close()


# The secret


@pytest.mark.parametrize("token", ["", "wrong", MAIL_SECRET[:-1]])
def test_without_the_secret_nothing_is_believed(app, token):
    app.fires()
    assert plain(app, mail(address(app, 1), "ack"), token).status_code == 401
    assert who_has(app, 1) == PENDING


def test_the_secret_may_be_the_password_of_basic_or_a_bearer_token(app):
    app.fires("one", dedup_key="1")
    app.fires("two", dedup_key="2")
    for alert_id, proof in (
        (1, {"auth": ("hook", MAIL_SECRET)}),
        (2, {"headers": {"Authorization": f"Bearer {MAIL_SECRET}"}}),
    ):
        sent = mail(address(app, alert_id), "ack").as_bytes()
        assert app.http.post("/reply/email", data=sent, **proof).status_code == 200
        assert who_has(app, alert_id) == TAKEN


def test_the_door_is_shut_while_no_secret_is_set(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, **changes(email={"address": ADDRESS}))
    app.fires()
    for token in ("", MAIL_SECRET):
        assert plain(app, mail(address(app, 1), "ack"), token).status_code == 404
    assert who_has(app, 1) == PENDING
    app.redis.close()


# Who it is


def test_the_person_answers_to_the_address_of_their_page(app):
    app.fires()
    assert came_of(plain(app, mail(address(app, 1), "Ack"))) == "1 is yours: Disk is full. Nobody else is paged."
    [taken] = [event for event in app.events(1) if event["event"] == "acknowledged"]
    assert (taken["by"], taken["via"]) == ("user2", "email")


def test_somebody_elses_address_opens_nothing_even_with_a_forged_sender(app):
    app.fires()
    for sender, person in (
        ("johnny@example.com", "user5"),
        (KNOWN["user5"]["email"], "user2"),
        ("who@example.com", "user2"),
    ):
        assert "was not made for" in came_of(plain(app, mail(address(app, 1, person), "resolve", sender)))
    assert who_has(app, 1) == PENDING


@pytest.mark.parametrize(
    "to",
    [
        ADDRESS,
        "rung+1@inbound.example.com",
        "rung+1-@inbound.example.com",
        f"rung+1-{'0' * 20}@inbound.example.com",
        f"rung+{'9' * 400}-{'0' * 20}@inbound.example.com",
        "rung+\u0661-00000000000000000000@inbound.example.com",
    ],
)
def test_the_right_person_without_a_signed_address_does_nothing(app, to):
    app.fires()
    assert "was not made for" in came_of(plain(app, mail("x@example.com", "resolve", Delivered_To=to)))
    assert who_has(app, 1) == PENDING


def test_the_signature_of_one_alert_is_not_that_of_another(app):
    app.fires("one", dedup_key="1")
    app.fires("two", dedup_key="2")
    signature = address(app, 1).partition("-")[2]
    assert "was not made for" in came_of(plain(app, mail(f"rung+2-{signature}", "resolve")))
    assert who_has(app, 2) == PENDING


@pytest.mark.parametrize(
    "change", [str.lower, str.upper, lambda to: f'"Rung, the pager" <{to}>', lambda to: f"a+b@x.de, {to}"]
)
def test_however_the_address_is_written_it_is_ours(app, change):
    app.fires()
    plain(app, mail(change(address(app, 1)), "ack"))
    assert who_has(app, 1) == TAKEN


def test_of_several_addresses_each_that_is_ours_is_answered(app):
    for key in ("1", "2", "3"):
        app.fires(key, dedup_key=key)
    to = f"newsletter+20260101abc@example.com, {address(app, 1)}, {address(app, 2)}, {address(app, 3, 'user5')}"
    plain(app, mail(to, "ack"))
    assert [who_has(app, each) for each in (1, 2, 3)] == [TAKEN, TAKEN, PENDING]


def test_the_senders_address_may_be_written_in_any_case(app):
    app.fires()
    plain(app, mail(address(app, 1), "ack", '"J. Appleseed" <Johnny@EXAMPLE.com>'))
    assert who_has(app, 1) == TAKEN


@pytest.mark.parametrize(
    "head",
    [
        b"From: johnny@example.com, eve@evil.example\r\n",
        b"From: johnny@example.com\r\nFrom: eve@evil.example\r\n",
        b"From: eve@evil.example\r\nFrom: johnny@example.com\r\n",
        b"From: johnny@example.com<eve@evil.example>\r\nAuthentication-Results: m; dkim=pass header.d=evil.example\r\n",
        b"From: =?utf-8?q?johnny=40example=2Ecom?= <eve@evil.example>\r\n",
        b"From: eve@evil.example\r\nSender: johnny@example.com\r\nReply-To: johnny@example.com\r\n",
        b"From: <>\r\n",
        b"From: MAILER-DAEMON\r\n",
    ],
)
def test_who_hides_behind_a_second_sender_is_nobody(app, head):
    app.fires()
    raw = head + f"To: {address(app, 1)}\r\n\r\nresolve\r\n".encode()
    assert came_of(plain(app, raw)).startswith("nothing was done")
    assert who_has(app, 1) == PENDING


# What the server found out about the sender


@pytest.mark.parametrize(
    "results",
    [
        OURS,
        "mx.example.com; none",
        "mx.example.com; dkim=none; spf=pass smtp.mailfrom=example.com",
        "mx.example.com; dkim=fail header.d=list.example; dkim=pass header.d=example.com",
        "mx.example.com; dkim=pass header.i=@mail.example.com",
        "mx.example.com; dkim=pass(2048-bit key)header.i=johnny@example.com",
        "mx.example.com; spf=pass (sender (SPF) authorized) smtp.mailfrom=<johnny@example.com>",
        "mx.example.com;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=example.com;\r\n\tspf=neutral",
        "mx.example.com; dmarc=pass (p=reject) header.from=example.com",
    ],
)
def test_what_vouches_for_the_sender_lets_it_pass(app, results):
    app.fires()
    plain(app, mail(address(app, 1), "ack", Authentication_Results=results.replace("\r\n\t", " ")))
    assert who_has(app, 1) == TAKEN


@pytest.mark.parametrize(
    "results",
    [
        "mx; dkim=fail header.d=example.com; spf=pass smtp.mailfrom=example.com",
        "mx; dkim=pass header.d=example.com; spf=fail smtp.mailfrom=example.com",
        "mx; spf=softfail smtp.mailfrom=johnny@example.com",
        "mx; dkim=pass header.d=example.com; dmarc=fail header.from=example.com",
        "mx; dkim=temperror header.d=example.com",
        "mx; dkim=none; spf=none",
        "mx; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example",
        "mx; dkim=pass header.d=notexample.com",
        'mx; spf=none smtp.mailfrom="x; dkim=pass header.d=example.com"@evil.example',
        "mx; spf=none (x; dkim=pass header.d=example.com; y) smtp.mailfrom=evil.example",
        'mx; spf=fail smtp.mailfrom="x; dkim=pass header.d=example.com"@evil.example',
        "mx; spf=fail (dkim=pass header.d=example.com) smtp.mailfrom=evil.example",
        "mx; dkim=pass header.i=example.com@evil.example",
        "mx; spf=pass smtp.mailfrom=example.com@evil.example",
        "mx; spf=pass smtp.mailfrom=<johnny@example.com@evil.example>",
        'mx; spf=pass smtp.mailfrom="johnny@example.com"@evil.example',
        "mx; spf=pass smtp.helo=evil.example",
        "mx; spf=pass smtp.mailfrom=<> smtp.helo=evil.example",
        'mx; dkim=pass header.i="eve@evil.example"',
        "mx; dkim=pass x-header.d=example.com header.d=evil.example",
        'mx; spf=pass smtp.mailfrom="x\\"; dmarc=pass header.from=example.com; y=\\""@evil.example',
        "mx; spf=pass (a (b) ; dmarc=pass header.from=example.com ; c) smtp.mailfrom=evil.example",
        "mx; spf=pass (a \\) ; dmarc=pass header.from=example.com ; c) smtp.mailfrom=evil.example",
        "mx; spf=pass smtp.mailfrom=evil.example (; dmarc=pass header.from=example.com",
    ],
)
def test_what_does_not_vouch_for_the_sender_stops_it(app, results):
    app.fires()
    said = came_of(plain(app, mail(address(app, 1), "resolve", Authentication_Results=results)))
    assert said == "nothing was done: neither DKIM nor SPF vouches for its sender"
    assert who_has(app, 1) == PENDING


def test_results_that_a_sender_wrote_beneath_those_of_our_server_do_not_count(app):
    app.fires()
    sent = mail(address(app, 1), "resolve", Authentication_Results=OURS).as_bytes()
    stamped = b"Authentication-Results: mx.example.com; dkim=none; spf=fail smtp.mailfrom=evil.example\n" + sent
    assert "neither DKIM" in came_of(plain(app, stamped))
    assert who_has(app, 1) == PENDING


# What counts of it

QUOTED = "> ACK\n> RESOLVE 1\n> resolve"
REPLIES = {
    "ios_german": f"Ack\n\nVon meinem iPhone gesendet\n\n> Am 29.03.2026 um 02:59 schrieb <rung@x.de>:\n>\n{QUOTED}",
    "gmail_german": f"ack\n\nAm So., 29. März 2026 um 02:59 Uhr schrieb Rung <rung@example.com>:\n\n{QUOTED}",
    "gmail_english": f"Ack.\n\nOn Sun, Mar 29, 2026 at 2:59 AM Rung <rung@example.com> wrote:\n\n{QUOTED}",
    "outlook": "Ack\n\n________________________________\nFrom: Rung <rung@example.com>\nSent: Sunday\nResolve 1\n",
    "outlook_german": "Ack\n\n-----Ursprüngliche Nachricht-----\nVon: Rung\nGesendet: Sonntag\n\nRESOLVE\n",
    "with_a_signature": f"Ack\n-- \nJohnny\nResolve everything Ltd.\n{QUOTED}",
    "after_blank_lines": f"\n \n\u00a0\nAck\n\n{QUOTED}",
    "after_a_mark_nobody_sees": f"\ufeff\u200bAck\n\n{QUOTED}",
}


@pytest.mark.parametrize("text", REPLIES.values(), ids=REPLIES)
def test_the_first_line_above_the_quote_acts_once(app, text):
    app.fires()
    plain(app, mail(address(app, 1), text))
    assert who_has(app, 1) == TAKEN
    assert [event["event"] for event in app.events(1) if event.get("by")] == ["acknowledged"]


@pytest.mark.parametrize(
    "text",
    [
        QUOTED,
        f"{QUOTED}\n\nAck",
        f"On Sun, Mar 29, 2026 at 2:59 AM Rung wrote:\n{QUOTED}\n\nAck",
        f"Am 29.03.2026 um 02:59 schrieb Rung:\n{QUOTED}\n\nack",
        "-----Original Message-----\nFrom: Rung\n\nack",
        "---------- Forwarded message ---------\nFrom: Rung\n\nAck 1",
        "Hello everybody,\nack",
        "Thanks, I will look.",
        "stop",
        "status",
        "help",
        "",
        "\n\n",
        "| ack",
    ],
)
def test_what_is_no_answer_in_its_first_line_does_nothing(app, text):
    app.fires()
    assert came_of(plain(app, mail(address(app, 1), text))) == "nothing was done: its first line is no answer"
    assert who_has(app, 1) == PENDING


def test_a_note_is_taken_as_it_is_written(app):
    app.fires()
    plain(app, mail(address(app, 1), "note bin unterwegs, 5 Minuten später\n\n> resolve"))
    assert app.events(1)[-1]["note"] == "bin unterwegs, 5 Minuten später"


@pytest.mark.parametrize("text", ["ack 2", "ack 5 minutes", "resolve 2"])
def test_a_number_that_is_not_that_of_the_page_does_nothing(app, text):
    for key in ("1", "2"):
        app.fires(key, dedup_key=key)
    assert "names an alert" in came_of(plain(app, mail(address(app, 1), text)))
    assert who_has(app, 1) == who_has(app, 2) == PENDING


def test_the_number_of_the_page_may_be_said(app):
    app.fires()
    plain(app, mail(address(app, 1), "ack 1"))
    assert who_has(app, 1) == TAKEN


def test_all_are_all_that_the_person_was_paged_about(app):
    for key in ("1", "2"):
        app.fires(key, dedup_key=key)
    plain(app, mail(address(app, 1), "ack all"))
    assert who_has(app, 1) == who_has(app, 2) == TAKEN


def test_what_somebody_else_has_is_left_to_them(app):
    app.fires()
    app.does(1, Acknowledge("user5", "sms"))
    assert "user5" in came_of(plain(app, mail(address(app, 1), "ack")))
    assert who_has(app, 1) == ("acknowledged", "user5")


# How it is written


def parts(app, *made):
    written = MIMEMultipart("alternative")
    written["From"], written["To"] = "johnny@example.com", address(app, 1)
    for part in made:
        written.attach(part)
    return written.as_bytes()


def test_of_text_and_html_the_text_counts(app):
    app.fires()
    plain(app, parts(app, MIMEText("<p>resolve</p>", "html"), MIMEText("ack", "plain")))
    assert who_has(app, 1) == TAKEN


HTML = (
    "<html><head><title>resolve</title><style>resolve {}</style></head><body><!-- resolve --><div dir=auto>A<b>ck</b>"
    "&nbsp;</div><div>Johnny</div><blockquote>resolve</blockquote></body></html>"
)


@pytest.mark.parametrize(
    "html", [HTML, "Ack<br>resolve", "<script>1<2</script><p>Ack</p>", "<div>Ack</div", "\n<p\n>ack\n</p>"]
)
def test_a_mail_that_is_nothing_but_html_is_read(app, html):
    app.fires()
    plain(app, parts(app, MIMEText(html, "html")))
    assert who_has(app, 1) == TAKEN


@pytest.mark.parametrize(
    "html", ["<blockquote>ack</blockquote>", "<div class='gmail_quote'>ack</div>", "<style>ack</style>", "<!-- ack -->"]
)
def test_of_html_too_only_what_is_above_the_quote_counts(app, html):
    app.fires()
    assert "no answer" in came_of(plain(app, parts(app, MIMEText(html, "html"))))
    assert who_has(app, 1) == PENDING


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_every_encoding_is_read(app, encoding, charset):
    app.fires()
    written = mail(address(app, 1), "")
    written.set_content("note später", charset=charset, cte=encoding)
    plain(app, written)
    assert app.events(1)[-1]["note"] == "später"


def test_a_charset_that_nobody_knows_is_taken_for_utf_8(app):
    app.fires()
    head = f"From: johnny@example.com\r\nTo: {address(app, 1)}\r\nContent-Type: text/plain; charset=klingon\r\n\r\n"
    plain(app, head.encode() + b"Ack \xff\r\n")
    assert who_has(app, 1) == TAKEN


def test_an_attached_text_is_not_what_somebody_said(app):
    app.fires()
    written = EmailMessage()
    written["From"], written["To"] = "johnny@example.com", address(app, 1)
    written.set_content("See the file.")
    written.add_attachment("ack", filename="ack.txt")
    assert "no answer" in came_of(plain(app, written))
    assert who_has(app, 1) == PENDING


def test_a_mail_with_a_large_picture_is_taken_from_who_shows_the_secret(app):
    app.fires()
    written = mail(address(app, 1), "ack")
    written.add_attachment(b"\x00" * 3_000_000, "image", "png", filename="logo.png")
    plain(app, written)
    assert who_has(app, 1) == TAKEN


def test_nobody_else_may_send_as_much(app):
    assert plain(app, b"x" * 3_000_000, "wrong").status_code == 401


# Machines, and mails that come again

MACHINES = {
    "away": {"Auto_Submitted": "auto-replied"},
    "generated": {"Auto_Submitted": "auto-generated (vacation)"},
    "precedence": {"Precedence": "auto_reply"},
    "list": {"Precedence": "bulk"},
    "exim": {"X_Autoreply": "yes"},
}


@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES)
def test_a_machine_that_answers_is_not_heard(app, headers):
    app.fires()
    assert came_of(plain(app, mail(address(app, 1), "ack", **headers))) == "nothing was done: a machine wrote it"
    assert who_has(app, 1) == PENDING


def test_a_person_whose_program_says_that_it_is_no_machine_is_heard(app):
    app.fires()
    plain(app, mail(address(app, 1), "ack", Auto_Submitted="no"))
    assert who_has(app, 1) == TAKEN


def test_a_mail_that_comes_back_does_nothing(app):
    app.fires()
    raw = (
        f"From: johnny@example.com\r\nTo: {address(app, 1)}\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nack\r\n--b--\r\n"
    )
    assert came_of(plain(app, raw.encode())) == "nothing was done: a machine wrote it"
    assert who_has(app, 1) == PENDING


def test_of_a_strangers_mail_nothing_is_kept(app):
    app.fires()
    before = sorted(app.redis.keys())
    for sent in (mail(address(app, 1), "ack", sender="eve@evil.example"), mail("rung@example.com", "ack")):
        assert came_of(plain(app, sent)).startswith("nothing was done")
    assert sorted(app.redis.keys()) == before


def test_a_mail_that_is_handed_on_again_acts_once(app):
    app.fires()
    sent = mail(address(app, 1), "escalate")
    plain(app, sent)
    assert came_of(plain(app, sent)) == "it was taken before"
    assert [event["event"] for event in app.events(1)].count("escalated") == 1


def test_one_mail_to_two_pages_that_comes_once_for_each_answers_both(app):
    for key in ("1", "2"):
        app.fires(key, dedup_key=key)
    for alert_id in (1, 2):
        plain(
            app,
            mail(address(app, alert_id), "ack", X_Same="1")
            .as_bytes()
            .replace(b"Message-ID: <", b"Message-ID: <same\r\nX: <"),
        )
    assert who_has(app, 1) == who_has(app, 2) == TAKEN


def test_a_mail_whose_work_failed_is_taken_when_it_comes_again(app, monkeypatch):
    app.fires()
    act = Engine.act
    monkeypatch.setattr(Engine, "act", lambda *_arguments: (_ for _ in ()).throw(StoreUnavailableError("away")))
    sent = mail(address(app, 1), "ack")
    assert plain(app, sent).status_code == 503
    monkeypatch.setattr(Engine, "act", act)
    plain(app, sent)
    assert who_has(app, 1) == TAKEN


# Anything at all


@pytest.mark.parametrize("raw", [b"", b"hello", b"To: a@b.c\n\nack", b"\x00" * 1000, b"{}"])
def test_what_is_no_mail_is_said_to_be_none(app, raw):
    answer = plain(app, raw)
    assert answer.status_code == 400
    assert "no mail" in error(answer)


NESTED = (
    b"From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 9000
)


@pytest.mark.parametrize(
    "raw",
    [
        NESTED,
        NESTED.replace(b"multipart/mixed; boundary=b\n\n--b", b"message/rfc822\n\n"),
        b"From: " + b"(" * 200_000,
        b"From: " + b"=?utf-8?q?a?= " * 50_000,
        b"From: a@b.c\nTo: " + b"a+1-1234567890@," * 20_000,
        b"From: a@b.c\nAuthentication-Results: x; " + b"dkim=pass;(" * 50_000,
        b"From: a@b.c\n\n" + b"On x wrote:\n> " * 50_000,
        b"From: a@b.c\nContent-Type: text/html\n\n" + b"<!--<style><a " * 50_000,
        b"From: a@b.c\nContent-Type: text/plain; charset=idna\nContent-Transfer-Encoding: base64\n\n="
        + b"\xff=" * 5000,
    ],
    ids=range(9),
)
def test_a_mail_made_to_hurt_is_soon_over(app, raw):
    assert plain(app, raw).status_code in {200, 400}


def test_no_sender_and_no_address_gets_into_the_log(app, caplog):
    app.fires()
    with caplog.at_level("INFO"):
        plain(app, mail(address(app, 1), "ack"))
        plain(app, mail(address(app, 1), "ack", "eve@evil.example"))
    said = caplog.text
    assert "a mail was taken" in said
    assert not any(secret in said for secret in ("evil", "rung+1", MAIL_SECRET, "johnny@"))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(), st.binary(), st.sampled_from(["From", "To", "Content-Type", "Authentication-Results", "Message-ID"])
)
def test_any_mail_is_answered_and_does_nothing(app, body, value, name):
    app.redis.flushdb()
    app.fires()
    head = f"From: johnny@example.com\r\nTo: rung+1-{hashlib.sha256(b'').hexdigest()[:20]}@inbound.example.com\r\n"
    assert plain(app, head.encode() + f"{name}: ".encode() + value + b"\r\n\r\nack\r\n" + body).status_code in {
        200,
        400,
    }
    assert who_has(app, 1) == PENDING
