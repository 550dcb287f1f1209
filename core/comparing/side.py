"""One of the two configs that are compared, made ready to be asked about a time."""

from core.comparing.asked import AskedRules
from core.comparing.cases import Case, with_only
from core.comparing.covers import Covers
from core.comparing.duties import Duties
from core.comparing.ladders import Known, Ladders, longest
from core.config import Config, Holidays
from core.config.sla import Sla
from core.config.tracking import ResponseTracking
from core.lint.spans import Span
from core.rules import Rules


class Side:
    """A config, and what it says about who is on call in a time."""

    def __init__(self, config: Config, window: Span) -> None:
        """Take a validated config."""
        self.config = config
        self.rules = Rules(config)
        start, end = window
        self._looked_at = start, end + max(map(longest, config.escalation.policies.values()))
        self.duties = Duties(self.rules, *self._looked_at)
        self._asked: dict[tuple[str, int | None], AskedRules] = {}

    def rules_for(self, case: Case, place: int | None) -> AskedRules:
        """Give the rules for what takes the way of a case, by the route at a place if there is one.

        Without reminders and SLA, on which no ladder depends.
        """
        key = (case.source, place)
        if key not in self._asked:
            route = None if place is None else self.config.routes[place]
            plain = {"response_tracking": ResponseTracking(), "sla": Sla()}
            self._asked[key] = AskedRules(with_only(self.config, case.source, route).model_copy(update=plain))
        return self._asked[key]

    def covers(self, case: Case, place: int | None) -> Covers:
        """Give when silences may cover the alerts of a case."""
        made = None if place is None else self.config.routes[place].severity
        facts = [case.facts(severity) for severity in {case.severity, made or case.severity}]
        return Covers(self.rules.silences, facts, *self._looked_at)

    def ladders(self, case: Case, place: int | None, covers: Covers, known: Known) -> Ladders:
        """Give the ladders of a case."""
        return Ladders(self.rules_for(case, place), case, self.duties, covers, known)


def are_alike(old: AskedRules, new: AskedRules) -> bool:
    """Say whether both make the same ladder when they are answered alike about who is on call."""
    if old.config.rotations.keys() != new.config.rotations.keys():
        return False
    return _without_time(old.config) == _without_time(new.config)


def _without_time(config: Config) -> Config:
    nothing = {"rotations": {}, "holidays": Holidays(), "silences": (), "maintenance": (), "timezone": "UTC"}
    return config.model_copy(update=nothing)
