"""What differs between two ladders, in words: `level 1 (primary): bob instead of alice`, `level 2 ... 10 min later`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.comparing.ladders import Course, Firing, Ladder
from core.simulation.steps import Pair
from core.simulation.words import told_in_words
from core.times import say_duration

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `shift`: so much sooner or later its level fires; `is_who`: it is about whom."""

    text: str
    level: int | None = None
    shift: timedelta = _NOTHING
    is_who: bool = False


def ladder_changes(old: Ladder, new: Ladder) -> tuple[Change, ...]:
    """Say what differs in whom an alert pages, when and on what; nothing when nothing does.

    Of ladders of which one is silenced nothing but that is compared.
    """
    if old == new:
        return ()
    if old.silenced or new.silenced:
        return tuple(map(Change, _silence(old, new)))
    before, after = ({firing.level: firing for firing in each.firings} for each in (old, new))
    changes = [Change(text) for text in _policy(old, new)]
    for level in sorted({*before, *after}):
        changes += _level(level, before.get(level), after.get(level))
    return tuple(changes)


def course_changes(old: Course, new: Course) -> tuple[str, ...]:
    """Say what differs in how it goes on when nobody ever answers: rounds, the end, reminders, SLA marks."""
    return (*_rounds(old, new), *_end(old, new), *_reminders(old, new), *_marks(old, new))


def _policy(old: Ladder, new: Ladder) -> Iterator[str]:
    if old.policy != new.policy:
        yield f"takes the policy {new.policy} instead of {old.policy}"


def _silence(old: Ladder, new: Ladder) -> Iterator[str]:
    if new.silenced and not old.silenced:
        yield f"is silenced: {new.silenced}"
    elif old.silenced and not new.silenced:
        yield f"is silenced no more (was: {old.silenced})"


def _level(level: int, old: Firing | None, new: Firing | None) -> Iterator[Change]:
    if new is None and old is not None:
        yield Change(f"{_named(old)} is gone: {_who(old.pages)}, {_after(old)}", level)
    elif old is None and new is not None:
        yield Change(f"{_named(new)} is new: {_who(new.pages)}, {_after(new)}", level)
    elif old is not None and new is not None:
        yield from _same_level(level, old, new)


def _same_level(level: int, old: Firing, new: Firing) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(f"{_named(new)} was called {old.name}", level)
    if who := "; ".join(_people(old.pages, new.pages)):
        yield Change(f"{_named(new)}: {who}", level, is_who=True)
    if channels := "; ".join(_channels(old.pages, new.pages)):
        yield Change(f"{_named(new)}: {channels}", level)
    if when := "; ".join(_time(old, new)):
        yield Change(f"{_named(new)}: {when}", level, new.after - old.after)


def _people(old: Sequence[Pair], new: Sequence[Pair]) -> Iterator[str]:
    before, after = _once(person for person, _ in old), _once(person for person, _ in new)
    gone, come = [p for p in before if p not in after], [p for p in after if p not in before]
    if gone and come:
        yield f"{_listed(come)} instead of {_listed(gone)}"
    elif come:
        yield f"{_listed(come)} {'too' if before else 'instead of nobody'}"
    elif gone:
        yield f"{_listed(gone)} no more" if after else f"nobody instead of {_listed(gone)}"


def _channels(old: Sequence[Pair], new: Sequence[Pair]) -> Iterator[str]:
    for person in _once(person for person, _ in new):
        before, after = ([c for p, c in pairs if p == person] for pairs in (old, new))
        if not before or before == after:
            continue
        come, gone = [c for c in after if c not in before], [c for c in before if c not in after]
        said = [f"on {_listed(come)} too"] if come else []
        said += [f"not on {_listed(gone)} any more"] if gone else []
        yield f"{person} {', '.join(said) or f'on {_listed(after)}, in this order'}"


def _time(old: Firing, new: Firing) -> Iterator[str]:
    later = new.after - old.after
    if later:
        way = "later" if later > _NOTHING else "earlier"
        yield f"{say_duration(abs(later))} {way}, {_after(new)}"


def _rounds(old: Course, new: Course) -> Iterator[str]:
    if len(old.rounds) != len(new.rounds):
        yield f"{_counted(len(new.rounds) + 1, 'round')} instead of {len(old.rounds) + 1}"
    for number, (before, after) in enumerate(zip(old.rounds, new.rounds, strict=False), 2):
        if before != after:
            yield f"round {number} after {say_duration(after)} instead of {say_duration(before)}"
            return


def _end(old: Course, new: Course) -> Iterator[str]:
    if old.exhausted != new.exhausted and old.exhausted is not None and new.exhausted is not None:
        yield f"the ladder is used up after {say_duration(new.exhausted)} instead of {say_duration(old.exhausted)}"
    for change in (*_people(old.at_the_end, new.at_the_end), *_channels(old.at_the_end, new.at_the_end)):
        yield f"when it is used up: {change}"


def _reminders(old: Course, new: Course) -> Iterator[str]:
    if len(old.reminders) != len(new.reminders):
        yield f"{_counted(len(new.reminders), 'reminder')} in the first round instead of {len(old.reminders)}"
    elif old.reminders != new.reminders:
        differing = next((a, b) for a, b in zip(old.reminders, new.reminders, strict=True) if a != b)
        yield f"a reminder after {say_duration(differing[1])} instead of {say_duration(differing[0])}"


def _marks(old: Course, new: Course) -> Iterator[str]:
    before, after = dict(old.marks), dict(new.marks)
    for mark in _once((*before, *after)):
        if before.get(mark) != after.get(mark):
            yield f"SLA {mark} {_when(after.get(mark))} instead of {_when(before.get(mark))}"


def _when(after: timedelta | None) -> str:
    return "never" if after is None else f"after {say_duration(after)}"


def _named(firing: Firing) -> str:
    return f"level {firing.level + 1} ({firing.name})"


def _after(firing: Firing) -> str:
    return f"after {say_duration(firing.after)}" if firing.after else "at once"


def _who(pages: Sequence[Pair]) -> str:
    return "; ".join(told_in_words(pages)) or "nobody"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _once(names: object) -> list[str]:
    return list(dict.fromkeys(names))  # type: ignore[call-overload]
