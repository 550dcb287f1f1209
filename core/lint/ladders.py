"""Which ladders there are: each policy that an alert can take, and what a team makes of it.

`severities` are those of which it is certain that they take the ladder: a source or a route that names a policy may
send any, and what only may be earns no finding.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.config import Config
from core.config.faults import Place
from core.config.matching import Match
from core.config.policy import Level, Policy
from core.config.routes import Route
from core.matching import SignalFacts, compiled
from core.routing import policy_for_team
from core.severity import Severity


@dataclass(frozen=True)
class Ladder:
    """One policy; with a `team`, whose people stand in for those that it names."""

    name: str
    policy: Policy
    severities: tuple[Severity, ...]
    team: str | None = None
    base: Policy | None = None

    @property
    def rungs(self) -> list["Rung"]:
        """Its levels."""
        return [Rung(self, number) for number in range(len(self.policy.levels))]

    @property
    def place(self) -> Place:
        """Where it stands in the config."""
        return ("teams", self.team) if self.team else ("escalation", "policies", self.name)

    @property
    def words(self) -> str:
        """How people call it."""
        return f"{self.name} for team {self.team}" if self.team else self.name

    @property
    def responders(self) -> frozenset[str]:
        """Everybody it names."""
        return frozenset(responder for level in self.policy.levels for responder in level.responders)


@dataclass(frozen=True)
class Rung:
    """One level of a ladder."""

    ladder: Ladder
    number: int

    @property
    def level(self) -> Level:
        """What config says of it, the team's people in place."""
        return self.ladder.policy.levels[self.number]

    @property
    def words(self) -> str:
        """How people call it."""
        return f"level {self.number + 1} ({self.level.level})"

    @property
    def is_own(self) -> bool:
        """Whether the ladder itself says who is on it: not where a team leaves the policy's people."""
        base = self.ladder.base
        return base is None or base.levels[self.number].responders != self.level.responders

    def place(self, *keys: str) -> Place:
        """Give where a key of it stands; that of a team has no keys of its own."""
        ladder = self.ladder
        return ladder.place if ladder.team else (*ladder.place, "levels", self.number, *keys)


def ladders_of(config: Config) -> list[Ladder]:
    """Give every ladder that an alert can take."""
    certain = _certain(config)
    policies = config.escalation.policies
    used = {*certain, config.escalation.default_policy, *_named(config)}
    found = [Ladder(name, policy, _listed(certain[name])) for name, policy in policies.items() if name in used]
    return [*found, *_of_teams(config)]


def unused_policies(config: Config) -> list[str]:
    """Give the policies that no alert can take."""
    used = {ladder.name for ladder in ladders_of(config)}
    return [name for name in config.escalation.policies if name not in used]


def fires_at(policy: Policy) -> list[int]:
    """Give when each level first fires, in seconds from the start of the round, when everybody can be reached."""
    seconds = [policy.levels[0].delay]
    for before, level in pairwise(policy.levels):
        seconds.append(max(level.delay, seconds[-1] + before.timeout))
    return seconds


def rungs_words(rungs: Iterable[Rung]) -> str:
    """Say which levels these are: `level 1 (primary) of critical and high`."""
    ladders: dict[str, list[str]] = {}
    for rung in rungs:
        ladders.setdefault(rung.words, []).append(rung.ladder.words)
    return and_list([f"{level} of {and_list(names)}" for level, names in ladders.items()])


def and_list(names: Iterable[str]) -> str:
    """Say a list: `a, b and c`."""
    *most, last = dict.fromkeys(names)
    return f"{', '.join(most)} and {last}" if most else last


def policies_of_route(config: Config, route: Route) -> list[str]:
    """Give the policies that alerts of a route can have by it: its own, else those of the severities it lets in."""
    if route.policy:
        return [route.policy]
    return list(dict.fromkeys(_own(config, severity) for severity in _let_in(route)))


def _certain(config: Config) -> dict[str, set[Severity]]:
    certain: dict[str, set[Severity]] = defaultdict(set)
    for severity in Severity:
        certain[_own(config, severity)].add(severity)
    for beat in config.heartbeats.values():
        certain[beat.policy or _own(config, beat.severity)].add(beat.severity)
    for route in config.routes:
        if route.policy and (route.severity or route.match.severity):
            certain[route.policy].update(_let_in(route))
    return certain


def _named(config: Config) -> Iterator[str]:
    yield from (source.policy for source in config.sources.values() if source.policy)
    yield from (route.policy for route in config.routes if route.policy)


def _of_teams(config: Config) -> Iterator[Ladder]:
    seen = set()
    for route in config.routes:
        for name in policies_of_route(config, route) if route.team else ():
            base = config.escalation.policies[name]
            policy = policy_for_team(base, config.teams[route.team or ""])
            if policy != base and (name, route.team) not in seen:
                seen.add((name, route.team))
                yield Ladder(name, policy, (), route.team, base)


def _own(config: Config, severity: Severity) -> str:
    escalation = config.escalation
    return severity.value if severity.value in escalation.policies else escalation.default_policy


def _let_in(route: Route) -> list[Severity]:
    """Give the severities that alerts of a route can have."""
    if route.severity:
        return [route.severity]
    if not route.match.severity:
        return list(Severity)
    holds = compiled(Match(severity=route.match.severity))
    return [severity for severity in Severity if holds(SignalFacts("", severity, "", {}))]


def _listed(severities: set[Severity]) -> tuple[Severity, ...]:
    return tuple(severity for severity in Severity if severity in severities)
