"""The answering commands against a real server: what they print, what they do, and how they exit."""

import json
import socket
import threading

import pytest
from click.testing import CliRunner

from core.commands import Resolve
from functions.app import create_app
from functions.commands import main
from tests.apps import API_TOKEN, App, environment
from tests.commands.serving import serving
from tests.conftest import free_port


@pytest.fixture
def rung(terminal):
    """Run a `rung` command against the application."""

    def run(*words: object, **changes: str | None):
        return CliRunner().invoke(main, [str(word) for word in words], env=terminal | {"COLUMNS": "140"} | changes)

    return run


@pytest.fixture
def alone(tmp_path):
    """Run a `rung` command where no server is."""
    nothing = {"RUNG_PUBLIC_URL": None, "RUNG_API_TOKEN": None, "RUNG_DATA": str(tmp_path / "none"), "PORT": None}

    def run(*words: object, **env: str | None):
        return CliRunner().invoke(main, [str(word) for word in words], env=nothing | env)

    return run


ANSWERS = [
    (["ack"], "alert 1 is acknowledged by user2: Disk is full"),
    (["resolve"], "alert 1 is resolved by user2: Disk is full"),
    (["update", "--note", "looking"], "alert 1 is in progress by user2: Disk is full"),
    (["escalate"], "alert 1 is escalated, level 2 (secondary): Disk is full"),
    (["snooze", "--for", "2h"], "alert 1 is acknowledged by user2 until 2026-11-23T12:00:00Z: Disk is full"),
    (["reassign", "--to", "vp"], "alert 1 is escalated, level 1 (primary): Disk is full"),
]
IDS = [words[0] for words, _ in ANSWERS]


@pytest.mark.parametrize(("words", "line"), ANSWERS, ids=IDS)
def test_an_answer_says_in_one_line_how_the_alert_stands_now(app, rung, words, line):
    app.fires()
    said = rung(*words, "1", "--by", "user2")
    assert (said.exit_code, said.output) == (0, line + "\n")
    assert "user2" in {event.get("by") for event in app.events(1)}


@pytest.mark.parametrize(("words", "_line"), ANSWERS, ids=IDS)
def test_an_answer_as_json_is_the_alert(app, rung, words, _line):
    app.fires()
    said = rung(*words, "1", "--json")
    assert said.exit_code == 0
    assert json.loads(said.stdout) == {
        name: value for name, value in app.get("/alerts/1").json.items() if name in json.loads(said.stdout)
    }


@pytest.mark.parametrize(("words", "_line"), ANSWERS, ids=IDS)
def test_a_refusal_says_why_and_exits_1(app, rung, words, _line):
    alert = app.fires()
    app.does(alert, Resolve("user9", "api"))
    said = rung(*words, alert)
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr == "rung: alert 1 was resolved by user9 0 s ago\n"


@pytest.mark.parametrize(("words", "_line"), ANSWERS, ids=IDS)
def test_no_such_alert_exits_1(rung, words, _line):
    said = rung(*words, "99")
    assert (said.exit_code, said.stderr) == (1, "rung: there is no alert 99\n")


@pytest.mark.parametrize(("words", "_line"), ANSWERS, ids=IDS)
@pytest.mark.parametrize("number", ["x", "-", "1.5", "٣", "1/2", ""])
def test_what_is_no_number_is_wrong_usage(app, rung, words, _line, number):
    app.fires()
    said = rung(*words, "--", number)
    assert said.exit_code == 2
    assert "is not an alert's number" in said.stderr


@pytest.mark.parametrize(("words", "_line"), ANSWERS, ids=IDS)
def test_without_a_number_it_is_wrong_usage(alone, words, _line):
    assert alone(*words).exit_code == 2


def test_who_answers_is_the_login_name_unless_it_is_said(app, rung):
    app.fires()
    said = rung("ack", "1", LOGNAME="me-myself")
    assert "by me-myself" in said.output


def test_without_a_login_name_the_tokens_name_answers(app, rung, monkeypatch):
    def nobody():
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nobody)
    app.fires()
    assert "by operator" in rung("ack", "1").output


