"""From the course of a scenario to what of it failed: what could not be done, and what was expected in vain."""

from core.scenarios.course import Course
from core.scenarios.expectation import EVENTS, MESSAGES, NO_MESSAGES, STATES, Expectation
from core.scenarios.expected_events import judge_clock, judge_event
from core.scenarios.expected_messages import judge_messages
from core.scenarios.expected_states import judge_state
from core.scenarios.failure import Failure


def failures(course: Course) -> list[Failure]:
    """Give all failures, in the order of the file."""
    lines = course.ready.lines
    found = [
        Failure(lines["given", each.given], each.wanted, each.when, each.got, each.at, state=each.got)
        for each in course.troubles
    ]
    for index, expectation in enumerate(course.ready.scenario.expect):
        failure = _judge(expectation, lines["expect", index], course)
        if failure is not None:
            found.append(failure)
    return found


def _judge(expectation: Expectation, line: int, course: Course) -> Failure | None:
    kind = expectation.kind
    if kind in MESSAGES or kind in NO_MESSAGES:
        return judge_messages(expectation, line, course)
    if kind in STATES:
        return judge_state(expectation, line, course)
    return (judge_event if kind in EVENTS else judge_clock)(expectation, line, course)
