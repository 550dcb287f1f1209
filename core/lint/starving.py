"""Members who never have anything of their turns, because restrictions or layers leave them none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from core.config.faults import Place
from core.config.rotation import Layer as Written
from core.config.rotation import Restriction
from core.holidays import HolidayCalendar
from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import and_list
from core.lint.survey import Survey
from core.rotations import Plan, shifts
from core.rotations.clock import minute_at
from core.rotations.plan import Layer
from core.rotations.turns import Turns
from core.rotations.windows import Windows

# After so many turns of a member the same weekdays come again, or after as many as a week has handoffs.
_LEAST_TURNS = 7

# Windows come again every week, and some only on holidays.
_LEAST_TIME = timedelta(days=90)


def starved_members(survey: Survey) -> Iterator[Finding]:
    """Tell of members all of whose turns lie outside of the restrictions."""
    for rotation, plan in survey.rules.plans.items():
        for place, written, layer in _layers(survey, rotation, plan):
            if written.restrictions and (starved := _starved(survey, written, layer)):
                yield _finding(place, rotation, written, starved)


def hidden_layers(survey: Survey) -> Iterator[Finding]:
    """Tell of layers, and of a rotation itself, of which nothing is left under those above."""
    for rotation, plan in survey.rules.plans.items():
        layers = list(_layers(survey, rotation, plan))
        for number, (place, written, _) in enumerate(layers):
            lasting = tuple(layer for _, above, layer in reversed(layers[number + 1 :]) if not _come_and_go(above))
            if lasting and not _has_gap(survey, Plan(rotation, lasting)):
                yield _hidden(place, rotation, written, number)


def _layers(survey: Survey, rotation: str, plan: Plan) -> Iterator[tuple[Place, Written, Layer]]:
    """Give the rotation itself and its layers, from the lowest up: where each stands, as written and as planned."""
    written = survey.config.rotations[rotation]
    pairs = zip((written, *written.layers), reversed(plan.layers), strict=True)
    for number, (each, layer) in enumerate(pairs):
        yield ("rotations", rotation, *(("layers", number - 1) if number else ())), each, layer


def _starved(survey: Survey, written: Written, layer: Layer) -> list[str]:
    """Give those who had turns enough to come to a window in one of them, and did not."""
    enough = max(_LEAST_TURNS, len(layer.turns.offsets))
    windows = _any_day(written.restrictions or ())
    first, last = (layer.turns.at(minute_at(instant, layer.zone)) for instant in survey.window)
    turns = [(layer.order.at(turn), turn) for turn in range(first, last + 1 + enough * len(written.members))]
    served = {name for name, turn in turns if _touches(windows, layer.turns, turn)}
    counted = Counter(name for name, _ in turns if name is not None)
    names = dict.fromkeys(member.name for member in written.members)
    return [name for name in names if counted[name] >= enough and name not in served]


def _any_day(restrictions: Sequence[Restriction]) -> Windows:
    """Give the windows as if every day might be a holiday, and none need be: nobody starves for want of one."""
    return Windows([each.model_copy(update={"holidays": None}) for each in restrictions], HolidayCalendar())


def _touches(windows: Windows, turns: Turns, turn: int) -> bool:
    """Say whether a window has a minute of a turn."""
    begin, end = turns.begin(turn), turns.begin(turn + 1)
    if windows.around(begin):
        return True
    following = windows.next_begin(begin, end)
    return following is not None and following < end


def _come_and_go(written: Written) -> bool:
    return any(member.start or member.end for member in written.members)


def _has_gap(survey: Survey, plan: Plan) -> bool:
    start, end = survey.window
    return any(shift.member is None for shift in shifts(plan, start, max(end, start + _LEAST_TIME)))


def _finding(place: Place, rotation: str, layer: Written, starved: list[str]) -> Finding:
    turns = "handoffs" if layer.handoffs else "every"
    return at(
        Code.MEMBER_STARVED,
        (*place, "restrictions"),
        f"of the members of {rotation}, the restrictions leave {and_list(starved)} nothing of any turn",
        f"{and_list(starved)} {'is' if len(starved) == 1 else 'are'} never on duty; the others have it all.",
        f"Let turns last as long as the restrictions repeat, such as a week (`{turns}`, or type: weekly), or widen the "
        "restrictions.",
    )


def _hidden(place: Place, rotation: str, layer: Written, number: int) -> Finding:
    names = list(dict.fromkeys(member.name for member in layer.members))
    what = f"layer {number} of {rotation}" if number else f"the rotation {rotation} itself"
    return at(
        Code.LAYER_HIDDEN,
        place,
        f"the layers above cover {what} at every hour",
        f"By it {and_list(names)} {'is' if len(names) == 1 else 'are'} never on duty.",
        "Give the layer above it restrictions that say when it is to cover, or take out what is covered.",
    )