def test_several_are_answered_at_once_and_one_that_refuses_does_not_stop_the_rest(app, rung):
    for name in "abc":
        app.fires(name)
    app.does(2, Resolve("user9", "api"))
    said = rung("ack", "#1", "2", "3", "99", "--by", "user2")
    assert said.exit_code == 1
    assert [line[:24] for line in said.stdout.splitlines()] == ["alert 1 is acknowledged ", "alert 3 is acknowledged "]
    assert "alert 2 was resolved" in said.stderr
    assert "there is no alert 99" in said.stderr


def test_a_note_is_kept(app, rung):
    app.fires()
    rung("ack", "1", "-m", "on it\nsecond line", "--by", "user2")
    assert app.events(1)[-1]["note"] == "on it\nsecond line"


@pytest.mark.parametrize(
    "words",
    [
        ["snooze", "1"],
        ["snooze", "1", "--for", "1h", "--until", "2026-11-24T00:00:00Z"],
        ["snooze", "1", "--for", "soon"],
        ["snooze", "1", "--for", "99d"],
        ["snooze", "1", "--until", "tomorrow"],
        ["reassign", "1"],
        ["reassign", "1", "--to", ""],
        ["ack", "1", "--by", "x" * 200],
        ["ack", "1", "--by", "a\nb"],
        ["ack", "1", "--note", "x" * 5000],
        ["fire", ""],
        ["fire", "title", "--source", "x/../y"],
        ["alerts", "--status", "open"],
        ["alerts", "--limit", "0"],
        ["alerts", "--limit", "x"],
        ["page", "nobody"],
    ],
)
def test_what_cannot_be_meant_exits_2_or_1_with_a_reason_and_changes_nothing(app, rung, words):
    app.fires()
    before = app.record(1)
    said = rung(*words, **_own(app))
    assert said.exit_code == (1 if words[0] == "fire" and "--source" in words else 2), said.output
    assert said.stderr.strip()
    assert "Traceback" not in said.stderr
    assert app.record(1) == before


def _own(app) -> dict[str, str]:
    """What a command needs that puts a Rung together in its own process."""
    return {name: app.rung.env[name] for name in ("REDIS_URL", "RUNG_CONFIG", "RUNG_SOURCE_TOKEN", "RUNG_SECRET_KEY")}


def test_a_snooze_until_an_instant_that_has_passed_is_refused(app, rung):
    app.fires()
    said = rung("snooze", "1", "--until", "2026-11-23T09:00:00Z")
    assert (said.exit_code, "not in the future" in said.stderr) == (1, True)


def test_to_reassign_to_somebody_nobody_knows_is_refused(app, rung):
    app.fires()
    said = rung("reassign", "1", "--to", "nobody")
    assert (said.exit_code, "no person or rotation named 'nobody'" in said.stderr) == (1, True)


def test_fire_raises_an_alert_counts_it_and_resolves_it(app, rung):
    words = ["fire", "Disk is full", "-s", "critical", "--key", "k", "-m", "96 %", "--link", "https://example.com/"]
    assert rung(*words).output == "alert 1: triggered\n"
    assert rung(*words).output == "alert 1: counted\n"
    shown = app.get("/alerts/1").json
    assert (shown["severity"], shown["description"], shown["link"]) == ("critical", "96 %", "https://example.com/")
    assert json.loads(rung(*words, "--resolve", "--json").stdout)["alerts"] == [
        {"id": 1, "dedup_key": "k", "result": "resolved"}
    ]
    assert rung("fire", "never seen", "--resolve").output == "no alert: ignored\n"


def test_fire_through_an_unknown_source_says_so(rung):
    said = rung("fire", "x", "--source", "nobody")
    assert said.exit_code == 1
    assert "no source" in said.stderr


def test_alerts_lists_the_open_ones_newest_first(app, rung):
    assert rung("alerts").output == "No open alerts.\n"
    app.fires("first", "high")
    app.fires("[bold]second[/bold] \U0001f525", "critical")
    app.post("/alerts/1/ack", json={"by": "user2"})
    lines = rung("alerts").output.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("2 ")
    assert "[bold]second[/bold] \U0001f525" in lines[1]
    assert "acknowledged (user2)" in lines[2]
    assert rung("alerts", "--status", "resolved").output == "No alerts.\n"


