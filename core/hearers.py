"""Who hears of a reminder or an SLA mark, and on what: whoever has the alert, else those whom its level asks."""

from collections.abc import Iterable, Iterator, Sequence

from core.alert import Alert
from core.decision import Draft, NotificationKind
from core.rules import Rules

Pair = tuple[str, str]


def hearers(draft: Draft, channels: Sequence[str], kind: NotificationKind, rules: Rules) -> tuple[Pair, ...]:
    """Give (person, channel) pairs, each once: on these channels, or where none is named on the level's own.

    Whom these do not reach is told on another, one that lets people sleep if there is any. When nobody can be told,
    everybody who was paged is.
    """
    alert = draft.alert
    named = tuple(channels) or _of_the_level(alert, kind, rules)
    reach = rules.reach(_asked(alert, rules), named, alert.severity, draft.now)
    found = [*reach.pages, *_on_another(reach.unreachable, alert, rules)]
    return tuple(dict.fromkeys(found or _on_another((person for person, _ in alert.paged), alert, rules)))


def _asked(alert: Alert, rules: Rules) -> Sequence[str]:
    """Give whoever has it, nobody when config does not know that name. A rotation is whoever is on call now."""
    if alert.acknowledged_by is not None:
        return [alert.acknowledged_by] if rules.knows(alert.acknowledged_by) else []
    return [alert.reassigned_to] if alert.reassigned_to is not None else alert.current_level.responders


def _of_the_level(alert: Alert, kind: NotificationKind, rules: Rules) -> tuple[str, ...]:
    """Give the level's channels; what is no page keeps to those that let people sleep."""
    channels = alert.current_level.notification_channels
    return channels if kind is NotificationKind.PAGE else tuple(filter(rules.is_quiet, channels))


def _on_another(people: Iterable[str], alert: Alert, rules: Rules) -> Iterator[Pair]:
    for person in dict.fromkeys(people):
        if (channel := rules.next_channel(person, alert.severity)) is not None:
            yield person, channel
