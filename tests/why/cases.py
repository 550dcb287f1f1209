"""What tests of explanations share: a world's alert explained, and its steps and reasons as one reads them."""

from datetime import datetime

from core.why.case import Case
from core.why.view import why_view
from core.why.words import told_lines
from tests.samples import T0
from tests.worlds import World

URLS = {
    "email": {"url": "mailtos://me:secret@smtp.example.com?to={email}"},
    "slack": {"url": "slack://tokena/tokenb/tokenc/{slack}"},
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:secret@+15550009999/{phone}?method=call"},
}


def case_of(world: World, alert_id: int = 1, before=()) -> Case:
    rules, now = world.engine.present()
    return Case(
        world.alert(alert_id), world.store.timeline(alert_id), world.ledger.entries(alert_id), rules, now, before
    )


def explained(world: World, alert_id: int = 1, person: str | None = None, before=()) -> dict:
    return why_view(case_of(world, alert_id, before), person)


def steps(world: World, *kinds: str, alert_id: int = 1, before=()) -> list[tuple[int, str]]:
    """(seconds since T0, text) of the steps of these kinds, all without."""
    found = explained(world, alert_id, before=before)["steps"]
    return [(seconds(step["at"]), step["text"]) for step in found if not kinds or step["event"] in kinds]


def fired(world: World, **options) -> list[tuple[int, str]]:
    """The steps in which a level had its turn, without what is said of its channels."""
    found = steps(world, "triggered", "escalated", "skipped", "exhausted", **options)
    return [(at, text.partition(" Its channels:")[0]) for at, text in found]


def told(world: World, kind: str, alert_id: int = 1) -> list[list[str]]:
    """The lines about each person whom the first step of a kind told."""
    step = next(each for each in explained(world, alert_id)["steps"] if each["event"] == kind)
    return [[line.text for line in told_lines(each)] for each in step["told"]]


def verdict(world: World, person: str, alert_id: int = 1) -> str:
    return explained(world, alert_id, person)["person"]["verdict"]


def reasons(world: World, person: str, alert_id: int = 1) -> list[tuple[str, str]]:
    """(code, text) of each reason."""
    return [(each["code"], each["text"]) for each in explained(world, alert_id, person)["person"]["reasons"]]


def seconds(instant: str) -> int:
    return round((datetime.fromisoformat(instant) - T0).total_seconds())
