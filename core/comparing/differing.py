"""What differs between two ladders: whom each level pages, when and on what; whom they page at their end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from core.comparing.changes import Change, Differences, Kind, People, Seen
from core.comparing.ladder import Firing, Ladder
from core.comparing.people import channel_change, people_change, told
from core.comparing.phrases import after, exactly, joined
from core.comparing.rungs import Rung, Side, rungs

_NOTHING = timedelta()
_NOBODY_THERE = "nobody is on it"  # which the words say already


def ladder_differences(old: Ladder, new: Ladder) -> Differences:
    """Give what differs. Where only one waits for a silence, or each for another, nothing after that is compared."""
    found: list[Seen] = []
    at_the_end = tuple(_catch_all(old, new))
    for rung in rungs(old, new):
        held = _held(rung, old, new)
        if held is not None:
            return Differences((held, *found, *at_the_end), rung.place)
        found += [*_of_level(rung), *_time(rung)]
    return Differences((*found, *_fruitless(old, new), *at_the_end))


def _held(rung: Rung, old: Ladder, new: Ladder) -> Seen | None:
    """Give the difference between waiting for a silence and not, or for another one; None when both are alike."""
    if rung.old.level is None or rung.new.level is None:
        return None
    before, now = _wait(rung.old, old.silenced), _wait(rung.new, new.silenced)
    if bool(before[0]) == bool(now[0]) and before[1] == now[1]:
        return None
    lasts = before[0] == now[0]
    change = Change(Kind.SILENCE, _say_wait(before, now), reason=now[0] or before[0], lasts=lasts)
    return Seen(change, freed=(before[1], now[1]))


def _wait(side: Side, silenced: str) -> tuple[str, datetime | None]:
    """Give for what a level waited, and until when; None: longer than anybody looked."""
    if side.firing is None:
        return silenced, None
    return (side.firing.waited, side.firing.at) if side.firing.waited else ("", None)


def _say_wait(old: tuple[str, datetime | None], new: tuple[str, datetime | None]) -> str:
    (before, freed), (now, frees) = old, new
    if not before:
        return f"pages wait for the end of {now}"
    if not now:
        return f"pages wait no more for the end of {before}"
    if before != now or freed is None or frees is None:
        return f"pages wait for the end of {now} instead of {before}"
    return f"pages wait {exactly(frees - freed)} {'longer' if frees > freed else 'less'} for the end of {now}"


def _of_level(rung: Rung) -> Iterator[Seen]:
    """Say whom it pages now, and on what; or that there was, or is, no such level."""
    old, new = rung.old.firing, rung.new.firing
    if old is not None and new is not None:
        yield from _whom(rung, old, new)
    elif old is not None and rung.new.level is not None:
        yield _seen(rung, Kind.NOBODY, ": not reached any more, since the alert resolves by itself before")
    elif old is not None:
        yield _seen(rung, Kind.LEVEL, f" is gone: {_who(rung.old)}{_when(old)}")
    elif new is not None:
        what = "is reached now" if rung.old.level else "is new"
        yield _seen(rung, Kind.LEVEL, f" {what}: {_who(rung.new)}{_when(new)}")


def _whom(rung: Rung, old: Firing, new: Firing) -> Iterator[Seen]:
    if old.name != new.name:
        yield _seen(rung, Kind.NAME, f" was called {old.name}")
    asked, nobody = (rung.old.asked, rung.new.asked), new.nobody.replace(_NOBODY_THERE, "")
    if others := people_change(old.pages, new.pages, asked, nobody):
        yield _seen(
            rung, Kind.WHO if new.pages else Kind.NOBODY, f": {others.words}", people=(others.come, others.gone)
        )
    if change := channel_change(old.pages, new.pages):
        yield _seen(rung, Kind.CHANNELS, f": {change}")


def _time(rung: Rung) -> Iterator[Seen]:
    old, new = rung.old.firing, rung.new.firing
    if old is None or new is None:
        return
    if rung.later is None:
        yield _seen(rung, Kind.TIME, ": at another time after a silence")
    elif rung.later:
        way = "later" if rung.later > _NOTHING else "earlier"
        yield _seen(rung, Kind.TIME, f": {exactly(rung.later)} {way}", _when(new))


def _seen(rung: Rung, kind: Kind, what: str, detail: str = "", people: People = ((), ())) -> Seen:
    offsets = tuple(side.firing.after if side.firing else None for side in (rung.old, rung.new))
    change = Change(kind, what, rung.place, rung.where, detail=detail, people=people)
    return Seen(change, (offsets[0], offsets[1]))


def _who(side: Side) -> str:
    channels = joined(side.level.notification_channels) if side.level else ""
    return f"{joined(side.asked.names) or 'nobody'} by {channels}"


def _when(firing: Firing) -> str:
    return f", {after(firing.after)}" if firing.after is not None else ""


def _fruitless(old: Ladder, new: Ladder) -> Iterator[Seen]:
    """Say when the first round comes to nobody, or no more: whom it pages then are the catch-all."""
    asked = (old.way.catch_all, new.way.catch_all)
    if bool(old.fruitless) != bool(new.fruitless):
        what = f"nobody on the ladder can be reached: the catch-all is paged instead ({told(new.fruitless)})"
        if old.fruitless:
            what = "somebody on the ladder can be reached: the catch-all is not paged instead any more"
        yield Seen(Change(Kind.NOBODY, what))
        return
    others = people_change(old.fruitless, new.fruitless, asked)
    if change := others.words if others else channel_change(old.fruitless, new.fruitless):
        yield Seen(Change(Kind.CATCH_ALL, f"when nobody on the ladder can be reached: {change}"))


def _catch_all(old: Ladder, new: Ladder) -> Iterator[Seen]:
    before, now = old.at_the_end, new.at_the_end
    asked = (old.way.catch_all, new.way.catch_all)
    if others := people_change(before, now, asked):
        kind, what = Kind.CATCH_ALL if now else Kind.NOBODY, f"when nobody ever answered: {others.words}"
        yield Seen(Change(kind, what, people=(others.come, others.gone)))
    if change := channel_change(before, now):
        yield Seen(Change(Kind.CHANNELS, f"when nobody ever answered: {change}"))
