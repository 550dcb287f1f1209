"""Real servers on 127.0.0.1 that take messages, or fail in the ways providers fail; context managers all."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mail  # noqa: TC003 - beside its sibling
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

HOST = "127.0.0.1"
CERTIFICATES = Path(__file__).parents[1] / "fixtures" / "tls"
_ENOUGH_FOR_EVERY_DEADLINE = 60.0


@dataclass(frozen=True)
class Request:
    """One request as the sink saw it; `at` is the monotonic clock in seconds."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What a sink answers with."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object, status: int = 200, **headers: str) -> "Answer":
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


# What a sink does with a request: it gives what to answer, or has dealt with it in its own way.
Behaviour = Callable[["_Handler"], Answer | None]


def hang(handler: "_Handler") -> None:
    """Take the request and say nothing until the sink closes."""
    handler.sink.closing.wait(_ENOUGH_FOR_EVERY_DEADLINE)
    handler.close_connection = True


def trickle(handler: "_Handler") -> None:
    """Answer a byte at a time: no timeout on a socket ever fires."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.sink.closing.wait(0.05):
        handler.wfile.write(b"x")
    handler.close_connection = True


def reset(handler: "_Handler") -> None:
    """Drop the connection with a TCP reset."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.close_connection = True
    handler.connection.close()


def tls_context(certificate: str) -> ssl.SSLContext:
    """Give what a server needs to speak TLS with this certificate: valid or expired."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    return context


class HttpSink:
    """Takes any request and records it. `behaviour` says how to answer: an Answer, hang, trickle, reset, your own.

    With the name of a certificate it speaks TLS.
    """

    def __init__(self, behaviour: Answer | Behaviour | None = None, certificate: str | None = None) -> None:
        self.behaviour = behaviour or Answer()
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._server = _Server((HOST, 0), _Handler)
        self._server.sink = self
        if certificate:
            self._server.socket = tls_context(certificate).wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, scheme: str = "json", path: str = "", user: str = "") -> str:
        return f"{scheme}://{user and user + '@'}{HOST}:{self.port}/{path}"

    def wait_for(self, count: int, seconds: float = 5.0) -> list[Request]:
        """Give the requests as soon as there are so many; AssertionError when there are not in time."""
        until = time.monotonic() + seconds
        while len(self.requests) < count:
            assert time.monotonic() < until, f"{len(self.requests)} of {count} requests after {seconds:g} s"
            time.sleep(0.005)
        return list(self.requests)


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True
    sink: HttpSink

    def handle_error(self, *_arguments: Any) -> None:
        """Stay quiet: a killed sender breaks its connection, and that is the point of it."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    taken: Request

    @property
    def sink(self) -> HttpSink:
        return self.server.sink

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.taken = Request(self.command, self.path, dict(self.headers), body, time.monotonic())
        self.sink.requests.append(self.taken)
        behaviour = self.sink.behaviour
        answer = behaviour if isinstance(behaviour, Answer) else behaviour(self)
        if answer is not None:
            self._answer(answer)

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = handle_any  # noqa: N815 - http.server wants these names

    def log_message(self, *_arguments: Any) -> None:
        """Stay quiet."""


@contextmanager
def refusing_port() -> Iterator[int]:
    """Give a port nobody listens on; it is bound, so that nobody else can take it meanwhile."""
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        yield bound.getsockname()[1]


class SmtpSink:
    """A mail server that keeps what it gets; a wrong password and `refused` recipients get SMTP codes.

    A `data_answer` of nothing drops the connection once the mail is there. With the name of a certificate it offers
    STARTTLS.
    """

    def __init__(
        self,
        password: str = "secret",
        refused: Mapping[str, str] | None = None,
        sender_answer: str = "250 OK",
        data_answer: str = "250 OK",
        certificate: str | None = None,
    ) -> None:
        self.mails: list[Mail] = []
        self.recipients: list[str] = []
        self.logins = 0
        self._password = password
        self._refused = refused or {}
        self._sender_answer = sender_answer
        self._data_answer = data_answer
        self._controller = Controller(
            self,
            HOST,
            0,
            authenticator=self._authenticate,
            auth_require_tls=False,
            ready_timeout=10,
            tls_context=tls_context(certificate) if certificate else None,
        )

    @property
    def port(self) -> int:
        return self._controller.port

    def url(self, to: str, user: str = "rung", password: str = "secret", scheme: str = "mailto") -> str:
        return f"{scheme}://{user}:{password}@{HOST}:{self.port}?from=rung@example.com&to={to}"

    def __enter__(self) -> Self:
        with socket.socket() as probe:
            # aiosmtpd tests its own start by connecting to the port it was given, so 0 will not do.
            probe.bind((HOST, 0))
            self._controller.port = probe.getsockname()[1]
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    def _authenticate(self, _server, _session, _envelope, _mechanism, login) -> AuthResult:
        self.logins += 1
        return AuthResult(success=login.password.decode() == self._password, handled=False)

    async def handle_MAIL(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's name
        if self._sender_answer.startswith("250"):
            envelope.mail_from = address
        return self._sender_answer

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's name
        if address in self._refused:
            return self._refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if not self._data_answer:
            server.transport.abort()
        if self._data_answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content))
            self.recipients += envelope.rcpt_tos
        return self._data_answer


class GreetingServer:
    """Says one thing to whoever comes first, and hangs up."""

    def __init__(self, greeting: bytes) -> None:
        self._greeting = greeting

    def __enter__(self) -> Self:
        self._socket = socket.create_server((HOST, 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._greet, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.join(_ENOUGH_FOR_EVERY_DEADLINE)
        self._socket.close()

    def _greet(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            connection.sendall(self._greeting)


class SilentServer:
    """Accepts connections and never says a word."""

    def __enter__(self) -> Self:
        self._socket = socket.create_server((HOST, 0))
        self.port: int = self._socket.getsockname()[1]
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()
