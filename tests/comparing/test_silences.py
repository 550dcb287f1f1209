"""What waits for a silence or a maintenance window under one config and not under the other, from which instant on."""

from datetime import UTC, datetime, timedelta

from core.comparing.case import CaseComparison
from core.comparing.cases import Case
from core.comparing.changes import Kind
from core.comparing.side import Side
from core.config import Config
from core.severity import Severity
from tests.comparing.telling import sample, told
from tests.samples import T0

BACKUPS = {
    "name": "backups",
    "everything": True,
    "weekdays": ["saturday"],
    "from": "22:00",
    "to": "04:00",
    "reason": "nightly",
}
SATURDAYS = "  Saturdays 22:00 to Sundays 04:00\n"
NAMED = 'maintenance window "backups" (nightly)'


def window(**changes):
    return sample(maintenance=[BACKUPS | changes])


def arrivals(old, new, severity=Severity.HIGH, days=7):
    """Give when alerts come in that wait, each as weekday and time."""
    span = T0, T0 + timedelta(days=days)
    sides = tuple(Side(Config.model_validate(each), span) for each in (old, new))
    found = CaseComparison(sides, Case(severity), span).found
    return [
        (f"{start:%a %H:%M:%S}", f"{end:%a %H:%M:%S}")
        for each in found
        if each.change.kind is Kind.SILENCE
        for start, end in each.arrivals
    ]


def test_a_window_that_is_new_or_gone_is_told_by_its_times_once_for_everybody():
    assert told(sample(), window()) == f"every severity\n{SATURDAYS}    pages wait for the end of {NAMED}"
    assert told(window(), sample()) == f"every severity\n{SATURDAYS}    pages wait no more for the end of {NAMED}"


def test_a_ladder_under_way_waits_too_from_the_first_alert_a_level_of_which_is_due_inside():
    # The last level of high fires an hour after the first, so whoever comes in from 21:00 on has a page that waits.
    # What is due in the last five seconds counts as on time, but its page goes out at the end.
    assert arrivals(sample(), window()) == [("Sat 21:00:00", "Sun 04:00:00")]
    assert arrivals(sample(), window(), Severity.MEDIUM) == [("Sat 20:00:00", "Sun 04:00:00")]
    assert arrivals(sample(), window(), Severity.LOW) == [("Sat 22:00:00", "Sun 04:00:00")]


def test_a_window_so_short_that_it_lies_between_two_levels_holds_up_only_what_is_due_inside():
    # Levels at once, after 30 min and after 1 h: in between nothing is due, and nothing waits.
    short = {"weekdays": ["wednesday"], "from": "12:00", "to": "12:05"}
    assert arrivals(sample(), window(**short)) == [
        ("Wed 11:00:00", "Wed 11:05:00"),
        ("Wed 11:30:00", "Wed 11:35:00"),
        ("Wed 12:00:00", "Wed 12:05:00"),
    ]


def test_a_window_for_one_severity_is_told_of_that_one():
    only = {"everything": False, "match": {"severity": "high"}}
    assert told(sample(), window(**only)) == f"high\n{SATURDAYS}    pages wait for the end of {NAMED}"


def test_a_window_that_ends_sooner_or_later_is_told_once():
    assert (
        told(window(), window(to="02:00"))
        == f"every severity\n{SATURDAYS}    pages wait 2 h less for the end of {NAMED}"
    )
    later = told(window(to="02:00"), window())
    assert later == f"every severity\n{SATURDAYS}    pages wait 2 h longer for the end of {NAMED}"


def test_a_window_on_another_day_is_told_of_both_days():
    assert told(window(), window(weekdays=["friday"])) == (
        "every severity\n"
        "  Fridays 22:00 to Saturdays 04:00\n"
        f"    pages wait for the end of {NAMED}\n"
        f"{SATURDAYS}    pages wait no more for the end of {NAMED}"
    )


def test_what_a_window_hides_under_one_config_breaks_no_other_change_into_pieces():
    louder = {"escalation__policies__high__levels__1__notification_channels": ["email"]}
    new = sample(maintenance=[BACKUPS], **louder)
    change = "high\n  level 2 (secondary): not by slack or sms any more"
    assert told(sample(), new) == f"every severity\n{SATURDAYS}    pages wait for the end of {NAMED}\n\n{change}"
    assert told(window(), new) == change


