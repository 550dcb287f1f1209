"""Sending one message to one Apprise URL, and saying honestly what became of it.

Apprise's word alone is never enough: where a channel speaks HTTP or SMTP, `sent` is what the wire shows.
Whoever imports this pays Apprise's import; the web process and the workers do not, their sender processes do.
"""

import logging
import sys
from copy import deepcopy
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.common import OverflowMode
from apprise.manager_plugins import NotificationManager
from apprise.plugins import url_to_dict

from core.adapters import wire
from core.adapters.sender_mail import carries_html, mail_options
from core.adapters.sender_targets import no_target
from core.adapters.sender_ways import change, prepare
from core.adapters.wire_reading import Exchange
from core.channel_text import placeholders, render_url, with_markdown_links
from core.outcomes import Message, Outcome, OutcomeKind

_SAMPLE_CONTACT = {"email": "someone@example.com", "phone": "+15555550123"}
# Apprise escapes text for these, links included, and nobody can follow `https://rung\.example\.com`.
_MARKDOWN_ONLY = frozenset({"workflow", "workflows"})
_LEAKY_LOGGERS = ("apprise", "urllib3", "requests_oauthlib", "oauthlib", "charset_normalizer")


def send(url: str, message: Message) -> Outcome:
    """Send the message to one Apprise URL and give what became of it. It may take long: see SenderPool."""
    parsed = _parsed(url)
    channel = _channel(parsed)
    if channel is None:
        return Outcome(OutcomeKind.MISCONFIGURED, "Apprise cannot read the channel's URL")
    if reason := no_target(channel, parsed):
        return Outcome(OutcomeKind.REJECTED, reason)
    if changed := change(channel, message):
        return changed
    with wire.recording(prepare(channel, message)) as exchanges:
        accepted = notify(channel, message)
    return _outcome(exchanges, accepted=accepted, over_http=speaks_http(channel))


def check_url(template: str) -> list[str]:
    """Give what is wrong with a channel's URL as an operator wrote it, {placeholders} and all."""
    scheme = template.partition("://")[0].strip().lower() if "://" in template else ""
    if not scheme:
        return ["it is not an Apprise URL: write scheme://..., for example mailto://user:password@example.com"]
    if scheme not in _plugins() and not _parsed(template):
        return [f"Apprise knows no scheme {scheme!r}: its list is at https://appriseit.com/services/"]
    return _unreadable(template)


def plugin_of(url: str) -> Any:
    """Give Apprise's plugin for a URL, None when it cannot be read."""
    return _channel(_parsed(url))


def prime() -> None:
    """Load every plugin and silence the loggers, so that the first send finds all of it in memory."""
    silence()
    wire.watch()
    Apprise(asset=_asset()).add("json://localhost")


def silence() -> None:
    """Keep the loggers quiet that write tokens and phone numbers."""
    for name in _LEAKY_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)


def _unreadable(template: str) -> list[str]:
    """Try the URL with a sample contact; other placeholders have a form only their provider knows."""
    if placeholders(template) - _SAMPLE_CONTACT.keys():
        return []
    if _channel(_parsed(render_url(template, _SAMPLE_CONTACT))) is None:
        return ["Apprise knows the scheme but cannot read the rest: compare it with the page of that service"]
    return []


def _asset() -> AppriseAsset:
    return AppriseAsset(
        service_timeout=0,
        async_mode=False,
        http_redirects=False,
        interpret_emojis=False,
        interpret_escapes=False,
    )


def _plugins() -> Any:
    return NotificationManager()


def _parsed(url: str) -> dict[str, Any]:
    """Give the parts of the URL as its plugin reads them; nothing when it cannot be read."""
    try:
        return dict(url_to_dict(url) or {})
    except (AttributeError, LookupError, TypeError, ValueError):
        # Some plugins' parsers stumble over what is not theirs instead of saying so.
        return {}


def _channel(parsed: dict[str, Any]) -> Any:
    """Give the plugin for the URL, stripped of what it would do on its own account, or None."""
    plugin = Apprise.instantiate(deepcopy(parsed), asset=_asset()) if parsed else None
    if plugin is None:
        return None
    plugin.retry = 0
    plugin.optional = False
    plugin.redirects = False
    plugin.overflow_mode = OverflowMode.UPSTREAM
    plugin.request_rate_per_sec = 0
    # Several plugins sleep here until a rate limit ends, whatever the rate says.
    plugin.throttle = _never_wait
    _keep_the_mention_off_the_link(plugin)
    # smtplib has one timeout for everything: the longer one. HTTP gets both from the wire.
    plugin.socket_connect_timeout = plugin.socket_read_timeout = wire.READ_TIMEOUT
    return plugin


def _never_wait(*_arguments: object, **_options: object) -> None:
    """Stand in for a plugin's throttle: pauses between attempts belong to the ledger."""


def _keep_the_mention_off_the_link(plugin: Any) -> None:
    """Begin Discord's mention on a line of its own: it comes right after the last line, which is the link."""
    original = getattr(plugin, "ping_payload", None)
    if original is not None:
        plugin.ping_payload = lambda *texts: {
            name: f"\n{value}" if name == "content" else value for name, value in original(*texts).items()
        }


def notify(channel: Any, message: Message) -> bool:
    """Have a plugin send the message; say whether it thinks that it did."""
    apprise = Apprise(asset=channel.asset)
    apprise.add(channel)
    if message.html and carries_html(channel):
        with mail_options(channel, message) as options:
            return bool(apprise.notify(title=message.title, interpret_escapes=False, **options))
    title, body = (message.title, message.body) if message.body else ("", message.title)
    if channel.schema in _MARKDOWN_ONLY:
        body, body_format = with_markdown_links(body), NotifyFormat.MARKDOWN
    else:
        body_format = NotifyFormat.TEXT
    return bool(apprise.notify(title=title, body=body, body_format=body_format, interpret_escapes=False))


def speaks_http(channel: Any) -> bool:
    """Say whether a plugin speaks HTTP."""
    modules = [sys.modules[kind.__module__] for kind in type(channel).__mro__ if "apprise.plugins." in kind.__module__]
    return any(hasattr(module, "requests") for module in modules)


def _outcome(exchanges: list[Exchange], *, accepted: bool, over_http: bool) -> Outcome:
    delivered = [exchange for exchange in exchanges if exchange.delivered]
    failures = [exchange.failure for exchange in exchanges if exchange.failure]
    if accepted and (delivered or not (failures or over_http)):
        ids = [exchange.provider_id for exchange in delivered if exchange.provider_id]
        return Outcome(OutcomeKind.SENT, provider_id=ids[-1] if ids else None)
    if failures:
        return failures[-1]
    if delivered:
        return Outcome(OutcomeKind.REJECTED, "the provider answered but did not take the message")
    if over_http or accepted:
        return Outcome(OutcomeKind.REJECTED, "nothing was sent: the channel found no target or refused the message")
    return Outcome(OutcomeKind.UNAVAILABLE, "the channel did not take the message")


silence()
wire.watch()
