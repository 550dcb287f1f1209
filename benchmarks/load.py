"""A load of prepared HTTP requests over kept-alive connections, from a process of its own; small enough not to be
what is measured.
"""

import multiprocessing
import selectors
import socket
import time
from collections.abc import Callable, Sequence

Requests = Sequence[bytes]


def request(path: str, body: bytes = b"", token: str = "") -> bytes:
    """Give the bytes of one request: GET without a body, POST with one."""
    head = [
        f"{'POST' if body else 'GET'} {path} HTTP/1.1",
        "Host: bench",
        f"Content-Length: {len(body)}",
        "Content-Type: application/json",
    ]
    if token:
        head.append(f"Authorization: Bearer {token}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def rate(port: int, make: Callable[[int], Requests], count: int, connections: int = 16) -> float:
    """Give how many of these requests per second are answered 2xx; any other answer is an error."""
    answers: multiprocessing.Queue[float | str] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_run, args=(port, make(count), connections, answers))
    process.start()
    took = answers.get(timeout=300)
    process.join()
    if isinstance(took, str):
        raise RuntimeError(took)  # noqa: TRY004 - an error of the other process, told as text
    return count / took


def _run(port: int, requests: Requests, connections: int, answers: "multiprocessing.Queue[float | str]") -> None:
    try:
        answers.put(_send_all(port, requests, connections))
    except Exception as error:  # noqa: BLE001 - whatever it is must reach the process that waits
        answers.put(f"{type(error).__name__}: {error}")


def _send_all(port: int, requests: Requests, connections: int) -> float:
    waiting = iter(requests)
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if (first := next(waiting, None)) is not None:
            connection.sendall(first)
            selector.register(connection, selectors.EVENT_READ)
    under_way = len(selector.get_map())
    while under_way:
        for key, _ in selector.select(60):
            connection = key.fileobj
            _check(_answer(connection))
            following = next(waiting, None)
            if following is None:
                selector.unregister(connection)
                connection.close()
                under_way -= 1
            else:
                connection.sendall(following)
    return time.perf_counter() - began


def _answer(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length"))
    while len(body) < length:
        body += connection.recv(65536)
    return head


def _check(head: bytes) -> None:
    status = head.split(b" ", 2)[1]
    if not status.startswith(b"2"):
        raise RuntimeError(f"answered {status.decode()}")
