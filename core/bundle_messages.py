"""What a bundle says: how many, every number, the worst first, then as many titles as there is room for.

A number is never cut off. When not even the numbers have room, the message is about fewer alerts: the worst ones.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from core.alert import Alert
from core.channel_text import defuse
from core.decision import NotificationKind
from core.messages import RESOLVED
from core.outcomes import Message
from core.severity import Severity
from core.store import Claim

Essence = Callable[[Sequence[Claim]], str]
Group = tuple[str, list[int]]

_WORST_FIRST = tuple(Severity)
_LONGEST_TITLE = 100
_SHOWN_RANGES = 3  # beside a title; all of them stand above
_SPOKEN_RANGES = 12
_SPOKEN_TITLES = 3  # of what a person can keep in mind on the phone
_LINE_END = "\r\n"  # between title and body, where a channel puts one before the other


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """Give the claims of a bundle as it lists them: pages before notices, the worst first, the oldest first."""
    return sorted(claims, key=lambda claim: (_rank(claim), claim.key.alert, claim.key.event))


def how_many_fit(claims: Sequence[Claim], limit: int, essence: Essence) -> int:
    """Say of how many of these, in their order, the essence has room in so many characters; one is always taken."""
    if len(essence(claims)) <= limit:  # all of them can be shorter than some: 41-97 is short
        return len(claims)
    counts = range(1, len(claims))
    return max(1, bisect_right(counts, limit, key=lambda count: len(essence(claims[:count]))))


class Written:
    """Writes bundles for a channel that takes so many characters; `link` leads to the page about the bundle."""

    def __init__(self, link: str, limit: int) -> None:
        self._answer = f"Answer: {link}"
        self._limit = limit

    def essence(self, claims: Sequence[Claim]) -> str:
        """Give what is never cut: how many, the numbers, the link."""
        return self._around(claims, self._numbers(claims))

    def message(self, claims: Sequence[Claim]) -> Message:
        """Give the message about these claims, with as many titles as there is room for."""
        lines = self._numbers(claims)
        room = self._limit - len(self._around(claims, lines))
        for line in _titles(claims):
            room -= len(line) + 1
            if room < 0:
                break
            lines.append(line)
        return Message(_title(claims), "\n".join([*lines, self._answer]))

    def _numbers(self, claims: Sequence[Claim]) -> list[str]:
        """Give the numbers by severity, or all in one list where that is too long: more of them are consecutive."""
        by_severity = _lines(_by_severity(claims))
        return by_severity if len(self._around(claims, by_severity)) <= self._limit else _lines(_in_one(claims))

    def _around(self, claims: Sequence[Claim], lines: Sequence[str]) -> str:
        return _LINE_END.join((_title(claims), "\n".join([*lines, self._answer])))


class Spoken:
    """Words bundles for a call: nothing that only makes sense on a screen."""

    @staticmethod
    def essence(claims: Sequence[Claim]) -> str:
        """Give what is never cut: how many and the numbers."""
        groups = _by_severity(claims)
        if sum(len(ranges(ids)) for _, ids in groups) > _SPOKEN_RANGES:
            groups = _in_one(claims)
        numbers = [f"{what}: {', '.join(ranges(ids, ' to '))}." for what, ids in groups]
        return " ".join(["This is Rung.", f"{_title(claims)}.", *numbers])

    def message(self, claims: Sequence[Claim]) -> Message:
        """Give what the call says, with what the worst alerts are called."""
        pages = _once(claim.alert for claim in claims if is_page(claim))
        worst = [f"Alert {alert.id}: {_shortened(alert.title)}." for alert in pages[:_SPOKEN_TITLES]]
        please = ["Nobody has answered yet. Please acknowledge them."] if pages else []
        return Message("", defuse(" ".join([self.essence(claims), *please, *worst])))


def ranges(numbers: Iterable[int], dash: str = "-") -> list[str]:
    """Give numbers in order, those without a gap as one range: `41-43`, `57`."""
    ordered = sorted(set(numbers))
    runs = [[n for _, n in run] for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])]
    return [f"{run[0]}{dash}{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]


def _title(claims: Sequence[Claim]) -> str:
    paged = _once(claim.alert for claim in claims if is_page(claim))
    resolved = {claim.key.alert for claim in claims if claim.entry.reason == RESOLVED}
    reminded = {claim.key.alert for claim in claims if claim.entry.kind is NotificationKind.REMINDER}
    news = {claim.key.alert for claim in claims if not is_page(claim)} - resolved - reminded
    parts = [_count(paged)] if paged else []
    parts += [f"{len(resolved)} resolved"] if resolved else []
    parts += [f"{len(reminded)} to be reminded of"] if reminded else []
    parts += [f"{len(news)} changed"] if news else []
    return ", ".join(parts)


def _count(alerts: Sequence[Alert]) -> str:
    worst = alerts[0].severity
    of_these = sum(alert.severity is worst for alert in alerts)
    how_many = "all" if of_these == len(alerts) else str(of_these)
    return f"{len(alerts)} alerts, {how_many} {worst.value}" if len(alerts) > 1 else f"1 alert, {worst.value}"


def _by_severity(claims: Sequence[Claim]) -> list[Group]:
    return _grouped((claim.alert.severity.value if is_page(claim) else claim.entry.reason, claim) for claim in claims)


def _in_one(claims: Sequence[Claim]) -> list[Group]:
    return _grouped(("alerts" if is_page(claim) else claim.entry.reason, claim) for claim in claims)


def _grouped(named: Iterable[tuple[str, Claim]]) -> list[Group]:
    """Give the numbers by what there is to say about them, in the order of the bundle."""
    groups: dict[str, list[int]] = {}
    for what, claim in named:
        groups.setdefault(what, []).append(claim.key.alert)
    return list(groups.items())


def _lines(groups: Iterable[Group]) -> list[str]:
    return [f"{what}: {', '.join(ranges(ids))}" for what, ids in groups]


def _titles(claims: Sequence[Claim]) -> list[str]:
    """Give a line for each title, with the numbers of those that have it; alerts of a storm often have the same."""
    by_title: dict[str, list[int]] = {}
    for alert in _once(claim.alert for claim in claims):
        by_title.setdefault(defuse(" ".join(alert.title.split())), []).append(alert.id)
    return [f"{_some(ids)}: {_shortened(title)}" for title, ids in by_title.items()]


def _some(ids: Sequence[int]) -> str:
    found = ranges(ids)
    return ", ".join(found if len(found) <= _SHOWN_RANGES else [*found[:_SHOWN_RANGES], "..."])


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"


def _once(alerts: Iterable[Alert]) -> list[Alert]:
    return list({alert.id: alert for alert in alerts}.values())


def is_page(claim: Claim) -> bool:
    """Say whether it asks for an answer."""
    return claim.entry.kind is NotificationKind.PAGE


def _rank(claim: Claim) -> int:
    return _WORST_FIRST.index(claim.alert.severity) if is_page(claim) else len(_WORST_FIRST)