def test_windows_of_other_names_that_end_together_are_no_difference_to_whom_they_hold_up():
    assert told(window(), window(name="copies", reason="")) == (
        "  no ladder changes\n\nChanged without effect in this time: maintenance"
    )


def test_a_window_that_never_ends_is_told_to_hold_always():
    always = {"weekdays": [], "from": "00:00", "to": "00:00"}
    new = sample(maintenance=[{key: value for key, value in (BACKUPS | always).items() if value != []}])
    assert told(sample(), new) == f"every severity\n  pages wait for the end of {NAMED}"
    assert told(new, sample()) == f"every severity\n  pages wait no more for the end of {NAMED}"


def test_a_planned_silence_is_told_by_its_dates():
    move = {"name": "move", "everything": True, "reason": "upgrade", "by": "alice"}
    new = sample(silences=[move | {"from": "2026-11-25T22:00:00", "to": "2026-11-26T02:00:00"}])
    assert told(sample(), new) == (
        "every severity\n"
        "  Wed 25 Nov 22:00 to Thu 26 Nov 02:00\n"
        '    pages wait for the end of silence "move" (upgrade, by alice)'
    )


def test_a_silence_with_a_fraction_of_a_second_is_compared_as_exactly():
    move = {"name": "move", "everything": True}
    new = sample(silences=[move | {"from": "2026-11-25T22:00:00.000001Z", "to": "2026-11-25T23:00:00.000001Z"}])
    assert told(sample(), new) == (
        'every severity\n  Wed 25 Nov 22:00 to 23:00\n    pages wait for the end of silence "move"'
    )


def test_a_silence_that_is_running_when_it_is_compared_has_no_beginning():
    new = sample(maintenance=[BACKUPS | {"weekdays": ["monday"], "from": "09:00", "to": "12:00"}])
    assert told(sample(), new, span=timedelta(days=3)) == (
        f"every severity\n  until Mon 23 Nov 12:00\n    pages wait for the end of {NAMED}"
    )


def test_narrow_silences_cover_no_alert_that_is_simulated_and_are_told_in_words():
    narrow = {"everything": False, "match": {"title": "/lag/", "labels": {"team": "db"}}}
    new = sample(
        maintenance=[BACKUPS | narrow],
        silences=[
            {"name": "move", "match": {"source": "grafana"}, "from": "2026-11-25T22:00", "to": "2026-11-26T02:00"}
        ],
    )
    assert told(sample(), new) == (
        "  no ladder changes\n"
        "\n"
        "senders, routes and silences\n"
        '  silence "move" is new: source=grafana, 2026-11-25 22:00 to 2026-11-26 02:00\n'
        '  maintenance window "backups" is new: title=/lag/ team=db, Saturday 22:00 to\n'
        "    04:00 UTC"
    )
    assert told(new, sample()).splitlines()[-1] == '  maintenance window "backups" is gone'
    other = sample(maintenance=[BACKUPS | narrow | {"to": "05:00"}], silences=new["silences"])
    assert told(new, other) == (
        "  no ladder changes\n"
        "\n"
        "senders, routes and silences\n"
        '  maintenance window "backups" is title=/lag/ team=db, Saturday 22:00 to 05:00\n'
        "    UTC instead of title=/lag/ team=db, Saturday 22:00 to 04:00 UTC"
    )


def test_a_silence_of_one_source_is_simulated_where_that_source_has_a_policy_of_its_own():
    scope = {"everything": False, "match": {"source": "grafana"}}
    policy = {"sources__grafana__policy": "low"}
    assert told(sample(**policy), sample(maintenance=[BACKUPS | scope], **policy)) == (
        f"from grafana: every severity\n{SATURDAYS}    pages wait for the end of {NAMED}"
    )


def test_clocks_that_change_move_what_waits():
    # On 25 October 2026 Berlin's clock goes back at 03:00, so 22:00 to 04:00 takes seven hours.
    start = datetime(2026, 10, 19, 10, tzinfo=UTC)
    zone = {"timezone": "Europe/Berlin"}
    new = sample(maintenance=[BACKUPS], **zone)
    assert told(sample(**zone), new, start) == f"every severity\n{SATURDAYS}    pages wait for the end of {NAMED}"
    span = start, start + timedelta(weeks=1)
    sides = Side(Config.model_validate(sample(**zone)), span), Side(Config.model_validate(new), span)
    [found] = CaseComparison(sides, Case(Severity.LOW), span).found
    assert found.arrivals == ((datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC)),)
