"""What `rung simulate` prints: short, folded, the same at 80 and 140 columns, in colours on terminals only."""

import io
import json
import re

import pytest
from rich.console import Console

from tests.simulation.terminal import DEFAULT, FRIDAY, simulate

HEADLINE = "A critical alert comes in on Friday 20 November 2026 at 16:30 UTC."
CRITICAL = """\
after      at         what happens                                             who is told
at once    16:30      level 1 (primary)                                        user1 on email, slack, sms
4 min      16:34      SLA acknowledgment at risk, due 16:35                    user1 on email, slack
5 min      16:35      SLA acknowledgment breached                              user1 on email, slack
                      reminder: nobody has answered (1 of 3)                   user1 on email, slack
10 min     16:40      level 2 (secondary)                                      user4 on email, slack, sms, phone
15 min     16:45      3 reminders, every 5 min: nobody has answered            user4 on email, slack
30 min     17:00      level 3 (manager)                                        team_manager on email, slack, sms, phone
35 min     17:05      3 reminders, every 5 min: nobody has answered            team_manager on email, slack
48 min     17:18      SLA resolution and policy timeout at risk, due 17:30     team_manager on email, slack
1 h        17:30      level 4 (executive)                                      director, vp on email, slack, sms, phone
                      SLA resolution and policy timeout breached               director, vp on email, slack
1 h 5 min  17:35      3 reminders, every 5 min: nobody has answered            director, vp on email, slack
2 h        18:30      round 2: the same again; round 3 at 4 h; round 4 at 6 h
8 h        Sat 00:30  nobody ever answered: the ladder is used up              team_manager on email, slack, sms, phone
"""
IN_ALL = (
    "In all: 16 firings of a level, 40 reminders, 3 SLA clocks breached; 194 messages to 5 people, 76 of them pages of "
    "levels."
)


def printed(*words, columns=140):
    """What is printed at a width, without the spaces at the ends of lines."""
    said = simulate("--at", FRIDAY, *words, COLUMNS=str(columns))
    assert said.exit_code == 0, said.output
    return "\n".join(line.rstrip() for line in said.stdout.splitlines())


def cells(text):
    """The words of a text, whatever its lines."""
    return text.split()


def test_a_critical_alert_that_nobody_answers_at_140_columns():
    lines = printed("--severity", "critical").splitlines()
    assert lines[0] == HEADLINE
    assert lines[1:16] == CRITICAL.splitlines()
    assert lines[16:18] == ["", IN_ALL]
    assert lines[18:] == ["No channel has credentials here, so every channel is taken to reach everybody."]


def test_at_80_columns_no_line_is_longer_and_nothing_is_left_out():
    narrow = printed("--severity", "critical", columns=80)
    assert max(map(len, narrow.splitlines())) <= 80
    assert sorted(cells(narrow)) == sorted(cells(printed("--severity", "critical")))
    assert len(narrow.splitlines()) < 35


def test_every_round_is_printed_when_wanted():
    full = printed("--severity", "critical", "--full")
    assert "the same again" not in full
    assert next(line.split()[0:2] for line in full.splitlines() if "round 4, level" in line) == ["6", "h"]
    assert len(re.findall(r"level \d \(", full)) == 16


def test_rounds_that_page_others_since_the_rotation_was_handed_over_are_not_the_same():
    found = printed("--severity", "medium", "--at", "2026-11-23T02:10")
    assert "round 2, level 1 (primary)" in found
    assert "the same again" not in found


def test_rounds_that_somebody_ends_are_printed_in_full():
    found = printed("--severity", "critical", "--ack", "4h15m")
    assert "round 2: the same again\n" in found
    assert re.search(r"\n4 h +20:30 +round 3, level 1 \(primary\)", found)
    assert re.search(r"\n4 h 15 min +20:45 +acknowledged by user4 +user1, team_manager, director, vp on email\n", found)


def test_a_long_row_of_rounds_is_told_by_its_ends_and_marks_stand_between(tmp_path):
    for file in DEFAULT.glob("*.yaml"):
        text = file.read_text("utf-8").replace("max_repeats: 1\n", "max_repeats: 12\n")
        (tmp_path / file.name).write_text(text, "utf-8")
    said = simulate("--at", "2026-11-23T12:00", "--severity", "medium", config=tmp_path, COLUMNS="140").stdout
    rounds = [" ".join(line.split()) for line in said.splitlines() if "the same again" in line]
    assert rounds == [
        "8 h 20:00 round 2: the same again; round 3 at 16 h",
        "1 d Tue 12:00 round 4: the same again",
        "1 d 8 h Tue 20:00 rounds 5 to 13: the same again; the last at 4 d",
    ]


