"""The messages of a course that an expectation is about, and what came closest when there are none.

A message counts when it arrives; a page that failed for good is a failed page.
"""

from collections.abc import Collection
from datetime import datetime

from core.decision import NotificationKind
from core.scenarios.course import Course
from core.scenarios.expectation import Expectation
from core.scenarios.failure import Window, is_at_place
from core.scenarios.messages import Sent

Pair = tuple[str, str | None]  # who, and on which channel; None: any


def pairs(expectation: Expectation) -> list[Pair]:
    """Give everybody whom an expectation names, on each channel that it names."""
    return [(who, channel) for who in expectation.who for channel in expectation.channels or (None,)]


class Search:
    """All messages of the kind that is expected; `came` are those of them that came to what is expected."""

    def __init__(self, expectation: Expectation, course: Course) -> None:
        """Take an expectation about messages, and what came of its scenario."""
        self.expectation, self.course = expectation, course
        self.window = Window.of(expectation, course)
        self.noun = expectation.kind.replace("_", " ")
        self._kind = NotificationKind(self.noun.rpartition(" ")[2])
        self._alerts = course.numbers(expectation.alert)
        self.came = [each for each in course.messages if self.is_kind(each) and self.came_at(each)]

    def found(self, pair: Pair) -> list[Sent]:
        """Give those that are expected."""
        return [each for each in self.came if self.is_then(each) and self.is_meant(each, [pair])]

    def is_kind(self, sent: Sent) -> bool:
        """Say whether it is of the kind that is expected, however it ended."""
        return sent.kind is self._kind

    def came_at(self, sent: Sent) -> datetime | None:
        """Give when it came to what is expected, None when it did not."""
        return sent.failed_at if self.expectation.kind == "failed_page" else sent.arrived_at

    def is_then(self, sent: Sent) -> bool:
        """Say whether it came in the window that is named."""
        at = self.came_at(sent)
        return at is not None and self.window.holds(at)

    def goes_to(self, sent: Sent, who: str) -> bool:
        """Say whether it goes to a person, to whoever is on call in a rotation at that instant, or to anybody."""
        rules = self.course.rules
        if who in rules.config.people:
            return who == sent.person
        return rules.on_call(who, sent.at) == sent.person if who in rules.plans else True

    def is_meant(self, sent: Sent, wanted: Collection[Pair]) -> bool:
        """Say whether it is what is expected for one of these, but for its time."""
        expectation = self.expectation
        return (
            self.is_kind(sent)
            and sent.alert in self._alerts
            and is_at_place(sent.place.level_name, sent.place.round, expectation)
            and (expectation.about is None or expectation.about in sent.about)
            and any(channel in (None, sent.channel) and self.goes_to(sent, who) for who, channel in wanted)
        )

    def closest(self, missing: Collection[Pair]) -> tuple[str, list[Sent]]:
        """Give what came closest to what is missing, and a word to say of it first; ("", []) for nothing at all."""
        then = [each for each in self.came if self.is_then(each)]
        theirs = [each for each in self.course.messages if any(self.goes_to(each, who) for who, _ in missing)]
        is_theirs = {*theirs}
        meant = [each for each in theirs if self.is_meant(each, missing)]
        is_other = "delivered:" if self.expectation.kind == "failed_page" else "not delivered:"
        choices = (
            (is_other, [each for each in meant if not self.came_at(each) and self.window.holds(each.at)]),
            ("", [each for each in then if each in is_theirs]),
            ("", self._nearest(meant)),
            ("", then),
            ("", self._nearest([each for each in self.came if each in is_theirs])),
            ("only a", [each for each in theirs if each.arrived_at and self.window.holds(each.arrived_at)]),
        )
        return next((choice for choice in choices if choice[1]), ("", []))

    def _nearest(self, sent: list[Sent]) -> list[Sent]:
        away = {each: self.window.away(at) for each in sent if (at := self.came_at(each))}
        return [each for each in away if away[each] == min(away.values())]
