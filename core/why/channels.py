"""Channels: why one does not reach a person, or is not wanted by them, by config as it is now."""

from core.rules import Rules
from core.severity import Severity


def why_not(rules: Rules, person: str, channel: str) -> str:
    """Say why the channel cannot reach the person; '' when it can."""
    config = rules.config
    if channel not in config.channels:
        return "it is gone from the config"
    settings, found = config.channels[channel], config.people.get(person)
    if not settings:
        return "it is switched off in the config"
    if found is None:
        return f"{person} is gone from the config"
    if rules.can_reach(person, channel):
        return ""
    missing = sorted(settings.needs - found.contacts.keys())
    return f"{person} has no {' and no '.join(missing)} in the config" if missing else "it has no credentials"


def why_not_paged(rules: Rules, person: str, channel: str, severity: Severity) -> str:
    """Say why a page of this severity does not go to the person on the channel; '' when it does."""
    if reason := why_not(rules, person, channel):
        return reason
    return "" if rules.wants(person, channel, severity) else f"{person} wants no {severity.value} pages there"
