"""A test page: the same addresses, texts and senders as a real one, without an alert."""

from collections.abc import Sequence
from concurrent.futures import Future

import click

from core.adapters.sender_pool import SenderPool
from core.channel_text import ContactError, fit
from core.outcomes import Message, Outcome, OutcomeKind
from core.wiring import Rung

_TITLE = "Test page from Rung"
_BODY = "This is a test. Nothing is wrong and nothing is to be done.\n{person} can be reached on {channel}."


def send_test_page(rung: Rung, person: str, channels: Sequence[str]) -> bool:
    """Send it on these channels, or on every one that reaches the person; say whether all went well."""
    if person not in rung.config.people:
        raise click.UsageError(f"there is no person {person!r}; config knows {', '.join(rung.config.people)}")
    if unknown := [channel for channel in channels if channel not in rung.config.channels]:
        raise click.UsageError(f"config has no channel {', '.join(unknown)}; it has {', '.join(rung.config.channels)}")
    chosen = channels or _reaching(rung, person)
    if not chosen:
        raise click.UsageError(f"no channel of the config reaches {person}")
    with SenderPool(size=len(chosen)) as pool:
        sends = [(channel, _start(rung, pool, person, channel)) for channel in chosen]
        return all([_report(channel, send) for channel, send in sends])  # noqa: C419 - every one is to be reported


def _reaching(rung: Rung, person: str) -> list[str]:
    return [channel for channel in rung.config.channels if rung.engine.rules.can_reach(person, channel)]


def _start(rung: Rung, pool: SenderPool, person: str, channel: str) -> "Future[Outcome]":
    message = Message(_TITLE, _BODY.format(person=person, channel=channel))
    if rung.engine.rules.outbox_mode:
        rung.ledger.add_message(
            {"alert": None, "responder": person, "channel": channel, "title": message.title, "body": message.body}
        )
        return _known(OutcomeKind.SENT, "to the built-in outbox")
    try:
        url = rung.engine.rules.address(person, channel)
    except ContactError as error:
        return _known(OutcomeKind.MISCONFIGURED, str(error))
    return pool.submit(url, fit(message, rung.engine.rules.kind_of(channel)))


def _known(kind: OutcomeKind, reason: str) -> "Future[Outcome]":
    future: Future[Outcome] = Future()
    future.set_result(Outcome(kind, reason))
    return future


def _report(channel: str, send: "Future[Outcome]") -> bool:
    outcome = send.result()
    sent = outcome.kind is OutcomeKind.SENT
    more = outcome.reason or (f"id {outcome.provider_id}" if outcome.provider_id else "")
    click.secho(
        f"{channel}: {outcome.kind.value}{f' ({more})' if more else ''}",
        fg=None if sent else "red",
    )
    return sent
