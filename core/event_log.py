"""The log's lines about alerts: one an event, with the alert's id."""

import logging

from core.decision import Decision
from core.timeline import Event, EventKind

log = logging.getLogger("rung.engine")


def log_events(decision: Decision, *, done: bool) -> None:
    """Log what a decision did; or, not done, that somebody else was quicker."""
    if not done:
        log.debug("alert %d was changed by somebody else; deciding again", decision.alert.id)
        return
    if not log.isEnabledFor(logging.INFO):  # else the words would be made for nobody
        return
    for event in decision.events:
        if event.kind is not EventKind.NOTIFIED:  # its outcome will have a line
            log.info("alert %d %s", decision.alert.id, _say(event), extra={"alert": decision.alert.id})


def _say(event: Event) -> str:
    details = " ".join(f"{name}={_one_line(value)}" for name, value in event.details.items() if value is not None)
    return f"{event.kind.value} {details}".rstrip()


def _one_line(value: object) -> str:
    """Write what people typed so that it cannot pass for a line of its own."""
    text = str(value)
    return text if text.isprintable() else repr(text)
