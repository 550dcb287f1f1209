"""`rung check` as one types it: what it prints, what it exits with, and what it asks when it is told to."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from core.adapters.presence import key_complaints
from core.adapters.redis_standing import RedisStanding
from functions.commands import main
from tests.adapters.servers import CERTIFICATES, HttpSink, SmtpSink, refusing_port
from tests.duties import override, said
from tests.lint.sound import changed, put, sound, weekly

ROOT = Path(__file__).parents[2]
VARIABLES = ("EMAIL_URL", "SLACK_URL", "SMS_URL", "PHONE_URL", "CONFIG", "CONFIG_BASE", "SOURCE_TOKEN", "SECRET_KEY")


@pytest.fixture(autouse=True)
def _bare(tmp_path, monkeypatch):
    """A terminal in an empty folder, in which nothing of Rung is set."""
    monkeypatch.chdir(tmp_path)
    for name in (*VARIABLES, "PUBLIC_URL", "API_TOKEN"):
        monkeypatch.delenv(f"RUNG_{name}", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("RUNG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def check(tmp_path):
    """Write a config, if any, and look through it."""

    def look(written, *options):
        if written is not None:
            (tmp_path / "mine").mkdir(exist_ok=True)
            (tmp_path / "mine" / "rung.yaml").write_text(yaml.safe_dump(written, sort_keys=False))
        said = CliRunner().invoke(main, ["check", *options, *(["mine"] if written is not None else [])])
        assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
        return said

    return look


def test_a_sound_config_is_said_to_be_well(check):
    said = check(sound())
    assert (said.exit_code, said.output) == (0, "All is well.\n")


def test_the_config_that_rung_brings_earns_two_warnings_and_one_piece_of_advice(check):
    said = check(None, "--json")
    answer = json.loads(said.output)
    assert said.exit_code == 0
    assert [(each["severity"], each["code"], each["path"]) for each in answer["findings"]] == [
        ("warning", "level-after-sla", "escalation.policies.critical.levels[1].delay"),
        ("warning", "level-after-sla", "escalation.policies.medium.levels[1].delay"),
        ("advice", "no-credentials", "channels"),
    ]
    assert (answer["errors"], answer["warnings"], answer["advice"]) == (0, 2, 1)
    critical, medium, _ = (each["found"] for each in answer["findings"])
    assert critical.startswith("level 2 (secondary) of critical first fires after 10 min, and critical is to be ackn")
    assert critical.endswith("within 5 min")
    assert medium.startswith("level 2 (secondary) of medium first fires after 2 h, and medium is to be acknowledged")
    assert medium.endswith("within 1 h of business hours")


def test_it_prints_the_worst_first_with_code_place_found_what_comes_of_it_and_how_to_mend_it(check):
    written = put(changed("escalation.catch_all", []), "people.bob", {"slack": "@U1"})
    assert (
        check(written).output
        == """\
Errors

person-unreachable
  mine/rung.yaml: people.bob
  found  bob cannot be reached on email and sms, the channels of level 1
         (primary) of high
  so     bob is not paged there; where nobody else is, the level is left at
         once.
  mend   Give bob the contacts email and phone.

Warnings

catch-all-empty
  mine/rung.yaml: escalation.catch_all
  found  the catch-all is empty
  so     When a ladder is used up, or can reach nobody, no one is told of it.
  mend   Name a person or a rotation in it.

