"""One run of a scenario through the very engine that runs live."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.local_time import aware
from core.overrides import Override
from core.rules import Rules
from core.scenarios.acting import acts
from core.scenarios.course import Course
from core.scenarios.messages import messages
from core.scenarios.reading import Ready
from core.scenarios.scenario import OverrideOrder, Scenario, SilenceOrder
from core.silences import RECORD_VERSION, Silence
from core.simulation.run import Simulation
from core.simulation.steps import steps
from core.standing import Standing

_BY = "somebody"  # no decision looks at who ordered it
_VERSION = 1


def run(ready: Ready, rules: Rules) -> Course:
    """Let everything that is given happen, and time pass until nothing is due any more, or until `until`."""
    scenario, zone = ready.scenario, ZoneInfo(rules.config.timezone)
    start = aware(scenario.start, zone)
    if scenario.overrides or scenario.silences:
        rules = Rules(rules.config, _standing(scenario, start, zone))
    course = Course(ready, rules, start, zone, end=start)
    simulation = Simulation(rules, start, scenario.unreachable, scenario.down)
    simulation.run(acts(course), course.instant(scenario.until) if scenario.until else None)
    course.end = simulation.now
    course.happened = simulation.happened
    course.steps = steps(simulation.happened)
    course.messages = messages(simulation.happened, course.steps)
    return course


def _standing(scenario: Scenario, start: datetime, zone: ZoneInfo) -> Standing:
    """Give what people ordered; of several overrides that hold, the one that stands last in the file does."""
    overrides = (_override(number, each, start, zone) for number, each in enumerate(scenario.overrides, 1))
    silences = (_silence(number, each, start, zone) for number, each in enumerate(scenario.silences, 1))
    return Standing(_VERSION, tuple(overrides), tuple(silences))


def _override(number: int, order: OverrideOrder, start: datetime, zone: ZoneInfo) -> Override:
    return Override(
        id=str(number),
        rotation=order.rotation,
        member=order.member,
        starts_at=order.start.instant(start, zone) if order.start else start,
        ends_at=order.end.instant(start, zone),
        instead_of=order.instead_of,
        by=_BY,
        note="",
        created_at=start + timedelta(seconds=number),
    )


def _silence(number: int, order: SilenceOrder, start: datetime, zone: ZoneInfo) -> Silence:
    begins = order.start.instant(start, zone) if order.start else start
    return Silence.model_validate(
        {
            "record_version": RECORD_VERSION,
            "id": number,
            "match": order.match,
            "everything": order.everything,
            "from": begins,
            "to": order.end.instant(start, zone),
            "reason": order.reason,
            "by": _BY,
            "created_at": start,
        }
    )
