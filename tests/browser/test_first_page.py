"""The first page in a real browser: sign in, see an alert, acknowledge it, see it change; resolve it, see it gone."""

import functools

import pytest

from tests.browser.chromium import BINARY
from tests.conftest import wait_for
from tests.processes import API_TOKEN, SOURCE_TOKEN, Api, running
from tests.samples import config_dict

pytestmark = pytest.mark.skipif(BINARY is None, reason="there is no chromium")

FAST = {"demo": {"type": "generic", "token": SOURCE_TOKEN, "policy": "critical", "speedup": 100}}  # 600 s become 6

COUNTDOWN = '(document.querySelector("[data-due]") || {}).textContent'


@pytest.fixture(scope="module")
def rung(tmp_path_factory):
    with running(tmp_path_factory.mktemp("rung"), config_dict(sources=FAST)) as processes:
        yield processes


@pytest.fixture
def api(rung):
    return Api(rung.url)


@pytest.fixture
def fires(rung, api):
    """Raise an alert, and resolve it afterwards."""
    raised = []

    def fire(title):
        answer = api.post_until_accepted("/ingest/demo", {"title": title, "severity": "critical"}, SOURCE_TOKEN)
        raised.append(title)
        return answer["alerts"][0]["id"]

    yield fire
    for title in raised:
        over = {"title": title, "status": "resolved"}
        api.post_until_accepted("/ingest/demo", over, SOURCE_TOKEN)


def sign_in(browser, url):
    browser.open(url)
    browser.type(API_TOKEN)
    browser.press("Sign in")


def test_a_person_signs_in_sees_an_alert_acknowledges_it_and_resolves_it(rung, api, browser, fires):
    alert = fires("Checkout is down")
    browser.open(rung.url)
    assert "Checkout" not in browser.text
    browser.type("not the token")
    browser.press("Sign in")
    assert "not an API token" in browser.text
    browser.complaints()
    sign_in(browser, rung.url)
    assert browser.path == "/"
    assert "1 unanswered" in browser.text
    assert "Checkout is down" in browser.text

    browser.press("Acknowledge")
    assert browser.path == "/"
    assert "acknowledged by operator" in browser.text
    assert "unanswered" not in browser.text
    shown = api.get(f"/alerts/{alert}")
    assert (shown["status"], shown["acknowledged_by"]) == ("acknowledged", "operator")

    browser.press("Resolve")
    assert "Nothing is open" in browser.text
    assert api.get(f"/alerts/{alert}")["resolved_by"] == "operator"


def test_the_whole_way_works_without_scripts_and_in_a_persons_name(rung, api, browser, fires):
    alert = fires("No scripts here")
    wait_for(lambda: all(n["state"] == "sent" for n in api.get(f"/alerts/{alert}")["notifications"]), 10, "the pages")
    browser.without_scripts()
    sign_in(browser, f"{rung.url}/alerts/{alert}")
    assert browser.path == f"/alerts/{alert}"
    browser.press("operator")
    browser.run('document.querySelector("select").value = "user3"')
    browser.press("Answer in this name")
    assert browser.path == "/"
    browser.press("No scripts here")
    browser.run('document.querySelector("details").open = true; document.querySelector("textarea").focus()')
    browser.type("looking at it")
    browser.press("Acknowledge")
    assert browser.path == f"/alerts/{alert}"
    assert "user3 has it" in browser.text
    assert "looking at it" in browser.text
    assert "email: sent" in browser.text
    browser.press("Outbox")
    assert "No scripts here" in browser.text
    browser.press("Failed")
    assert "None: every page was delivered" in browser.text


def test_the_countdown_runs_and_the_next_level_shows_by_itself_and_nothing_is_refused_by_the_policy(
    rung, browser, fires
):
    fires("It climbs")
    sign_in(browser, rung.url)
    assert "level 1 (primary)" in browser.text
    first = browser.run(COUNTDOWN)
    wait_for(lambda: browser.run(COUNTDOWN) not in {first, None}, 5, "a tick")
    browser.wait_for("escalated · level 2 (secondary)")
    refused = [each for each in browser.complaints() if "401" not in each]
    assert refused == []


def test_a_link_from_another_site_finds_the_person_still_signed_in(rung, browser, fires):
    alert = fires("Seen in a chat")
    sign_in(browser, rung.url)
    browser.open(f'data:text/html,<a href="{rung.url}/alerts/{alert}">from a chat</a>')
    browser.press("from a chat")
    browser.wait_for("Seen in a chat")
    assert browser.path == f"/alerts/{alert}"


def test_a_form_of_another_site_presses_nothing(rung, api, browser, fires):
    alert = fires("Left alone")
    sign_in(browser, rung.url)
    browser.open(
        f'data:text/html,<form method="post" action="{rung.url}/alerts/{alert}/ack"><button>win a prize</button></form>'
    )
    browser.press("win a prize")
    assert "API token" in browser.text
    assert api.get(f"/alerts/{alert}")["acknowledged_by"] is None


@pytest.mark.parametrize("width", [320, 500, 1280])
def test_no_page_is_wider_than_the_screen(rung, browser, fires, width):
    alert = fires("A title of a" + "a" * 200 + " very long word")
    browser.look(width, 900)
    sign_in(browser, rung.url)
    for path in (
        *("/", "/alerts", f"/alerts/{alert}", f"/alerts/{alert}/timeline"),
        *("/outbox", "/deliveries", "/rejected", "/you", "/reports", "/reports/daily?current=1"),
    ):
        browser.open(rung.url + path)
        assert browser.run("document.documentElement.scrollWidth") <= width, path


def luminance(rgb):
    parts = [int(each) / 255 for each in rgb.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
def test_what_matters_can_be_read_by_day_and_by_night(rung, browser, fires, dark):
    fires("Read me")
    browser.look(500, 900, dark=dark)
    sign_in(browser, rung.url)
    style = functools.partial("getComputedStyle(document.querySelector({!r})).{}".format)
    paper, card = browser.run(style("body", "backgroundColor")), browser.run(style(".card", "backgroundColor"))
    button = browser.run(style("button.main", "backgroundColor"))
    assert (luminance(paper) < 0.1) is dark
    for name, behind in (
        (".facts", card),
        (".hot", paper),
        (".next", card),
        ("button.main", button),
        ("nav .me", paper),
    ):
        lights = sorted((luminance(browser.run(style(name, "color"))), luminance(behind)))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, name
