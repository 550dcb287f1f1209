"""Is Rung ready, and when it is not: what is wrong, in words for whoever started it."""

import socket
from collections.abc import Iterator

from core.adapters.log_follower import last_lines
from core.adapters.supervision import Supervision, SupervisionError
from functions.commands._stack import Stack

_PROBE_SECONDS = 1.0
_SHOWN_LINES = 10
_ANSWER_BYTES = 4096


def probe(port: int) -> str:
    """Ask /readyz on this machine; give its whole answer, or "" when nobody answers."""
    # A bare socket, because an HTTP library would cost `rung up` 4 MB for one line of protocol.
    try:
        with socket.create_connection(("127.0.0.1", port), _PROBE_SECONDS) as connection:
            connection.sendall(b"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(_ANSWER_BYTES), b""))
    except OSError:
        return ""
    return answer.decode(errors="replace")


def is_ready(answer: str) -> bool:
    """Say whether an answer of `probe` is 200."""
    return answer.partition("\r\n")[0].split(" ")[1:2] == ["200"]


def what_is_wrong(stack: Stack, supervision: Supervision) -> Iterator[str]:
    """Give lines that say which process fails, with the end of its log, or what /readyz complains about."""
    failing = [name for name, state in _states(supervision).items() if state != "RUNNING"]
    for name in failing:
        yield f"{name} does not stay up. The last lines of {supervision.log(name)}:"
        yield from (f"    {line}" for line in last_lines(supervision.log(name), _SHOWN_LINES))
    if not failing:
        answer = probe(stack.settings.port)
        said = answer.partition("\r\n\r\n")[2].strip() or answer.partition("\r\n")[0] or "nothing"
        yield f"all processes run, but {stack.url}/readyz answers: {said}"


def _states(supervision: Supervision) -> dict[str, str]:
    try:
        return supervision.states()
    except SupervisionError as error:
        return {"supervisord": f"does not answer: {error}"}
