"""`rung show` and `rung alerts` say how the SLA stands, in words, with what is left; `rung update` says how it goes."""

import pytest
from click.testing import CliRunner

from functions.app import create_app
from functions.commands import main
from tests.apps import API_TOKEN, App
from tests.commands.test_answers import serving
from tests.tracked import TRACKING


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, **TRACKING)
    yield app
    app.redis.close()


@pytest.fixture
def rung(app, tmp_path):
    with serving(create_app(app.rung)) as url:
        env = {"RUNG_PUBLIC_URL": url, "RUNG_API_TOKEN": API_TOKEN, "RUNG_DATA": str(tmp_path / "no"), "COLUMNS": "160"}
        yield lambda *words: CliRunner().invoke(main, [str(word) for word in words], env=env)


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
