"""Survey: what the rules of `rung check` look at: the config, the time that is looked at, and who is on duty in it.

Everything is worked out from shifts, each rotation's once; nothing is stepped through.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from core.config import Config
from core.config.raw import Raw
from core.lint.ladders import Ladder, Rung, ladders_of
from core.lint.spans import Span, Spans, outside, total, united
from core.oncall import members_of, shifts_of
from core.rotations import shift_at
from core.rules import Rules
from core.times import say_duration


class Survey:
    """What is looked at, from `now` for so many days. Asked often and worked out once."""

    def __init__(self, rules: Rules, now: datetime, days: int, written: Raw) -> None:
        """Take the rules of a validated config, an aware instant, how far to look, and what was written."""
        self.rules = rules
        self.now = now.astimezone(UTC)
        self.days = days
        self.written = written
        self._stints: dict[str, dict[str, list[Span]]] = {}

    @property
    def config(self) -> Config:
        """The config."""
        return self.rules.config

    @property
    def window(self) -> Span:
        """From when until when is looked."""
        return self.now, self.now + timedelta(days=self.days)

    @cached_property
    def zone(self) -> ZoneInfo:
        """By whose clock instants are said."""
        return ZoneInfo(self.config.timezone)

    @cached_property
    def ladders(self) -> list[Ladder]:
        """Every ladder that an alert can take."""
        return ladders_of(self.config)

    @cached_property
    def rungs(self) -> list[Rung]:
        """The levels of all ladders, those of teams only where these put other people on them."""
        return [rung for ladder in self.ladders for rung in ladder.rungs if rung.is_own]

    def duty(self, responders: Iterable[str]) -> dict[str, list[Span]]:
        """Give when each person is on duty that these stand for."""
        found: dict[str, list[Span]] = {}
        for responder in responders:
            for person, spans in self._of(responder).items():
                found[person] = united([*found.get(person, ()), *spans])
        return found

    def uncovered(self, responders: Iterable[str]) -> list[Span]:
        """Give the time in which nobody is on duty that these stand for."""
        spans = (span for responder in responders for each in self._of(responder).values() for span in each)
        return outside(united(spans), self.window)

    def next_on_duty(self, responders: Iterable[str]) -> datetime | None:
        """Give when somebody is on duty next, None when that is not within two years."""
        names = list(responders)
        if any(self._of(name) for name in names):
            return min(span[0][0] for name in names for span in self._of(name).values())
        shifts = (shift_at(self.rules.plans[name], self.now) for name in names)
        return min((shift.ends_at for shift in shifts if shift.ends_at), default=None)

    def people_of(self, responders: Iterable[str]) -> list[str]:
        """Give everybody whom these may stand for, now or later: not those whose last turn is over."""
        found: dict[str, None] = {}
        for responder in responders:
            found.update(dict.fromkeys(self._members(responder)))
        return list(found)

    def is_restricted(self, responder: str) -> bool:
        """Say whether a rotation declares when nobody is on duty."""
        rotation = self.config.rotations.get(responder)
        return rotation is not None and any(layer.restrictions for layer in (rotation, *rotation.layers))

    def say(self, instant: datetime) -> str:
        """Say an instant, by the clock of the config."""
        return f"{instant.astimezone(self.zone):%a %Y-%m-%d %H:%M %Z}"

    def say_spans(self, spans: Spans) -> str:
        """Say how long spans are in all, and from when until when the first is."""
        (start, end), window = spans[0], self.window
        first = f"from {'now on' if start == window[0] else self.say(start)}"
        until = "" if end == window[1] else f" until {self.say(end)}"
        if len(spans) == 1:
            return f"{say_duration(total(spans))}, {first}{until}"
        return f"{say_duration(total(spans))} in all, {len(spans)} times, first {first}{until}"

    def _of(self, responder: str) -> dict[str, list[Span]]:
        if responder not in self.rules.plans:
            return {responder: [self.window]}
        if responder not in self._stints:
            self._stints[responder] = self._stints_of(responder)
        return self._stints[responder]

    def _stints_of(self, rotation: str) -> dict[str, list[Span]]:
        start, end = self.window
        found: dict[str, list[Span]] = {}
        for shift in shifts_of(self.rules, rotation, start, end):
            if shift.member is not None:
                begins, ends = shift.starts_at or start, shift.ends_at or end
                found.setdefault(shift.member, []).append((max(begins, start), min(ends, end)))
        return {member: united(spans) for member, spans in found.items()}

    def _members(self, responder: str) -> Iterable[str]:
        rotation = self.config.rotations.get(responder)
        if rotation is None:
            return [responder]
        today = self.now.date()
        layers = (rotation, *rotation.layers)
        staying = {each.name for layer in layers for each in layer.members if not each.end or each.end > today}
        return [name for name in members_of(self.config, responder) if name in staying or name in self._of(responder)]
