"""The picture of a simulation: everything is labelled where it stands, and stands beside nothing else."""

from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.simulation.folding import by_alert
from core.simulation.layout import WIDTH
from core.simulation.lettering import printable, wrapped
from core.simulation.steps import steps
from core.simulation.telling import course_lines
from functions._simulation_svg import picture
from tests.samples import T0
from tests.simulation.plays import run
from tests.simulation.terminal import FRIDAY, simulate
from tests.simulation.test_agreement import MAINTENANCE, TRACKINGS, config_of, plays, policies
from tests.simulation.test_payloads import alert, body  # noqa: F401 - a fixture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def draw(tmp_path):
    """Draw a simulation and give the parsed SVG; what is printed beside it is the same as without."""

    def drawn(*words, **given):
        path = tmp_path / "plan.svg"
        with_it = simulate("--at", FRIDAY, *words, "--svg", path, **given)
        assert with_it.output == simulate("--at", FRIDAY, *words, **given).output
        return ET.parse(path).getroot()

    return drawn


def texts(svg):
    return [element.text for element in svg.iter(f"{SVG}text")]


def boxes(svg):
    """(x, y, width, height) of every step of the stairs."""
    found = [rect for rect in svg.iter(f"{SVG}rect") if rect.get("class") == "step"]
    return [tuple(int(rect.get(name)) for name in ("x", "y", "width", "height")) for rect in found]


def in_order(wanted, found):
    """Say whether these stand in this order among all that is there."""
    rest = iter(found)
    return all(any(each == one for one in rest) for each in wanted)


def test_a_critical_alert_climbs_rung_by_rung_and_says_so_in_place(draw):
    svg = draw("--severity", "critical")
    assert in_order(
        [
            "A critical alert comes in on Friday 20 November 2026 at 16:30 UTC. Nobody answers.",
            "Level 1: primary",
            "16:30 \u00b7 at once",
            "Level 2: secondary",
            "16:40 \u00b7 after 10 min",
            "15 min \u00b7 16:45",
            "Level 3: manager",
            "Level 4: executive",
            "17:30 \u00b7 after 1 h",
            "The same again",
            "18:30 \u00b7 after 2 h",
            "Round 2, from level 1 on",
            "Round 3 at 4 h",
            "Round 4 at 6 h",
            "Nobody ever answered",
            "Sat 00:30 \u00b7 after 8 h",
            "The ladder is used up.",
        ],
        texts(svg),
    )
    waits = [element.text for element in svg.iter(f"{SVG}text") if element.get("class") == "wait"]
    assert sorted(waits) == [
        "no answer for 1 h",
        "no answer for 10 min",
        "no answer for 20 min",
        "no answer for 30 min",
        "still no answer",
    ]
    everything = " ".join(texts(svg))
    assert "Pages team_manager on email, slack, sms, phone" in everything
    assert "SLA acknowledgment at risk, due 16:35 to user1 on email, slack" in everything


def test_each_level_stands_above_the_one_before(draw):
    rungs = boxes(draw("--severity", "critical"))[:4]
    assert [x for x, *_ in rungs] == sorted({x for x, *_ in rungs})
    assert [y for _, y, *_ in rungs] == sorted({y for _, y, *_ in rungs}, reverse=True)


def test_an_answer_is_a_step_that_stops_the_paging(draw):
    found = texts(draw("--severity", "high", "--ack", "12m", "--resolve", "2h"))
    assert in_order(
        [
            "Level 1: primary",
            "user1 acknowledges it",
            "16:42 \u00b7 after 12 min",
            "Paging stops.",
            "user1 resolves it",
        ],
        found,
    )
    assert "Nobody answers." not in " ".join(found)
    assert "Nobody ever answered" not in found


def test_snooze_escalation_and_the_end_by_its_source_are_told_as_such(draw):
    found = texts(draw("--severity", "critical", "--escalate", "1m:user1", "--snooze", "3m+1h:user4", "--clear", "2h"))
    assert in_order(
        ["Level 1: primary", "Level 2: secondary", "user1 asked for it", "user4 snoozes it until", "17:33"], found
    )
    assert in_order(["The snooze is over", "generic says that it is", "over", "It is over."], found)


