"""The application for the tests of doors."""

import pytest

from functions import reply_slack
from tests.adapters.fake_slack import FakeSlack
from tests.apps import App


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url)
    yield app
    app.redis.close()


@pytest.fixture
def slack(monkeypatch):
    """Have what a door says to Slack later said to a server of ours."""
    with FakeSlack() as slack:
        for name, value in slack.environment.items():
            monkeypatch.setenv(name, value)
        yield slack


@pytest.fixture
def said(monkeypatch):
    """What the door for Slack has said to it, without a wire: which way, the address or the thread, and the text."""
    found = []
    for name in ("change_pressed", "tell_presser", "say_in_thread"):
        monkeypatch.setattr(reply_slack, name, lambda *words, name=name: found.append((name, *words)))
    return found
