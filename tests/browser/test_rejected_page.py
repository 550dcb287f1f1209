"""Webhooks that could not be read, in a real browser: seen on a phone at night, read again after a change of config."""

import os
import signal

import pytest
import requests

from tests.browser.chromium import BINARY
from tests.browser.test_first_page import luminance, sign_in
from tests.conftest import wait_for
from tests.processes import SOURCE_TOKEN, running, write_config
from tests.samples import config_dict

pytestmark = pytest.mark.skipif(BINARY is None, reason="there is no chromium")

BODY = b'{"title": "Disk is full", "password": "hunter2", "severity": "low"}'


def sources(kind):
    return {"shop": {"type": kind, "token": SOURCE_TOKEN}}


@pytest.fixture
def rung(tmp_path):
    with running(tmp_path / "rung", config_dict(sources=sources("grafana"))) as processes:
        headers = {"Authorization": f"Bearer {SOURCE_TOKEN}", "Content-Type": "application/json"}
        assert requests.post(f"{processes.url}/ingest/shop", BODY, headers=headers, timeout=5).status_code == 400
        yield processes


def reconfigure(rung, **changes):
    master, *before = rung.pids("web")
    write_config(rung.folder / "config", config_dict(**changes))
    os.kill(master, signal.SIGHUP)
    wait_for(lambda: not set(before) & set(rung.pids("web")) and len(rung.pids("web")) > 1, 10, "fresh web processes")


def test_a_person_sees_a_body_that_could_not_be_read_and_reads_it_again_without_scripts(rung, browser):
    browser.look(320, 900, dark=True)
    browser.without_scripts()
    sign_in(browser, rung.url)
    browser.press("Rejected 1")
    assert browser.path == "/rejected"
    assert "#1 from shop" in browser.text
    assert "is this really a webhook of Grafana?" in browser.text
    assert "application/json; 63 characters" not in browser.text, "it is folded"
    browser.run('document.querySelector("details").open = true')
    assert '"password": "***", "severity": "low"} application/json; 63 characters' in browser.text
    assert "hunter2" not in browser.text
    assert browser.run("document.documentElement.scrollWidth") == 320
    lights = [
        luminance(browser.run(f'getComputedStyle(document.querySelector("{name}")).{which}'))
        for name, which in ((".reason", "color"), (".card", "backgroundColor"))
    ]
    assert (lights[0] + 0.05) / (lights[1] + 0.05) >= 4.5

    browser.press("Read again")
    assert browser.path == "/rejected"
    assert "a webhook of Grafana? {" in browser.text
    assert "Rejected webhook 1 still cannot be read: " in browser.text

    reconfigure(rung, sources=sources("generic"))
    browser.press("Read again")
    assert "Webhook 1 was read: alert 2 triggered. See alert 2" in browser.text
    assert "None: every webhook could be read." in browser.text
    browser.press("See alert 2")
    assert browser.path == "/alerts/2"
    assert "Disk is full" in browser.text
    assert "Rejected" not in browser.text
