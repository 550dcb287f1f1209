"""A test page: the same addresses, texts and senders as a real one, without an alert."""

from collections.abc import Sequence
from concurrent.futures import Future

import click

from core.adapters.sender_pool import SenderPool
from core.channel_text import ContactError, fit
from core.config.names import hint
from core.config.people import Person
from core.outcomes import Message, Outcome, OutcomeKind
from core.ways import proof_of, ways_of_test
from core.wiring import Rung

_TITLE = "Test page from Rung"
_BODY = "This is a test. Nothing is wrong and nothing is to be done.\n{person} can be reached on {channel}."


def send_test_page(rung: Rung, person: str, channels: Sequence[str]) -> bool:
    """Send it on these channels, or on every one that reaches the person; say whether all went well.

    Every channel gets a line: what became of it, and why nothing was sent where nothing was. Of channels that nobody
    asked for by name, one that cannot reach the person is no failure.
    """
    config = rung.config
    if person not in config.people:
        raise click.UsageError(f"there is no person {person!r} in the config{hint(person, list(config.people))}")
    if unknown := [channel for channel in channels if channel not in config.channels]:
        raise click.UsageError(f"config has no channel {', '.join(unknown)}; it has {', '.join(config.channels)}")
    wanted = tuple(dict.fromkeys(channels)) or tuple(config.channels)
    missing = {channel: reason for channel in wanted if (reason := _why_not(rung, person, channel))}
    chosen = [channel for channel in wanted if channel not in missing]
    with SenderPool(size=max(1, len(chosen))) as pool:
        sends = {channel: _start(rung, pool, person, channel) for channel in chosen}
        went_well = [_report(rung, person, channel, sends.get(channel), missing.get(channel)) for channel in wanted]
    if not chosen and not channels:
        click.secho(f"no channel of the config reaches {person}", fg="red", err=True)
        return False
    return all(went or (went is None and not channels) for went in went_well)


def _why_not(rung: Rung, person: str, channel: str) -> str:
    """Say why the channel cannot reach the person; '' when it can."""
    settings, rules = rung.config.channels[channel], rung.engine.rules
    if not settings:
        return "it is switched off in the config"
    if rules.can_reach(person, channel):
        return ""
    missing = sorted(settings.needs - rung.config.people[person].contacts.keys())
    return f"{person} has no {' and no '.join(missing)} in the config" if missing else "it has no credentials"


def _start(rung: Rung, pool: SenderPool, person: str, channel: str) -> "Future[Outcome]":
    kind, replies = rung.engine.rules.kind_of(channel), rung.config.replies
    lines = [_BODY.format(person=person, channel=channel), proof_of(kind, replies, rung.links)]
    ways = ways_of_test(person, channel, kind, replies, rung.links)
    message = Message(_TITLE, "\n".join(filter(None, lines)), ways=ways)
    if rung.engine.rules.outbox_mode:
        rung.ledger.add_message(
            {"alert": None, "responder": person, "channel": channel, "title": message.title, "body": message.body}
        )
        return _known(OutcomeKind.SENT, "to the built-in outbox")
    try:
        url = rung.engine.rules.address(person, channel)
    except ContactError as error:
        return _known(OutcomeKind.MISCONFIGURED, str(error))
    return pool.submit(url, fit(message, kind))


def _known(kind: OutcomeKind, reason: str) -> "Future[Outcome]":
    future: Future[Outcome] = Future()
    future.set_result(Outcome(kind, reason))
    return future


def _report(rung: Rung, person: str, channel: str, send: "Future[Outcome] | None", why_not: str | None) -> bool | None:
    """Print the line of one channel; say whether it was sent, None when nothing was tried."""
    quiet = _quiet(rung.config.people[person], channel)
    if send is None:
        click.secho(f"{channel}: not sent ({why_not}){quiet}", dim=True)
        return None
    outcome = send.result()
    sent = outcome.kind is OutcomeKind.SENT
    more = outcome.reason or (f"id {outcome.provider_id}" if outcome.provider_id else "")
    click.secho(
        f"{channel}: {outcome.kind.value}{f' ({more})' if more else ''}{quiet}",
        fg=None if sent else "red",
    )
    return sent


def _quiet(person: Person, channel: str) -> str:
    severities = [severity.value for severity, channels in person.quiet.items() if channel in channels]
    return f"; no {' or '.join(severities)} pages go there, by choice" if severities else ""
