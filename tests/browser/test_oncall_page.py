"""Who is on call, in a real browser on a phone: read, have somebody stand in, swap, end it; all without scripts."""

import pytest

from tests.browser.chromium import BINARY
from tests.browser.test_first_page import luminance, sign_in
from tests.processes import Api, running
from tests.samples import PEOPLE, config_dict, rotation

pytestmark = pytest.mark.skipif(BINARY is None, reason="there is no chromium")

LONG = "Carol Delacroix-Montgomery of the Department of Redundant Names"
ROTATIONS = {
    "oncall_primary": rotation("user1", "user2", "user3") | {"timezone": "Europe/Berlin"},
    "oncall_secondary": rotation("user4", "user5", "user6"),
    "a_rotation_whose_name_is_rather_long_and_is_kept_in_one_word": rotation("user1"),
}


@pytest.fixture(scope="module")
def rung(tmp_path_factory):
    people = PEOPLE | {"user2": PEOPLE["user2"] | {"name": LONG}, "vp": PEOPLE["vp"] | {"name": "Vera"}}
    config = config_dict(rotations=ROTATIONS, people=people)
    with running(tmp_path_factory.mktemp("rung"), config) as processes:
        yield processes


def choose(browser, name, value):
    """Choose in the first form that has this field."""
    browser.run(f"document.querySelector('[name={name}]').value = '{value}'")


def unfold(browser):
    browser.run('document.querySelectorAll("details").forEach((each) => (each.open = true))')


def test_on_a_phone_somebody_stands_in_and_it_is_ended_early(rung, browser):
    browser.look(320, 900, dark=True)
    browser.without_scripts()
    sign_in(browser, rung.url)
    browser.press("On call")
    assert browser.path == "/oncall"
    assert "oncall_primary Europe/Berlin" in browser.text
    unfold(browser)
    assert browser.run("document.documentElement.scrollWidth") == 320
    choose(browser, "member", "vp")
    browser.press("Stand in")
    assert browser.path == "/oncall"
    assert "oncall_primary: Vera, " in browser.text
    assert "Now: Vera, " in browser.text
    [first, *_] = Api(rung.url).get("/oncall")["rotations"]
    assert first["on_call"]["member"] == "vp"
    assert browser.run("document.documentElement.scrollWidth") == 320
    lights = [
        luminance(browser.run(f'getComputedStyle(document.querySelector("{name}")).{which}'))
        for name, which in ((".orders .calm", "color"), (".card", "backgroundColor"))
    ]
    assert (lights[0] + 0.05) / (lights[1] + 0.05) >= 4.5

    browser.press("End")
    assert "has ended." in browser.text or "was taken back." in browser.text
    [first, *_] = Api(rung.url).get("/oncall")["rotations"]
    assert first["on_call"]["member"] != "vp"
    browser.press("Timeline")
    assert "override added by operator" in browser.text
    assert browser.run("document.documentElement.scrollWidth") == 320


def test_two_people_swap_and_take_it_back(rung, browser):
    sign_in(browser, rung.url)
    browser.open(f"{rung.url}/oncall")
    unfold(browser)
    choose(browser, "swap", "user1")
    choose(browser, "with", "user2")
    browser.press("Swap")
    assert f"user1 and {LONG} swap, " in browser.text
    browser.press("End" if "Now:" in browser.text else "Take back")
    assert "The swap " in browser.text
    assert Api(rung.url).get("/oncall")["overrides"] == []


@pytest.mark.parametrize("width", [320, 900])
def test_the_page_is_no_wider_than_the_screen_and_the_policy_refuses_nothing(rung, browser, width):
    browser.look(width, 900)
    sign_in(browser, rung.url)
    browser.complaints()
    for path in ("/oncall", "/oncall?at=2027-03-01T09:00:00Z&next=26w", "/oncall/oncall_primary/timeline"):
        browser.open(rung.url + path)
        unfold(browser)
        assert browser.run("document.documentElement.scrollWidth") <= width, path
    assert [each for each in browser.complaints() if "401" not in each] == []
