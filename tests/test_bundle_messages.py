"""What a bundle says: every number, whatever its length; titles as far as there is room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bundle_messages import Spoken, Written, how_many_fit, in_order, ranges
from core.channel_text import BODY_LIMITS, fit
from core.decision import NotificationKind
from core.ledger import Entry, Key
from core.severity import Severity
from core.store import Claim
from tests.bundles import numbers
from tests.samples import T0, triggered

LINK = "https://rung.example.com/b/AbCdEfGh1.abcdefghijklmnopqrstuvwxyz1"
ALERT = triggered()
SMS = BODY_LIMITS["sms"]


def claim(number: int, severity: str = "critical", title: str = "Disk is full", reason: str = "level") -> Claim:
    alert = ALERT.model_copy(update={"id": number, "severity": Severity(severity), "title": title})
    kind = NotificationKind.PAGE if reason == "level" else NotificationKind.NOTICE
    entry = Entry(kind=kind, reason=reason, round=0, level=0, level_name="primary", queued_at=T0)
    return Claim(Key(number, 2, "user2", "sms"), entry, alert, {}, T0)


def written(*claims: Claim, limit: int = SMS) -> tuple[str, list[str]]:
    message = Written(LINK, limit).message(in_order(claims))
    return message.title, message.body.splitlines()


def spoken(*claims: Claim) -> str:
    return Spoken().message(in_order(claims)).body


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([41], ["41"]),
        ([41, 42], ["41-42"]),
        ([43, 41, 42, 57, 41], ["41-43", "57"]),
        ([1, 3, 5], ["1", "3", "5"]),
        (range(41, 98), ["41-97"]),
        ([], []),
    ],
)
def test_numbers_without_a_gap_are_one_range(given, wanted):
    assert ranges(given) == wanted


def test_the_worst_come_first_with_how_many_and_which_then_titles_then_the_link():
    title, lines = written(
        claim(44, "low", "Backup is late"), claim(43), claim(42, "high", "CPU is hot"), claim(41), claim(57)
    )
    assert title == "5 alerts, 3 critical"
    assert lines == [
        "critical: 41, 43, 57",
        "high: 42",
        "low: 44",
        "41, 43, 57: Disk is full",
        "42: CPU is hot",
        "44: Backup is late",
        f"Answer: {LINK}",
    ]


@pytest.mark.parametrize(
    ("claims", "title"),
    [
        ([claim(1), claim(2)], "2 alerts, all critical"),
        ([claim(1, "low"), claim(2, "low"), claim(3, "medium")], "3 alerts, 1 medium"),
        ([claim(1, reason="resolved"), claim(2, reason="resolved")], "2 resolved"),
        ([claim(1), claim(2, reason="resolved")], "1 alert, critical, 1 resolved"),
        (
            [claim(1), claim(2, "low"), claim(3, reason="it is critical now"), claim(4, reason="resolved")],
            "2 alerts, 1 critical, 1 resolved, 1 changed",
        ),
    ],
)
def test_the_title_says_how_many_of_what(claims, title):
    assert written(*claims)[0] == title


def test_what_there_is_to_say_about_a_notice_stands_before_its_number():
    _, lines = written(claim(3), claim(1, reason="resolved"), claim(2, reason="it is critical now"))
    assert lines[:3] == ["critical: 3", "resolved: 1", "it is critical now: 2"]


def test_two_pages_about_one_alert_count_once():
    again = claim(7)
    again = Claim(Key(7, 9, "user2", "sms"), again.entry, again.alert, {}, T0)
    assert written(claim(7), again, claim(8))[0] == "2 alerts, all critical"
    assert written(claim(7), again, claim(8))[1][0] == "critical: 7-8"


def test_titles_that_have_no_room_are_left_out_whole_and_numbers_never():
    title, lines = written(*[claim(n, title=f"Host {n} in rack {n} does not answer any more") for n in range(1, 40)])
    assert title == "39 alerts, all critical"
    assert lines[0] == "critical: 1-39"
    assert lines[-1] == f"Answer: {LINK}"
    assert 5 <= len(lines) < 12
    assert all(line.endswith("does not answer any more") for line in lines[1:-1])


def test_a_long_title_is_cut_and_one_of_many_lines_is_one_line():
    _, lines = written(claim(1, title="x" * 500), claim(2, title="two\nlines\r\n here"), limit=30_000)
    assert lines[1:3] == [f"1: {'x' * 99}…", "2: two lines here"]


def test_what_would_wake_a_whole_room_is_made_harmless_before_room_is_counted():
    claims = [claim(n, title=f"@everyone look at {n}") for n in range(1, 60)]
    title, lines = written(*claims)
    assert "@everyone" not in "".join(lines)
    assert len(title) + 2 + len("\n".join(lines)) <= SMS


def test_where_numbers_by_severity_are_too_long_they_stand_in_one_list_and_all_fit():
    claims = in_order(claim(n, ("critical", "high", "low")[n % 3]) for n in range(1, 501))
    words = Written(LINK, SMS)
    assert how_many_fit(claims, SMS, words.essence) == 500
    message = words.message(claims)
    assert message.title == "500 alerts, 166 critical"
    assert message.body.splitlines()[0] == "alerts: 1-500"


def test_where_not_even_the_numbers_fit_it_is_about_the_worst():
    claims = in_order(claim(n, "critical" if n > 500 else "low") for n in range(1, 600, 2))
    words = Written(LINK, SMS)
    fitting = how_many_fit(claims, SMS, words.essence)
    message = words.message(claims[:fitting])
    assert message.title == f"{fitting} alerts, 50 critical"
    assert len(message.title) + 2 + len(message.body) <= SMS
    assert len(words.essence(claims[: fitting + 1])) > SMS


def test_one_is_taken_however_little_room_there_is():
    claims = [claim(1), claim(2)]
    assert how_many_fit(claims, 10, Written(LINK, 10).essence) == 1


def test_a_call_says_no_links_and_the_titles_of_three():
    said = spoken(*[claim(n, "high", f"Host {n} is down") for n in range(1, 9)], claim(12, title="Database is down"))
    assert said == (
        "This is Rung. 9 alerts, 1 critical. critical: 12. high: 1 to 8. "
        "Nobody has answered yet. Please acknowledge them. "
        "Alert 12: Database is down. Alert 1: Host 1 is down. Alert 2: Host 2 is down."
    )


def test_a_call_about_many_numbers_says_them_in_one_list():
    said = spoken(*[claim(n, ("critical", "low")[n % 2]) for n in range(1, 101)])
    assert said.startswith("This is Rung. 100 alerts, 50 critical. alerts: 1 to 100. Nobody")


def test_a_call_that_all_is_over_asks_for_nothing():
    assert (
        spoken(claim(1, reason="resolved"), claim(2, reason="resolved"))
        == "This is Rung. 2 resolved. resolved: 1 to 2."
    )


@given(
    st.dictionaries(st.integers(1, 3000), st.sampled_from(["critical", "high", "low"]), min_size=2, max_size=300),
    st.sampled_from(["sms", "pushover", "slack", "email"]),
    st.text(max_size=150),
)
def test_no_number_is_ever_missing_and_nothing_is_left_for_the_channel_to_cut(severities, kind, title):
    limit = BODY_LIMITS[kind]
    claims = in_order(claim(n, severity, title or "x") for n, severity in severities.items())
    words = Written(LINK, limit)
    fitting = how_many_fit(claims, limit, words.essence)
    message = words.message(claims[:fitting])
    assert fit(message, kind) == message
    listed = [
        line for line in message.body.split("\n") if line.startswith(("critical: ", "high: ", "low: ", "alerts: "))
    ]
    assert listed
    assert set(numbers(message)) >= {each.key.alert for each in claims[:fitting]}
    assert kind == "sms" or fitting == len(claims) or limit < 3000


@given(st.sets(st.integers(1, 90_000), min_size=2, max_size=500))
def test_no_number_of_a_call_is_ever_cut(ids):
    claims = in_order(claim(n, "low", "t" * 2000) for n in ids)
    fitting = how_many_fit(claims, BODY_LIMITS["phone"], Spoken.essence)
    said = fit(Spoken().message(claims[:fitting]), "phone").body
    for text in ranges((each.key.alert for each in claims[:fitting]), " to "):
        assert f" {text}," in said or f" {text}." in said
