"""A simulation as a picture: one SVG that needs nothing else, whoever's names stand in it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from core.simulation.folding import alike, by_alert
from core.simulation.layout import WIDTH, draw
from core.simulation.lettering import printable
from core.simulation.picture import heading, stages
from core.simulation.run import Simulation
from core.simulation.steps import Step, steps
from core.simulation.telling import course_lines, headline
from core.simulation.words import Line, in_all

_TEMPLATES = Path(__file__).parent / "templates"


def picture(simulation: Simulation, start: datetime, timezone: str) -> str:
    """Give the picture of what came of a simulation; alerts that went the same way are drawn once."""
    zone, found = ZoneInfo(timezone), steps(simulation.happened)
    courses = by_alert(found)
    groups = [([simulation.alert(each) for each in numbers], courses[numbers[0]]) for numbers in alike(courses)]
    headlines = [headline(alerts, course, zone, is_alone=len(courses) == 1) for alerts, course in groups]
    headings = [heading(said, course) for said, (_, course) in zip(headlines, groups, strict=True)]
    drawn = [(said, stages(course, start, zone)) for said, (_, course) in zip(headings, groups, strict=True)]
    words = [_in_words(course, start, zone) for _, course in groups]
    return _template().render(
        title=printable(" ".join(headings)),
        description=printable(" ".join(words)),
        drawing=draw(drawn, in_all(found)),
        width=WIDTH,
    )


def _in_words(course: Sequence[Step], start: datetime, zone: ZoneInfo) -> str:
    return " ".join(map(_sentence, course_lines(course[1:], start, zone)))


def _sentence(line: Line) -> str:
    told = f": {'; '.join(line.told)}" if line.told else ""
    return f"{line.after} ({line.when}), {line.what}{told}."


def _template() -> Template:
    loader = FileSystemLoader(_TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("simulation.svg.html")
