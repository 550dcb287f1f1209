"""Alertmanager's webhook_config. The link is the expression in Prometheus, else Alertmanager itself."""

from core.signals import Reading, Webhook
from core.sources.alert_group import alerts_in, read_alert
from core.sources.body import decode
from core.sources.fields import as_object
from core.sources.items import read_items

LINKS = ("generatorURL",)


def read(webhook: Webhook) -> Reading:
    """Give one signal an alert of the group. Raises UnreadableError."""
    group = as_object(decode(webhook), "The body")
    return read_items(alerts_in(group, "Alertmanager"), lambda item: read_alert(item, group, LINKS))
