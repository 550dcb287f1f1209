"""A sink in a process of its own: it takes every POST, answers 200, and remembers when which alert came."""

import multiprocessing
import re
import selectors
import socket
import time
from multiprocessing.connection import Connection

ALERT = re.compile(rb"Alert (\d+)")
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Sink:
    """`sink.port`, `sink.arrivals()`: (seconds since 1970, alert) of everything that came, in order."""

    def __init__(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = listener.getsockname()[1]
        self._ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_serve, args=(listener, theirs), daemon=True)
        self._process.start()
        listener.close()

    def arrivals(self) -> list[tuple[float, int]]:
        self._ours.send("arrivals")
        return self._ours.recv()

    def wait_for(self, count: int, seconds: float = 120.0) -> list[tuple[float, int]]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            arrivals = self.arrivals()
            if len(arrivals) >= count:
                return arrivals
            time.sleep(0.02)
        raise RuntimeError(f"only {len(self.arrivals())} of {count} pages came within {seconds} s")

    def forget(self) -> None:
        self._ours.send("forget")
        self._ours.recv()

    def close(self) -> None:
        self._process.terminate()
        self._process.join()


def _serve(listener: socket.socket, questions: Connection) -> None:
    arrivals: list[tuple[float, int]] = []
    selector = selectors.DefaultSelector()
    listener.settimeout(0)
    selector.register(listener, selectors.EVENT_READ)
    selector.register(questions, selectors.EVENT_READ)
    buffers: dict[socket.socket, bytes] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is questions:
                if questions.recv() == "forget":
                    arrivals.clear()
                questions.send(arrivals)
            elif key.fileobj is listener:
                connection, _ = listener.accept()
                buffers[connection] = b""
                selector.register(connection, selectors.EVENT_READ)
            else:
                _read(key.fileobj, buffers, selector, arrivals)


def _read(
    connection: socket.socket,
    buffers: dict[socket.socket, bytes],
    selector: selectors.BaseSelector,
    arrivals: list[tuple[float, int]],
) -> None:
    try:
        data = connection.recv(65536)
    except ConnectionError:
        data = b""
    if not data:
        selector.unregister(connection)
        buffers.pop(connection)
        connection.close()
        return
    buffers[connection] += data
    head, found, body = buffers[connection].partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if found and length and len(body) >= int(length[1]):
        alert = ALERT.search(body)
        arrivals.append((time.time(), int(alert[1]) if alert else 0))
        buffers[connection] = b""
        connection.sendall(_ANSWER)