def test_alerts_can_be_filtered_and_paged(app, rung):
    for number in range(5):
        app.fires(f"t{number}", "high" if number % 2 else "critical")
    assert [a["id"] for a in json.loads(rung("alerts", "--severity", "high", "--json").stdout)["alerts"]] == [4, 2]
    page = rung("alerts", "--limit", "2")
    assert "rung alerts --after 4" in page.output
    assert [a["id"] for a in json.loads(rung("alerts", "--after", "4", "--json").stdout)["alerts"]] == [3, 2, 1]


def test_show_tells_the_whole_story(app, rung):
    app.fires("Disk is full", description="96 % used", link="https://example.com/d")
    app.rung.dispatcher(None, 8).drain(60)
    app.passes(600)
    app.post("/alerts/1/ack", json={"by": "user5", "note": "on [red]it[/red]"})
    said = rung("show", "1")
    assert said.exit_code == 0
    for wanted in (
        "alert 1 is acknowledged by user5: Disk is full",
        "critical, policy critical, from generic since 2026-11-23T10:00:00Z",
        "96 % used",
        "https://example.com/d",
        "user5 has it; the ladder waits.",
        "triggered",
        "level 2 (secondary)",
        "on [red]it[/red]",
        "page, level 1 (primary)",
        "sent at 10:00:00",
        "queued",
    ):
        assert wanted in said.output, wanted


def test_show_as_json_has_everything(app, rung):
    app.fires()
    shown = json.loads(rung("show", "#1", "--json").stdout)
    assert {"id", "timeline", "notifications", "what_happens_next", "wake_at"} <= set(shown)
    assert [event["event"] for event in shown["timeline"]][:2] == ["routed", "triggered"]


def test_nothing_from_outside_commands_the_terminal(app, rung):
    evil = "\x1b[2J\x1b]0;title\x07 \r gone \x9b31m"
    app.fires(evil + "title", description=evil, labels={"a": evil})
    app.ingest(evil.encode())
    app.rung.dispatcher(None, 8).drain(60)
    for words in (["show", "1"], ["show", "2"], ["alerts"], ["outbox"], ["ack", "1"]):
        output = rung(*words).output
        assert not {"\x1b", "\x07", "\x9b", "\r"} & set(output), words


def test_show_of_an_alert_that_is_not_there_exits_1(rung):
    assert (rung("show", "99").exit_code, rung("show", "x").exit_code) == (1, 2)


def test_outbox_shows_the_last_messages_oldest_first(app, rung):
    assert rung("outbox").output == "The outbox is empty.\n"
    for name in ("one", "two", "three"):
        app.fires(name, "low")
        app.rung.dispatcher(None, 8).drain(60)
        app.passes(1)
    said = rung("outbox", "--last", "2").output
    assert "one" not in said
    assert said.index("two") < said.index("three")
    assert "to user2 on email" in said
    assert len(json.loads(rung("outbox", "--json").stdout)["messages"]) == 3


def test_page_without_credentials_goes_to_the_built_in_outbox(app, rung):
    said = rung("page", "user2", **_own(app))
    assert said.exit_code == 0, said.output
    assert [line.split(":")[0] for line in said.stdout.splitlines()] == ["email", "slack", "sms", "phone"]
    assert "to the built-in outbox" in said.stdout
    messages = app.get("/outbox").json["messages"]
    assert {(m["responder"], m["title"]) for m in messages} == {("user2", "Test page from Rung")}
    assert app.get("/alerts").json["alerts"] == []


def test_page_on_one_channel_only_and_on_one_that_is_not_there(app, rung):
    assert rung("page", "user2", "--channel", "sms", **_own(app)).stdout.startswith("sms: sent")
    said = rung("page", "user2", "--channel", "pigeon", **_own(app))
    assert said.exit_code == 2
    assert "config has no channel pigeon; it has email, slack, sms, phone" in said.stderr
    assert len(app.get("/outbox").json["messages"]) == 1


