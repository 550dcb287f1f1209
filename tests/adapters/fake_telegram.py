"""Telegram, played by a server of ours: it stands where a proxy would, and answers for api.telegram.org.

Nothing of the product knows of it: addresses, host names and TLS are the real ones. It takes only what Telegram takes,
and a test fails at its end when it was sent anything else.
"""

import html
import json
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.adapters.servers import CERTIFICATES, HOST, Answer, tls_context

BOT_TOKEN = "123456789:AAfake-token-of-the-tests_0123456789"
API = "api.telegram.org"
_LONGEST = 4096
_MOST_DATA = 64  # bytes
_NEEDED = {"sendMessage": {"chat_id", "text"}, "editMessageText": {"chat_id", "message_id", "text"}}
_KNOWN = {
    *{"chat_id", "text", "parse_mode", "disable_notification", "disable_web_page_preview", "link_preview_options"},
    *{"reply_markup", "message_id", "message_thread_id"},
}
_TAGS = re.compile(r"</?(?:b|i|u|s|a|code|pre|em|strong)(?: href=\"[^\"]*\")?>")

Where = tuple[int, int]  # chat and number


class InvalidError(Exception):
    """Telegram would not take this; the text is its description."""


class FakeTelegram:
    """`messages` as they stand now: what people read, and the data behind each button; `calls` of each method.

    `fails["editMessageText"] = [Answer...]`: what the next calls are answered with instead.
    """

    def __init__(self) -> None:
        self.messages: dict[Where, dict[str, Any]] = {}
        self.calls: list[tuple[str, Any]] = []
        self.fails: dict[str, list[Answer]] = defaultdict(list)
        self.complaints: list[str] = []
        self._lock = threading.Lock()
        self._server = _Server((HOST, 0), _Handler)
        self._server.telegram = self

    @property
    def environment(self) -> dict[str, str]:
        """What leads a process here that means to speak to Telegram."""
        proxy = f"http://{HOST}:{self._server.server_address[1]}"
        certificate = str(CERTIFICATES / "telegram.pem")
        leads = {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": HOST, "no_proxy": HOST}
        return {**leads, "REQUESTS_CA_BUNDLE": certificate}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        if kind is None:
            assert self.complaints == []

    def in_chat(self, chat: int, word: str) -> Where | None:
        """Where a message with this word stands, the last one."""
        found = [where for where, each in self.messages.items() if where[0] == chat and word in each["text"]]
        return max(found, default=None)

    def takes(self, host: str, path: str, body: Mapping[str, Any]) -> Answer:
        method = path.rpartition("/")[2]
        with self._lock:
            self.calls.append((method, body))
            if self.fails[method]:
                return self.fails[method].pop(0)
            if (host, path) != (f"{API}:443", f"/bot{BOT_TOKEN}/{method}"):
                return Answer.of({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
            try:
                return Answer.of({"ok": True, "result": self._done(method, body)})
            except InvalidError as error:
                self.complaints.append(f"{method}: {error}")
                return Answer.of({"ok": False, "error_code": 400, "description": f"Bad Request: {error}"}, 400)

    def _done(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        _demand(method in _NEEDED, "no such method")
        _demand(_NEEDED[method] <= set(body) <= _KNOWN, f"fields {sorted(body)}")
        text = _plain(body["text"]) if body.get("parse_mode") == "HTML" else body["text"]
        _demand(0 < len(text) <= _LONGEST, "message is too long or empty")
        _demand(body.get("parse_mode", "HTML") == "HTML", "another parse_mode than expected")
        message = {"text": text, "buttons": _buttons(body.get("reply_markup"))}
        where = (int(body["chat_id"]), body.get("message_id") or 173 + len(self.messages))
        if method == "editMessageText":
            _demand(where in self.messages, "message to edit not found")
            if self.messages[where] == message:
                raise InvalidError("message is not modified")
        self.messages[where] = message
        return {"message_id": where[1], "chat": {"id": where[0], "type": "private"}, "date": 1774771100, "text": text}


def _plain(text: str) -> str:
    bare = _TAGS.sub("", text)
    _demand("<" not in bare and ">" not in bare, "can't parse entities")
    return html.unescape(bare)


def _buttons(markup: Any) -> dict[str, str]:
    if markup is None:
        return {}
    _demand(isinstance(markup, dict) and set(markup) == {"inline_keyboard"}, "reply_markup is no keyboard")
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    for button in buttons:
        _demand(set(button) == {"text", "callback_data"} and bool(button["text"]), "a button is wrong")
        _demand(1 <= len(button["callback_data"].encode()) <= _MOST_DATA, "BUTTON_DATA_INVALID")
    return {button["text"]: button["callback_data"] for button in buttons}


def _demand(condition: bool, word: str) -> None:
    if not condition:
        raise InvalidError(word)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    telegram: FakeTelegram

    def handle_error(self, *_arguments: Any) -> None:
        """Stay quiet: whoever asks may be killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    host = ""

    def do_CONNECT(self) -> None:
        self.host = self.path
        self.send_response(200)
        self.end_headers()
        self.connection = tls_context("telegram").wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.telegram.takes(self.host, self.path, body)
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, *_arguments: Any) -> None:
        """Stay quiet."""
