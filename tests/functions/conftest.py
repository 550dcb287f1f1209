"""The application for the tests of doors."""

import pytest

from tests.apps import App


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url)
    yield app
    app.redis.close()
