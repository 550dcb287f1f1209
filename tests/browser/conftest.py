"""A browser for each test, as wide as a large phone."""

import pytest

from tests.browser.chromium import browsing


@pytest.fixture
def browser(tmp_path):
    with browsing(tmp_path / "browser") as browser:
        browser.look(500, 900)
        yield browser
