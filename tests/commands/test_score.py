"""`rung show` and `rung alerts` say how the SLA stands, in words, with what is left; `rung update` says how it goes."""

import pytest
from click.testing import CliRunner

from functions.commands import main
from tests.apps import App
from tests.tracked import TRACKING


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, **TRACKING)
    yield app
    app.redis.close()


@pytest.fixture
def rung(terminal):
    env = terminal | {"COLUMNS": "160"}
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], env=env)


def test_show_says_each_clock_and_lists_the_responses(app, rung):
    app.fires()
    app.passes(310)
    assert rung("update", 1, "--by", "user2", "--note", "looking").exit_code == 0
    said = " ".join(rung("show", 1).output.split())
    assert "SLA acknowledgment breached: was due 10:05:00 UTC, done 10 s late" in said
    assert "SLA resolution in time: due 11:00:00 UTC, 54 min left" in said
    assert "update user2 via terminal 1-" in said
    assert "“looking”" in said


def test_the_list_says_the_worst_status(app, rung):
    app.fires()
    app.fires("Late", severity="low")
    app.passes(310)
    header, low, critical = rung("alerts").output.splitlines()
    assert "SLA" in header
    assert "in time, " in low
    assert "breached, " in critical
    assert " left" in critical