1 error, 1 warning
"""
    )


def test_no_line_is_longer_than_the_terminal(check, monkeypatch):
    for columns in (60, 80):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = check(None).output.splitlines()
        assert max(len(line) for line in lines if not line.startswith("  /")) <= columns
        assert len(lines) > 10


WARNED = changed("escalation.catch_all", [])
WRONG = changed("people.bob", {"slack": "@U1"})
ADVISED = changed("outbox", True)


@pytest.mark.parametrize(
    ("written", "code", "strict"),
    [(sound(), 0, 0), (ADVISED, 0, 0), (WARNED, 0, 1), (WRONG, 1, 1)],
    ids=["nothing", "advice", "a warning", "an error"],
)
def test_it_exits_1_on_an_error_and_when_strict_on_a_warning(written, code, strict, check):
    assert check(written).exit_code == code
    assert check(written, "--strict").exit_code == strict
    assert check(written, "--json").exit_code == code


def test_the_folder_may_be_named_as_other_commands_have_it_but_not_twice(check):
    told = check(WARNED).output
    assert check(None, "--config", "mine").output == told
    said = check(WARNED, "--config", "mine")
    assert said.exit_code == 2
    assert "name the folder once" in said.output


def test_what_rung_refuses_is_an_error_with_a_code(check):
    said = check(put(changed("timezone", "Mars/Olympus"), "colour", "red"))
    assert said.exit_code == 1
    assert "value-refused\n  mine/rung.yaml: timezone\n" in said.output
    assert '  found  "Mars/Olympus"\n' in said.output
    assert "  mend   Wanted: a time zone such as UTC or Europe/Berlin.\n" in said.output
    assert "key-unknown\n  mine/rung.yaml: colour\n" in said.output
    assert said.output.endswith(
        "Rung refuses this config. What else there is to say comes when that is mended.\n2 errors\n"
    )


def test_a_folder_that_is_not_there_cannot_be_read(check):
    said = CliRunner().invoke(main, ["check", "nowhere"])
    assert said.exit_code == 2
    assert said.output.startswith("Errors\n\nconfig-unreadable\n  nowhere\n  found  no folder\n")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "config-unreadable"),
        ("a: [", "config-unreadable"),
        ("- a\n", "config-unreadable"),
        ("colour: ${file:/nowhere/secret}\n", "secret-unreadable"),
    ],
    ids=["no file", "no YAML", "no mapping", "no secret"],
)
def test_what_cannot_be_read_at_all_exits_2(text, code, tmp_path, check):
    (tmp_path / "mine").mkdir()
    if text is not None:
        (tmp_path / "mine" / "rung.yaml").write_text(text)
    for options in ([], ["--strict"], ["--json"]):
        said = CliRunner().invoke(main, ["check", "mine", *options])
        assert said.exit_code == 2
        assert code in said.output


def test_a_variable_that_is_not_set_can_be_set_and_is_an_error(check):
    said = check(changed("sources.grafana.token", "${NOT_SET_ANYWHERE}"))
    assert said.exit_code == 1
    assert "variable-unset" in said.output


def test_how_far_it_looks_is_told_in_days(check):
    until = f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d}"
    written = changed("rotations.oncall", weekly({"name": "ada", "until": until}, {"name": "bob", "until": until}))
    assert "level-uncovered" in check(written).output
    assert check(written, "--days", "30").output == "All is well.\n"
    assert check(written, "--days", "0").exit_code == 2


def test_it_makes_nothing_and_needs_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "functions.commands", "check"],
        cwd=ROOT,
        env={"PATH": "/nonexistent", "RUNG_DATA": str(tmp_path / "data"), "REDIS_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("2 warnings, 1 piece of advice\n")
    assert "config/escalation.yaml: escalation.policies.critical.levels[1].delay\n" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_imports_neither_server_nor_redis_nor_apprise():
    script = (
        "import sys\nfrom functions.commands import main\n"
        "try:\n    main(['check', '--json'])\nexcept SystemExit:\n    pass\n"
        "print(*sorted({'redis', 'flask', 'rq', 'apprise', 'gunicorn', 'requests', 'holidays'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == ""


# What `--online` asks.


@pytest.fixture
def online(check, client, redis_server, monkeypatch):
    """Look through a config with a Redis that is there, and give the findings as (code, path, found)."""
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("RUNG_PUBLIC_URL", "https://rung.example.com")

    def look(written, *options):
        said = check(written, "--online", "--json", *options)
        assert "s3cret" not in said.output
        return [(each["code"], each["path"], each["found"]) for each in json.loads(said.output)["findings"]]

    return look


def in_outbox():
    return put(sound(), "channels", {"email": {"url": ""}, "sms": {"url": ""}})


MISSING = [
    ("process-missing", "", "no scheduler runs"),
    ("process-missing", "", "no worker takes jobs from the queue 'escalate'"),
    ("process-missing", "", "no worker takes jobs from the queue 'notify'"),
]
NO_CREDENTIALS = ("no-credentials", "channels", "no channel has credentials")


def test_online_says_which_processes_are_missing(online):
    assert online(in_outbox()) == [*MISSING, NO_CREDENTIALS]


def test_online_says_what_is_wrong_with_redis(online, client):
    client.config_set("appendfsync", "no")
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        found = [found for code, _, found in online(in_outbox()) if code == "redis-settings"]
    finally:
        client.config_set("appendfsync", "everysec")
        client.config_set("maxmemory-policy", "noeviction")
    assert found == [
        "Redis leaves it to the operating system when its append-only file is synced",
        "Redis may throw records away when its memory is full (maxmemory-policy is allkeys-lru)",
    ]


def test_online_says_that_redis_does_not_answer(online, monkeypatch):
    with refusing_port() as port:
        monkeypatch.setenv("REDIS_URL", f"redis://:s3cret@127.0.0.1:{port}/0")
        [(code, path, found), _] = online(in_outbox())
    assert (code, path) == ("redis-unreachable", "")
    assert "Connection refused" in found


def test_online_notes_nothing_and_makes_no_secret(online, client, tmp_path):
    key_complaints(client, "k" * 32)
    before = {key: client.dump(key) for key in client.scan_iter()}
    online(in_outbox())
    assert {key: client.dump(key) for key in client.scan_iter()} == before
    assert not (tmp_path / "data").exists()


def test_online_compares_the_secret_key_only_when_it_knows_one(online, client, monkeypatch):
    key_complaints(client, "k" * 32)
    assert "key-differs" not in [code for code, *_ in online(in_outbox())]
    monkeypatch.setenv("RUNG_SECRET_KEY", "k" * 32)
    assert "key-differs" not in [code for code, *_ in online(in_outbox())]
    monkeypatch.setenv("RUNG_SECRET_KEY", "another-s3cret-key")
    assert "key-differs" in [code for code, *_ in online(in_outbox())]


def test_online_counts_what_people_ordered_for_a_while(online, client):
    start = datetime.now(UTC)
    members = [{"name": "ada", "until": f"{start + timedelta(days=30):%Y-%m-%d}"}]
    written = changed("rotations.oncall", weekly(*members))
    put(written, "channels", {"email": {"url": ""}, "sms": {"url": ""}})
    assert "level-uncovered" in [code for code, *_ in online(written)]
    RedisStanding(client).add(override("bob", said(start + timedelta(days=20)), said(start + timedelta(days=100))))
    assert "level-uncovered" not in [code for code, *_ in online(written)]


def with_channels(**urls):
    written = put(sound(), "channels", {name: {"url": url} for name, url in urls.items()})
    channels = list(urls)
    for level in written["escalation"]["policies"]["high"]["levels"]:
        level["notification_channels"] = channels
    return written


def test_online_asks_the_server_of_each_channel_and_sends_nothing(online, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "valid.pem"))
    with HttpSink() as sink, SmtpSink(certificate="valid") as mail:
        url = mail.url("{email}", password="s3cret", scheme="mailtos")
        assert online(with_channels(email=url, hook=sink.url(user="s3cret"))) == MISSING
        assert (sink.requests, mail.mails, mail.logins) == ([], [], 0)


def test_online_says_which_server_does_not_answer(online):
    with refusing_port() as port:
        found = online(with_channels(email=f"mailto://rung:s3cret@127.0.0.1:{port}?from=rung@example.com&to={{email}}"))
    assert found[0] == (
        "channel-unreachable",
        "channels.email.url",
        f"127.0.0.1:{port}, where email sends to, cannot be reached: connection refused",
    )


def test_online_says_what_apprise_cannot_read(online):
    [found, *_] = online(with_channels(email="mailtoss://rung:s3cret@smtp.example.com?to={email}"))
    assert found == ("channel-refused", "channels.email.url", "Apprise knows no scheme 'mailtoss'")


def test_online_says_what_could_not_be_asked(online):
    assert ("channel-not-asked", "channels.log.url") in [
        (code, path) for code, path, _ in online(with_channels(log="rsyslog://localhost"))
    ]


def test_online_says_that_links_lead_to_this_machine_only(online, monkeypatch):
    monkeypatch.delenv("RUNG_PUBLIC_URL")
    with HttpSink() as sink:
        codes = [code for code, *_ in online(with_channels(hook=sink.url()))]
    assert "links-lead-nowhere" in codes
    assert "links-lead-nowhere" not in [code for code, *_ in online(in_outbox())]


def test_online_says_which_channels_could_be_answered_on(online):
    with HttpSink() as sink:
        written = put(with_channels(hook=sink.url()), "channels.hook.kind", "slack")  # asked on this machine
        found = [(code, path) for code, path, _ in online(written)]
        assert ("reply-not-set-up", "replies.slack.signing_secret") in found
        found = [code for code, *_ in online(put(written, "replies", {"slack": {"signing_secret": "s3cret"}}))]
        assert not {"reply-not-set-up", "replies-lead-nowhere"} & set(found)


def test_online_says_that_answers_are_to_come_to_this_machine(online, monkeypatch):
    monkeypatch.delenv("RUNG_PUBLIC_URL")
    with HttpSink() as sink:
        written = put(with_channels(hook=sink.url()), "replies", {"telegram": {"secret": "s3cret"}})
        assert ("replies-lead-nowhere", "replies") in [(code, path) for code, path, _ in online(written)]


def test_online_asks_nothing_about_a_config_that_rung_refuses(check, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    said = check(changed("timezone", "Mars/Olympus"), "--online", "--json")
    assert [each["code"] for each in json.loads(said.output)["findings"]] == ["value-refused"]
