"""One answer about many alerts: each is decided by itself, and what is refused does not stop the rest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.alert import Alert
from core.commands import Command
from core.engine import NoSuchAlertError, RefusedError
from core.store import UnreadableRecordError


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer about one alert: the alert after it, or why it was not done."""

    alert_id: int
    alert: Alert | None = None
    code: str = ""
    reason: str = ""


def answer_all(act: Callable[[int, Command], Alert], alert_ids: Iterable[int], command: Command) -> list[Answered]:
    """Do what a person asked about each of these, each once, in this order. Raises StoreUnavailableError."""
    return [_answered(act, alert_id, command) for alert_id in dict.fromkeys(alert_ids)]


def _answered(act: Callable[[int, Command], Alert], alert_id: int, command: Command) -> Answered:
    try:
        return Answered(alert_id, act(alert_id, command))
    except RefusedError as error:
        return Answered(alert_id, code=error.refused.code, reason=error.refused.reason)
    except NoSuchAlertError as error:
        return Answered(alert_id, code="no_such_alert", reason=str(error))
    except UnreadableRecordError as error:
        return Answered(alert_id, code="unreadable_record", reason=str(error))
