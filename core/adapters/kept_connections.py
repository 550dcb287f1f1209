"""Connections to providers, kept open from one send to the next: a TLS handshake takes longer than the message.

Apprise opens a session for each message. It is lent these connections for the time of the request and gets its own
back, so that closing it closes nothing of ours.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

# Well below what servers and proxies allow a quiet connection. One that they close just as we use it costs a retry.
_QUIET_AT_MOST = 15.0  # seconds


class KeptConnections:
    """Those of one process, which sends one message at a time. `monotonic` gives seconds that never go back."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._adapter = HTTPAdapter()
        self._used_at = monotonic()

    @contextmanager
    def lent_to(self, session: requests.Session) -> Iterator[None]:
        """Let the session use them inside the block; one with adapters of its own kind keeps those."""
        own = session.adapters
        if any(type(adapter) is not HTTPAdapter for adapter in own.values()):
            yield
            return
        if self._monotonic() - self._used_at > _QUIET_AT_MOST:
            self._adapter.close()
        session.adapters = OrderedDict[str, BaseAdapter](dict.fromkeys(own, self._adapter))
        try:
            yield
        finally:
            session.adapters = own
            self._used_at = self._monotonic()
