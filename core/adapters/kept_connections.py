"""Connections to providers, kept open from one send to the next: a TLS handshake takes longer than the message.

Apprise opens a session for each message. It is lent these connections for the time of the request and gets its own
back, so that closing it closes nothing of ours.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from core.adapters.wire_reading import causes

Send = Callable[..., requests.Response]

# Well below what most servers and proxies allow a quiet connection.
_QUIET_AT_MOST = 15.0  # seconds
_CLOSED = (RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class KeptConnections:
    """Those of one process, which sends one message at a time. `monotonic` gives seconds that never go back."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Open none yet."""
        self._monotonic = monotonic
        self._adapter = HTTPAdapter()
        self._used_at: dict[str, float] = {}  # by host, of those with an open connection

    def send(
        self, original: Send, session: requests.Session, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        """Send over a kept connection, or over a new one when it turns out that the server had closed the kept one.

        A session with adapters of its own kind keeps those.
        """
        if any(type(adapter) is not HTTPAdapter for adapter in session.adapters.values()):
            return original(session, request, **options)
        if any(self._monotonic() - used_at > _QUIET_AT_MOST for used_at in self._used_at.values()):
            self._close()
        host = urlsplit(str(request.url)).netloc
        was_open = host in self._used_at
        with self._lent_to(session):
            try:
                return self._sent(original, session, request, host, options)
            except requests.ConnectionError as error:
                if not was_open or not any(isinstance(cause, _CLOSED) for cause in causes(error)):
                    raise
            return self._sent(original, session, request, host, options)

    def _sent(
        self,
        original: Send,
        session: requests.Session,
        request: requests.PreparedRequest,
        host: str,
        options: dict[str, Any],
    ) -> requests.Response:
        self._used_at.pop(host, None)
        try:
            response = original(session, request, **options)
            # After a 1xx the real answer is still to come, and would pass for that to the next message.
            if response.status_code >= requests.codes.ok:
                self._used_at[host] = self._monotonic()
            return response
        finally:
            if host not in self._used_at:  # nobody knows what is left in a connection that broke in the middle
                self._close()

    @contextmanager
    def _lent_to(self, session: requests.Session) -> Iterator[None]:
        own = session.adapters
        session.adapters = OrderedDict[str, BaseAdapter](dict.fromkeys(own, self._adapter))
        try:
            yield
        finally:
            session.adapters = own

    def _close(self) -> None:
        self._adapter.close()
        self._used_at.clear()