def test_what_fails_stands_beside_whom_it_was_to_reach():
    found = printed("--severity", "critical", "--unreachable", "user1", "--down", "slack", "--until", "20m")
    lines = [line[16:].strip() for line in found.splitlines()[2:8]]
    assert [re.split(r"  +", line) for line in lines] == [
        ["level 1 (primary), left at once", "user1 in vain on email, slack, sms, phone"],
        ["level 2 (secondary)", "user4 on email, sms, phone, not on slack"],
        ["SLA acknowledgment at risk, due 16:35", "user4 on email, not on slack"],
        ["SLA acknowledgment breached", "user4 on email, not on slack"],
        ["3 reminders, every 5 min: nobody has answered", "user4 on email, sms (instead of slack)"],
        [""],
    ]


def test_when_nothing_arrives_the_walks_of_a_round_are_told_once():
    everybody = [word for name in ("email", "slack", "sms", "phone") for word in ("--down", name)]
    found = printed("--severity", "low", *everybody, columns=200)
    assert "not one page of this round could be delivered: the catch-all is paged" in found
    assert "the same again, also at 15 min, 26 min, 45 min," in found
    assert len(found.splitlines()) < 20


def test_seconds_are_told_only_where_there_are_any():
    assert "16:30:07" in printed("--severity", "low", "--at", "2026-11-20T16:30:07", "--until", "0")
    assert ":00" not in printed("--severity", "critical").replace("17:00", "")


def test_an_instant_is_told_by_the_clock_of_the_config(tmp_path):
    for file in DEFAULT.glob("*.yaml"):
        text = file.read_text("utf-8").replace("timezone: UTC\n", "timezone: Europe/Berlin\n")
        (tmp_path / file.name).write_text(text, "utf-8")
    said = simulate("--at", "2026-11-20T16:30", "--severity", "low", "--until", "0", config=tmp_path).stdout
    assert said.startswith("A low alert comes in on Friday 20 November 2026 at 16:30 CET.\n")


def test_a_maintenance_window_is_told_with_its_reason_and_its_end(tmp_path):
    for file in DEFAULT.glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    window = {"name": "backups", "everything": "true", "weekdays": ["saturday"], "from": "02:00", "to": "04:00"}
    (tmp_path / "zz.yaml").write_text(json.dumps({"maintenance": [window | {"reason": "weekly backup"}]}), "utf-8")
    said = simulate("--at", "2026-12-05T03:00", "--severity", "low", config=tmp_path, COLUMNS="140").stdout
    assert said.startswith("A low alert comes in on Saturday 5 December 2026 at 03:00 UTC.\n")
    assert 'suppressed until 04:00:00 UTC: maintenance window "backups" (weekly backup) ' in said
    assert "unsuppressed: no silence covers it any more " in said


def test_what_was_not_answered_by_a_way_is_not_said_to_have_come_by_one():
    found = printed("--severity", "high", "--ack", "12m", "--update", "20m", "--snooze", "30m+1h", "--resolve", "2h")
    assert "simulation" not in found
    assert "snoozed by user1 until 18:00:00 UTC" in " ".join(cells(found))


def test_there_are_colours_on_a_terminal_only():
    from functions.commands import _simulation_output

    assert "\x1b" not in simulate("--at", FRIDAY, "--severity", "critical").stdout
    terminal = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_simulation_output, "Console", lambda **_options: terminal)
        simulate("--at", FRIDAY, "--severity", "critical")
    assert "\x1b[31mSLA acknowledgment breached" in terminal.file.getvalue()


def test_help_shows_how_it_is_used_and_what_it_leaves_out():
    said = simulate("--help").stdout
    for words in ("--ack 12m --resolve 2h", "--payload webhook.json --source grafana", "12m:alice", "--live asks the"):
        assert words in " ".join(said.split())


def test_a_word_that_no_source_knows_is_told_with_what_was_probably_meant():
    said = simulate("--severity", "crtical", "--until", "0")
    assert said.exit_code == 0
    assert said.stderr == "rung: no severity is called 'crtical' (did you mean critical?); taken as medium\n"
    assert simulate("--severity", "P1", "--until", "0").stderr == ""
    assert "no severity is called ''" in simulate("--severity", "", "--until", "0").stderr


def test_a_folder_without_a_config_is_bad_config(tmp_path):
    said = simulate("--severity", "low", config=tmp_path / "none")
    assert (said.exit_code, said.stdout) == (2, "")


def test_no_secret_of_a_running_rung_is_needed():
    assert simulate("--severity", "low", "--until", "0", RUNG_SOURCE_TOKEN=None).exit_code == 0
