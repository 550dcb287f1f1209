"""One file a sender: the body of its webhook becomes signals. Which sender it is, the config says."""

from collections.abc import Callable, Mapping

from core.signals import Reading, UnreadableError, Webhook
from core.sources import alertmanager, generic, grafana, pagerduty, uptime_kuma

_READERS: Mapping[str, Callable[[Webhook], Reading]] = {
    "grafana": grafana.read,
    "alertmanager": alertmanager.read,
    "uptime-kuma": uptime_kuma.read,
    "pagerduty": pagerduty.read,
    "generic": generic.read,
}

KINDS = tuple(_READERS)


def read(kind: str, webhook: Webhook) -> Reading:
    """Read a webhook of one of KINDS (else KeyError). Whatever the body, it raises only UnreadableError."""
    reader = _READERS[kind]
    try:
        return reader(webhook)
    except RecursionError:
        # Below the decoder's limit a value may still be too deep to be written out as text.
        raise UnreadableError("The body is nested too deeply.") from None
