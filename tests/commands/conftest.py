"""The application behind a real port, and what a terminal needs to reach it."""

import pytest

from functions.app import create_app
from tests.apps import API_TOKEN, App
from tests.commands.serving import serving


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url)
    yield app
    app.redis.close()


@pytest.fixture
def terminal(app, tmp_path):
    """The environment of a terminal that reaches `app`."""
    with serving(create_app(app.rung)) as url:
        yield {"RUNG_PUBLIC_URL": url, "RUNG_API_TOKEN": API_TOKEN, "RUNG_DATA": str(tmp_path / "none")}