def test_a_level_that_reaches_nobody_is_told_as_missed(draw):
    svg = draw("--severity", "critical", "--unreachable", "user1", "--until", "1h")
    heads = [rect.get("class").split()[0] for rect in svg.iter(f"{SVG}rect") if rect.get("class", "step") != "step"]
    assert heads == ["missed", "rung", "rung", "rung"]
    assert "reaches nobody" in texts(svg)


def test_alerts_of_one_body_that_go_the_same_way_are_drawn_once(draw, body):  # noqa: F811 - the fixture
    three = body([alert("Disk"), alert("Cpu", severity="warning"), alert("Net")])
    found = " ".join(texts(draw("--payload", three, "--source", "alertmanager")))
    assert found.count("Level 1: primary") == 2
    assert "Alerts 1 and 3 (critical), \u201cDisk happened\u201d, \u201cNet happened\u201d, come in" in found
    assert "Alert 2, \u201cCpu happened\u201d (medium), comes in" in found


def test_it_has_a_title_and_a_description_that_tell_the_same_in_words(draw):
    svg = draw("--severity", "low")
    assert svg.get("aria-labelledby") == "title description"
    assert svg.find(f"{SVG}title").text.startswith("A low alert comes in on Friday 20 November 2026")
    description = svg.find(f"{SVG}desc").text
    assert "at once (16:30), level 1 (primary): user1 on email." in description
    assert "1 d (Sat 16:30), nobody ever answered: the ladder is used up: team_manager on email." in description


def test_with_json_it_is_written_too(tmp_path):
    said = simulate("--severity", "low", "--json", "--svg", tmp_path / "plan.svg")
    assert said.stdout.startswith('[{"at": ')
    assert (tmp_path / "plan.svg").read_text("utf-8").startswith("<svg ")


def test_where_it_cannot_be_written_is_said(tmp_path):
    said = simulate("--severity", "low", "--svg", tmp_path / "none" / "plan.svg")
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr.endswith("plan.svg cannot be written: No such file or directory\n")


def test_nothing_that_people_write_is_markup(tmp_path):
    nasty = "<script>alert(1)</script> & \"x\" ]]> 'y' \u202e \u4e2d\u6587"
    path = tmp_path / "plan.svg"
    simulate("--severity", "critical", "--title", nasty, "--ack", "5m:<b>bob</b>", "--svg", path)
    written = path.read_text("utf-8")
    svg = ET.fromstring(written)
    assert not list(svg.iter(f"{SVG}script"))
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} == {
        *("svg", "title", "desc", "style", "defs", "marker", "path", "rect", "circle", "text")
    }
    assert "<b>bob</b> acknowledges" in " ".join(texts(svg))


def test_control_characters_are_replaced_since_no_svg_may_hold_them():
    assert printable("a\x00b\x07c\x1bd\ud800e\ufffff\tg") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\tg"


@given(st.text(max_size=200), st.integers(60, 400), st.sampled_from([12, 13, 15, 18]))
def test_wrapped_text_keeps_every_letter_and_no_line_is_wider_than_a_letter_allows(text, width, size):
    lines = wrapped(text, width, size)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) == 1 or len(line) * size * 0.5 <= width + size for line in lines)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({"critical": policies, "high": policies, "low": policies}),
    st.sampled_from(TRACKINGS),
    st.sampled_from([{}, MAINTENANCE]),
    plays,
)
def test_whatever_happens_can_be_told_and_drawn(ladders, tracking, sections, play):
    simulation = run(config_of(ladders, tracking, **sections), play)
    svg = ET.fromstring(picture(simulation, T0, "UTC"))
    found, height = boxes(svg), int(svg.get("height"))
    assert all(x >= 0 and x + w <= WIDTH and y >= 0 and y + h <= height for x, y, w, h in found)
    assert not any(overlap(one, other) for number, one in enumerate(found) for other in found[:number])
    for course in by_alert(steps(simulation.happened)).values():
        folded, full = (list(course_lines(course, T0, ZoneInfo("UTC"), in_full=each)) for each in (False, True))
        assert 0 < len(folded) <= len(full) <= len(course)


def overlap(one, other):
    """Say whether two boxes have anything in common."""
    return all(one[i] < other[i] + other[i + 2] and other[i] < one[i] + one[i + 2] for i in (0, 1))
