"""A light stand-in for `rung web`, `scheduler` or `worker`: notes its pid, environment and SIGHUPs."""

import json
import os
import signal
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

name = sys.argv[1]
notes = Path(os.environ["RUNG_DATA"]) / "notes"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        code, _, said = os.environ.get("FAKE_READY", "200").partition(" ")
        self.send_response(int(code), said)
        self.end_headers()

    def log_message(self, *words):
        pass


class QuickServer(ThreadingHTTPServer):
    def server_bind(self):  # the stock one looks up the host's name, which may take long
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.server_address


def note(what: str, text: str) -> None:
    half = notes / f".{name}.{what}"
    half.write_text(text)
    half.replace(notes / f"{name}.{what}")


def main() -> None:
    notes.mkdir(exist_ok=True)
    signal.signal(signal.SIGHUP, lambda *_: note("hup", str(os.getpid())))
    note("env", json.dumps(dict(os.environ)))
    server = QuickServer(("127.0.0.1", int(os.environ["PORT"])), Answer) if name == "web" else None
    if os.fork() == 0:  # a child of its own, as gunicorn has
        note("child", str(os.getpid()))
        while "FAKE_LOYAL" not in os.environ or os.getppid() != 1:
            time.sleep(0.05)
        os._exit(0)
    note("pid", str(os.getpid()))
    sys.stdout.write(f"{name} says hello\n")
    sys.stdout.flush()
    if server:
        server.serve_forever()
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
