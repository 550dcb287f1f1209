"""What becomes of the fifty alerts of the day in the life, and when each begins: FATES below.

A fate is a generator that yields what it waits for: seconds of pace, or a condition. tests/acceptance/day/story.py.
"""

from collections.abc import Callable, Iterator
from itertools import count

from tests.acceptance.day.story import Day, Fate, View


def is_unanswered(alert: View) -> bool:
    return alert["status"] in {"pending", "escalated"}


def has_broken_its_acknowledgment(alert: View) -> bool:
    return alert["sla"]["acknowledgment"]["status"] == "breached"


def acknowledged_in_time(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield 0.4
    day.says(alert, "ack", "ann")
    yield 2.0
    day.says(alert, "resolve", "ann")


def acknowledged_late(day: Day, severity: str) -> Fate:
    """In office hours alone for some, so that it is late without being broken once the office has closed."""
    alert = day.fires(severity)
    yield 2.6
    if severity != "high":
        yield day.until(alert, has_broken_its_acknowledgment)
    day.says(alert, "ack", "cem", note="sorry")
    yield 1.0
    day.says(alert, "updates", "cem", note="nearly there")
    yield 1.5
    day.says(alert, "resolve", "cem")


def answered_by_link(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield lambda: day.link_of(alert)
    day.presses(alert, "acknowledge")
    yield 1.0
    day.presses(alert, "resolve")


def escalated_by_link(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield lambda: day.link_of(alert)
    day.presses(alert, "escalate")
    yield 0.8
    day.presses(alert, "acknowledge")


def updated(day: Day, severity: str) -> Fate:
    """The first update is the acknowledgment."""
    alert = day.fires(severity)
    yield 1.2
    day.says(alert, "updates", "ben", note="looking")
    yield 1.0
    day.says(alert, "updates", "cem", note="me too")
    yield 1.0
    day.says(alert, "resolve", "cem")


def snoozed(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield 0.7
    day.says(alert, "snooze", "ben", **{"for": 2})
    yield day.until(alert, is_unanswered)
    yield 0.8
    day.says(alert, "ack", "fay")
    yield 0.5
    day.says(alert, "resolve", "fay")


def snoozed_for_good(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield 3.0
    day.says(alert, "snooze", "dora", **{"for": "1h"})


def resolved_without_a_word(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield 2.5
    day.says(alert, "resolve", "dora")


def cleared_unanswered(day: Day, severity: str) -> Fate:
    """Its source repeats itself, and then takes it back."""
    alert = day.fires(severity)
    yield 0.6
    assert day.fires_again(alert, severity) == "counted"
    yield 0.9
    assert day.clears(alert) == "resolved"


def escalated_by_a_person(day: Day, severity: str) -> Fate:
    """Once before anybody had it, and once more by the one who had it."""
    alert = day.fires(severity)
    yield 0.5
    day.says(alert, "escalate", "ann")
    yield 0.6
    day.says(alert, "ack", "cem")
    yield 0.5
    day.says(alert, "escalate", "cem", note="not mine")
    yield 0.6
    day.says(alert, "ack", "dora")
    yield 1.0
    day.says(alert, "resolve", "dora")


def exhausted(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield day.until(alert, lambda view: view["exhausted"])


def answered_when_it_was_exhausted(day: Day, severity: str) -> Fate:
    """Answered once its ladder is used up; put off, and used up again."""
    alert = day.fires(severity)
    yield day.until(alert, lambda view: view["exhausted"])
    day.says(alert, "snooze", "eve", **{"for": 1})
    yield day.until(alert, lambda view: view["exhausted"] and is_unanswered(view))
    day.says(alert, "resolve", "eve")


def reopened_by_its_source(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield 0.8
    assert day.clears(alert) == "resolved"
    yield 1.0
    assert day.fires_again(alert, severity) == "reopened"
    yield 0.7
    day.says(alert, "ack", "ben")
    yield 0.7
    assert day.clears(alert) == "resolved"


def reopened_and_worse(day: Day, severity: str) -> Fate:
    """What it broke in its first life counts for the severity it has now."""
    alert = day.fires(severity)
    yield 0.8
    day.says(alert, "ack", "ann")
    yield 0.6
    day.says(alert, "resolve", "ann")
    yield 0.6
    assert day.fires_again(alert, "critical") == "reopened"
    yield 2.8
    day.says(alert, "resolve", "ann")


def reopened_after_it_was_written_down(day: Day, severity: str) -> Fate:
    """A scheduler that starts writes the facts of what is over."""
    alert = day.fires(severity)
    yield 1.0
    day.says(alert, "ack", "dora")
    yield 0.5
    day.says(alert, "resolve", "dora")
    day.kills("scheduler")
    yield lambda: alert not in day.undigested()
    assert day.fires_again(alert, severity) == "reopened"
    yield 1.0
    day.says(alert, "ack", "cem")


def reopened_after_it_was_late(day: Day, severity: str) -> Fate:
    """Both promises of its first life are broken; of its last it keeps one, unless the office is closed."""
    alert = day.fires(severity)
    yield 3.0
    day.says(alert, "ack", "fay")
    yield 3.5
    day.says(alert, "resolve", "fay")
    yield 0.5
    assert day.fires_again(alert, severity) == "reopened"
    yield 0.8
    assert day.clears(alert) == "resolved"
    yield 0.8
    assert day.fires_again(alert, severity) == "reopened"


def reassigned(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield 0.5
    day.says(alert, "reassign", "ann", to="eve")
    yield 0.8
    day.says(alert, "ack", "eve")
    yield 0.5
    day.says(alert, "reassign", "eve", to="fay")
    yield 0.8
    day.says(alert, "resolve", "fay")


def severity_raised(day: Day, severity: str) -> Fate:
    """While nobody has it: the worse policy begins at its foot."""
    alert = day.fires(severity)
    yield 1.5
    assert day.fires_again(alert, "critical") == "counted"
    yield day.until(alert, lambda view: view["level"] >= 1)
    day.says(alert, "ack", "cem")


def severity_raised_when_answered(day: Day, severity: str) -> Fate:
    alert = day.fires(severity)
    yield 0.6
    day.says(alert, "ack", "ben")
    yield 0.6
    assert day.fires_again(alert, "critical") == "counted"
    yield 4.5
    day.says(alert, "resolve", "ben")


def silenced_for_a_while(day: Day, severity: str) -> Fate:
    """Long enough that the next level is overdue when it ends; answered at that level."""
    alert = day.fires(severity, service=(service := f"quiet-{next(_NUMBERS)}"))
    yield 0.8
    day.silences(service, 3)
    yield 2.5
    yield day.until(alert, lambda view: not view["suppressed"])
    yield 0.6
    day.says(alert, "ack", "fay")


def silenced_and_ended(day: Day, severity: str) -> Fate:
    """Its silence is ended before the next level is due, so that it goes on standing where it stood."""
    alert = day.fires(severity, service=(service := f"quiet-{next(_NUMBERS)}"))
    yield 0.6
    silence = day.silences(service, 30)
    yield day.until(alert, lambda view: view["suppressed"])
    yield 0.2
    day.ends_silence(silence)
    yield day.until(alert, lambda view: not view["suppressed"])
    yield 0.3
    day.says(alert, "ack", "ann")


def born_into_a_silence(day: Day, severity: str) -> Fate:
    """Nobody is paged before the silence ends; answered in the middle of the next one."""
    service = f"quiet-{next(_NUMBERS)}"
    day.silences(service, 2)
    yield 0.1
    alert = day.fires(severity, service=service)
    yield day.until(alert, lambda view: not view["suppressed"])
    yield 0.6
    day.silences(service, 30)
    yield day.until(alert, lambda view: view["suppressed"])
    yield 0.6
    day.says(alert, "ack", "ben")


def answered_before_anybody_was_paged(day: Day, severity: str) -> Fate:
    """Somebody sees it on the page while it is silenced."""
    service = f"quiet-{next(_NUMBERS)}"
    day.silences(service, 30)
    yield 0.1
    alert = day.fires(severity, service=service)
    yield 0.7
    day.says(alert, "ack", "fay")


def reaches_hardly_anybody(day: Day, severity: str) -> Fate:
    """A level with nobody on it, and one none of whose pages is ever delivered, are left at once."""
    alert = day.fires(severity, source="night")
    yield day.until(alert, lambda view: view["level_name"] == "rescue")
    yield 0.5
    day.says(alert, "ack", "cem")


def left_alone(day: Day, severity: str) -> Fate:
    day.fires(severity)
    yield 0.1


def left_to_the_end(day: Day, severity: str) -> Fate:
    """Resolved when all the others are over, while nobody can write down its facts."""
    alert = day.fires(severity)
    yield 0.9
    day.says(alert, "ack", "dora")


_NUMBERS = count(1)


_Told = Callable[[Day, str], Fate]

# Each fate, the severity of each alert that has it, and the seconds between which they begin.
FATES: tuple[tuple[_Told, str, float, float], ...] = (
    (exhausted, "critical high", 0, 4),
    (answered_when_it_was_exhausted, "medium medium", 1, 12),
    (left_alone, "low high", 2, 22),
    (acknowledged_in_time, "critical high medium high", 0.5, 30),
    (acknowledged_late, "high critical medium high", 1, 28),
    (answered_by_link, "critical medium", 6, 24),
    (escalated_by_link, "critical high", 9, 27),
    (updated, "critical medium", 5, 25),
    (snoozed, "critical high", 3, 21),
    (snoozed_for_good, "medium", 14, 14),
    (resolved_without_a_word, "high critical medium", 2, 29),
    (cleared_unanswered, "critical high medium", 4, 28),
    (escalated_by_a_person, "critical high high", 7, 23),
    (reopened_by_its_source, "critical high", 8, 26),
    (reopened_and_worse, "medium", 18, 18),
    (reopened_after_it_was_written_down, "medium", 13, 13),
    (reopened_after_it_was_late, "critical high", 0, 16),
    (reassigned, "high medium", 11, 27),
    (severity_raised, "medium high", 6, 20),
    (severity_raised_when_answered, "high", 10, 10),
    (silenced_for_a_while, "critical", 5, 5),
    (silenced_and_ended, "medium", 12, 12),
    (born_into_a_silence, "high", 15, 15),
    (answered_before_anybody_was_paged, "critical", 17, 17),
    (reaches_hardly_anybody, "high critical", 3, 19),
    (left_to_the_end, "medium", 24, 24),
)


def fates(day: Day) -> Iterator[tuple[float, Fate]]:
    """Give every fate with the second at which it begins."""
    for fate, words, first, last in FATES:
        severities = words.split()
        step = (last - first) / max(1, len(severities) - 1)
        yield from ((first + number * step, fate(day, severity)) for number, severity in enumerate(severities))
