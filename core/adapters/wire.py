"""What really went over the wire while Apprise sent: it reports success for things it never sent.

`watch()` wraps requests and smtplib once per process; whoever sends inside `recording()` gets every exchange.
Outside of it the wrapped libraries behave as before.
"""

import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from types import MappingProxyType
from typing import Any, NamedTuple

import requests

from core.adapters.added_fields import add_fields
from core.adapters.kept_connections import KeptConnections
from core.adapters.wire_reading import Exchange, broken_http, broken_smtp, http_answer, smtp_refusals

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 10.0

_connections = KeptConnections()
_exchanges: ContextVar[list[Exchange] | None] = ContextVar("rung_exchanges", default=None)
_added: ContextVar[Mapping[str, Any]] = ContextVar("rung_added", default=MappingProxyType({}))


@contextmanager
def recording(added: Mapping[str, Any] = _added.get()) -> Iterator[list[Exchange]]:
    """Give a list that fills with what goes over the wire until the end of the block.

    `added` are fields for the form or JSON object that a POST carries, beside those that Apprise puts there.
    """
    exchanges: list[Exchange] = []
    tokens = _exchanges.set(exchanges), _added.set(added)
    try:
        yield exchanges
    finally:
        _exchanges.reset(tokens[0])
        _added.reset(tokens[1])


def watch() -> None:
    """Wrap what is to be observed. Doing it again changes nothing."""
    for owner, name, wrapper in _WATCHED:
        original = getattr(owner, name)
        if not hasattr(original, "__wrapped__"):
            setattr(owner, name, wrapper(original))


def _watched_http(original: Callable[..., requests.Response]) -> Callable[..., requests.Response]:
    @wraps(original)
    def send(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        exchanges = _exchanges.get()
        if exchanges is None:
            return original(session, request, **options)
        if any(exchange.is_rate_limited for exchange in exchanges):
            # Discord and Matrix would ask again at once.
            raise requests.ConnectionError("the provider has asked for patience")
        if added := _added.get():
            add_fields(request, added)
        options |= {"timeout": (CONNECT_TIMEOUT, READ_TIMEOUT), "allow_redirects": False}
        try:
            response = _connections.send(original, session, request, **options)
        except requests.RequestException as error:
            exchanges.append(broken_http(error))
            raise
        exchanges.append(http_answer(response))
        return response

    return send


def _watched_smtp(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def step(*arguments: Any, **options: Any) -> Any:
        exchanges = _exchanges.get()
        if exchanges is None:
            return original(*arguments, **options)
        try:
            return original(*arguments, **options)
        except OSError as error:
            exchanges.append(broken_smtp(error))
            raise

    return step


def _watched_smtp_delivery(original: Callable[..., Any]) -> Callable[..., Any]:
    inner = _watched_smtp(original)

    @wraps(original)
    def sendmail(*arguments: Any, **options: Any) -> Any:
        refused = inner(*arguments, **options)
        exchanges = _exchanges.get()
        if exchanges is not None:
            exchanges.append(smtp_refusals(refused) if refused else Exchange(delivered=True))
        return refused

    return sendmail


class _Watched(NamedTuple):
    owner: type
    name: str
    wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]


_WATCHED = (
    _Watched(requests.Session, "send", _watched_http),
    _Watched(smtplib.SMTP, "__init__", _watched_smtp),
    _Watched(smtplib.SMTP, "starttls", _watched_smtp),
    _Watched(smtplib.SMTP, "login", _watched_smtp),
    _Watched(smtplib.SMTP, "sendmail", _watched_smtp_delivery),
)