def test_page_finds_the_redis_of_the_rung_that_runs(app, alone, tmp_path):
    own = {name: value for name, value in _own(app).items() if name != "REDIS_URL"}
    found = {"url": "http://127.0.0.1:9", "redis_url": app.rung.env["REDIS_URL"], "api_token": API_TOKEN}
    (tmp_path / "run.json").write_text(json.dumps(found))
    said = alone("page", "user2", "--channel", "sms", RUNG_DATA=str(tmp_path), REDIS_URL=None, **own)
    assert said.exit_code == 0, said.output
    assert len(app.get("/outbox").json["messages"]) == 1


def test_page_needs_a_redis_for_the_outbox(app, alone, tmp_path):
    env = environment(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    said = alone("page", "user2", **env)
    assert said.exit_code == 3
    assert "Redis is out of reach" in said.stderr


ALL = [
    *[[*words, "1"] for words, _ in ANSWERS],
    ["alerts"],
    ["show", "1"],
    ["outbox"],
    ["fire", "x"],
]


@pytest.mark.parametrize("words", ALL, ids=lambda words: words[0])
def test_where_no_rung_runs_it_says_how_to_start_one_and_exits_3(alone, words):
    said = alone(*words)
    assert (said.exit_code, said.stdout) == (3, "")
    assert "no running Rung was found; start one with `rung up`" in said.stderr


@pytest.mark.parametrize("words", ALL, ids=lambda words: words[0])
def test_where_nobody_listens_it_says_where_it_looked_and_exits_3(alone, words):
    port = free_port()
    said = alone(*words, RUNG_PUBLIC_URL=f"http://127.0.0.1:{port}", RUNG_API_TOKEN=API_TOKEN)
    assert said.exit_code == 3
    assert f"Rung does not answer at http://127.0.0.1:{port}" in said.stderr
    assert API_TOKEN not in said.output


@pytest.mark.parametrize(
    "reply",
    [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n\r\nno json", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"],
)
def test_where_something_else_listens_it_exits_3_without_a_traceback(alone, reply):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        said = alone("alerts", RUNG_PUBLIC_URL=url, RUNG_API_TOKEN=API_TOKEN)
        thread.join()
    assert said.exit_code == 3, said.output
    assert "does not answer" in said.stderr


def test_a_wrong_token_exits_2_and_says_what_is_wanted(rung):
    said = rung("alerts", RUNG_API_TOKEN="not-the-token")
    assert said.exit_code == 2
    assert "API token" in said.stderr


def test_a_redis_that_is_away_exits_3(tmp_path, alone):
    app = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    with serving(create_app(app.rung)) as url:
        said = alone("ack", "1", RUNG_PUBLIC_URL=url, RUNG_API_TOKEN=API_TOKEN)
    assert said.exit_code == 3
    assert "Redis" in said.stderr


def test_a_running_rung_is_found_through_its_data_folder(app, alone, tmp_path):
    app.fires()
    with serving(create_app(app.rung)) as url:
        found = {"url": url, "redis_url": app.rung.env["REDIS_URL"], "api_token": API_TOKEN}
        (tmp_path / "run.json").write_text(json.dumps(found))
        said = alone("ack", "1", "--by", "user2", RUNG_DATA=str(tmp_path))
    assert (said.exit_code, "acknowledged by user2" in said.output) == (0, True), said.output


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", "null", '{"url": "http://x"}'])
def test_a_damaged_note_of_where_it_runs_exits_3_and_names_the_file(alone, tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    said = alone("alerts", RUNG_DATA=str(tmp_path))
    assert said.exit_code == 3, said.output
    assert "run.json" in said.stderr


def test_a_redirect_is_not_followed_with_the_token(alone):
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.3)
        target = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        said = alone("alerts", RUNG_PUBLIC_URL=url, RUNG_API_TOKEN=API_TOKEN)
        thread.join()
        with pytest.raises(TimeoutError):
            elsewhere.accept()
    assert said.exit_code == 3
    assert target in said.stderr
