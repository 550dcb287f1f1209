"""One file a sender: the body of its webhook becomes signals. Which sender it is, the config says.

A sender without a file is read by a mapping of the config.
"""

from collections.abc import Callable, Mapping

from core.config.mappings import SenderMapping
from core.signals import Reading, UnreadableError, Webhook
from core.sources import (
    alertmanager,
    aws_sns,
    generic,
    grafana,
    healthchecks,
    mapped,
    opsgenie,
    pagerduty,
    prometheus,
    sentry,
    uptime_kuma,
    zabbix,
)

_READERS: Mapping[str, Callable[[Webhook], Reading]] = {
    "grafana": grafana.read,
    "alertmanager": alertmanager.read,
    "uptime-kuma": uptime_kuma.read,
    "pagerduty": pagerduty.read,
    "opsgenie": opsgenie.read,
    "sentry": sentry.read,
    "aws-sns": aws_sns.read,
    "healthchecks": healthchecks.read,
    "zabbix": zabbix.read,
    "prometheus": prometheus.read,
    "generic": generic.read,
}

KINDS = tuple(_READERS)


_NO_MAPPINGS: Mapping[str, SenderMapping] = {}


def read(kind: str, webhook: Webhook, mappings: Mapping[str, SenderMapping] = _NO_MAPPINGS) -> Reading:
    """Read a webhook of one of KINDS or of a mapping's name (else KeyError).

    Whatever the body, it raises only UnreadableError.
    """
    try:
        if kind in mappings:
            return mapped.read(mappings[kind], webhook)
        return _READERS[kind](webhook)
    except RecursionError:
        # Below the decoder's limit a value may still be too deep to be written out as text.
        raise UnreadableError("The body is nested too deeply.") from None
