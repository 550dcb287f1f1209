"""Whether the server of a channel answers. It is connected to, as sending would; no message goes out.

Where Apprise would send to, only its plugins know: each is asked to send, and stopped before anything leaves.
"""

import os
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies, select_proxy

from core.adapters.sender import notify, plugin_of, speaks_http
from core.adapters.wire_reading import broken_smtp
from core.outcomes import Message

WITHIN = 3.0  # seconds

_MESSAGE = Message("Rung asks where this would go", "Nothing is sent.")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a channel's messages go first. `verified` says whether its certificate is looked at."""

    host: str
    port: int
    speaks: str  # http, https, or what Apprise calls the modes of SMTP: insecure, starttls, ssl
    verified: bool = True

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def server_of(url: str) -> Server | None:
    """Give the server that an Apprise URL leads to, None for one that speaks neither HTTP nor SMTP."""
    plugin = plugin_of(url)
    if plugin is None:
        return None
    if getattr(plugin, "smtp_host", None):
        return Server(plugin.smtp_host, int(plugin.port), str(plugin.secure_mode), bool(plugin.verify_certificate))
    return _http_server(plugin) if speaks_http(plugin) else None


def trouble_with(server: Server) -> str | None:
    """Say why a server cannot be reached, None when it can. Waits a few seconds at most."""
    try:
        if server.speaks in _PORTS:
            _connect(server)
        else:
            _greet(server)
    except (OSError, smtplib.SMTPException) as error:
        failure = broken_smtp(error).failure if isinstance(error, OSError) else None
        return failure.reason if failure else "the connection failed"
    return None


def _http_server(plugin: Any) -> Server | None:
    with _stopped() as asked:
        notify(plugin, _MESSAGE)
    if not asked:
        return None
    parts = urlsplit(asked[0])
    proxy = select_proxy(asked[0], get_environ_proxies(asked[0]))
    if proxy:
        return _proxy(proxy)
    return Server(
        parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0), parts.scheme, bool(plugin.verify_certificate)
    )


def _proxy(address: str) -> Server:
    """Give the proxy that stands between: nobody but it can be asked from here."""
    parts: SplitResult = urlsplit(address if "://" in address else f"http://{address}")
    return Server(parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80), "http")


@contextmanager
def _stopped() -> Iterator[list[str]]:
    """Let no request of HTTP out until the end of the block; give the addresses they were for."""
    asked: list[str] = []
    original = requests.Session.send

    def send(_session: requests.Session, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        asked.append(str(request.url))
        raise requests.ConnectionError("nothing is sent")

    requests.Session.send = send  # type: ignore[method-assign, assignment]
    try:
        yield asked
    finally:
        requests.Session.send = original  # type: ignore[method-assign]


def _connect(server: Server) -> None:
    with socket.create_connection((server.host, server.port), timeout=WITHIN) as connection:
        if server.speaks == "https":
            bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or DEFAULT_CA_BUNDLE_PATH
            context = _context(server, ssl.create_default_context(cafile=bundle))
            with context.wrap_socket(connection, server_hostname=server.host):
                return


def _greet(server: Server) -> None:
    context = _context(server, ssl.create_default_context())
    if server.speaks == "ssl":
        with smtplib.SMTP_SSL(server.host, server.port, timeout=WITHIN, context=context):
            return
    with smtplib.SMTP(server.host, server.port, timeout=WITHIN) as smtp:
        if server.speaks == "starttls":
            smtp.starttls(context=context)


def _context(server: Server, context: ssl.SSLContext) -> ssl.SSLContext:
    if not server.verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
