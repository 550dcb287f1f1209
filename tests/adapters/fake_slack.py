"""Slack, played by a server of ours: it stands where a proxy would, and answers for slack.com and hooks.slack.com.

Nothing of the product knows of it: addresses, host names and TLS are the real ones. It takes only what Slack takes, and
a test fails at its end when it was sent anything else.
"""

import hashlib
import hmac
import html
import json
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlencode

from tests.adapters.servers import CERTIFICATES, HOST, Answer, tls_context
from tests.conftest import wait_for

BOT_TOKEN = "xoxb-1234567890-1234567890123-abcdefghijklmnop"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # the one that Slack publishes with its examples
HOOK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
_MOST_USES = 5  # of an address to answer at
_KEYS = {
    "header": {"type", "text"},
    "section": {"type", "text"},
    "actions": {"type", "block_id", "elements"},
    "button": {"type", "action_id", "value", "style", "url", "text"},
}
_ALIVE = re.compile(r"<[!@#h]")

Where = tuple[str, str]  # channel and ts


def signed(body: bytes, now: float, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers of a request that Slack sends at this time."""
    stamp = str(int(now))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


class InvalidError(Exception):
    """Slack would not take this; the text is its word for it."""


class FakeSlack:
    """`messages` as they stand now, `asked` each request as (host, path, body), `told` what one person alone is shown.

    `fails["chat.update"] = [Answer...]`: what the next calls are answered with instead.
    """

    def __init__(self) -> None:
        self.messages: dict[Where, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self.told: list[tuple[str, str]] = []
        self.fails: dict[str, list[Answer]] = defaultdict(list)
        self.complaints: list[str] = []
        self._hooks: dict[str, list[Any]] = {}  # path -> message, presser, uses left
        self._lock = threading.Lock()
        self._server = _Server((HOST, 0), _Handler)
        self._server.slack = self
        self.port: int = self._server.server_address[1]

    @property
    def environment(self) -> dict[str, str]:
        """What leads a process here that means to speak to Slack."""
        certificate = str(CERTIFICATES / "slack.pem")
        proxy = f"http://{HOST}:{self.port}"
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "REQUESTS_CA_BUNDLE": certificate,
            "SSL_CERT_FILE": certificate,
            "NO_PROXY": HOST,
            "no_proxy": HOST,
        }

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        if kind is None:
            assert self.complaints == []

    def calls(self, method: str) -> list[Any]:
        return [body for host, path, body in self.asked if (host, path) == ("slack.com", f"/api/{method}")]

    def said(self, where: Where) -> str:
        """What people read where this message stands, buttons in brackets."""
        return "\n".join(_lines(self.messages[where]))

    def last(self) -> Where:
        return max(self.messages, key=lambda where: where[1])

    def wait_until(self, condition: Any, what: str = "Slack hearing of it", seconds: float = 10.0) -> Any:
        return wait_for(condition, seconds, what)

    def pressed(self, where: Where, action: str, user: str) -> bytes:
        """The body that Slack sends when somebody presses a button of a message that stands there now."""
        [button] = [each for each in buttons(self.messages[where]) if each["action_id"] == action]
        payload = {
            "type": "block_actions",
            "user": {"id": user, "username": "somebody", "team_id": "T111"},
            "container": {"type": "message_attachment", "message_ts": where[1], "channel_id": where[0]},
            "channel": {"id": where[0], "name": "directmessage"},
            "message": {"ts": where[1], **self.messages[where]},
            "response_url": self.answer_at(where, user),
            "actions": [{**button, "block_id": "rung", "action_ts": "1774771195.194939"}],
        }
        return urlencode({"payload": json.dumps(payload)}).encode()

    def answer_at(self, where: Where, user: str) -> str:
        with self._lock:
            path = f"/actions/T111/{len(self._hooks) + 1}/secret{len(self._hooks):04}"
            self._hooks[path] = [where, user, _MOST_USES]
        return f"https://hooks.slack.com{path}"

    def takes(self, host: str, path: str, token: str, body: Any) -> Answer:
        with self._lock:
            self.asked.append((host, path, body))
            method = path.removeprefix("/api/")
            if self.fails[method]:
                return self.fails[method].pop(0)
            try:
                if host == "slack.com":
                    return self._api(method, token, body)
                return self._hook(path, body)
            except InvalidError as error:
                self.complaints.append(f"{host}{path}: {error}")
                return Answer.of({"ok": False, "error": str(error)}) if host == "slack.com" else Answer(400)

    def _api(self, method: str, token: str, body: dict[str, Any]) -> Answer:
        if token != f"Bearer {BOT_TOKEN}":
            return Answer.of({"ok": False, "error": "invalid_auth"})
        if method == "chat.postMessage":
            where = self.posted(_channel(body["channel"]), body)
        elif method == "chat.update":
            where = body["channel"], body["ts"]
            if where not in self.messages:
                return Answer.of({"ok": False, "error": "message_not_found"})
            _check(body, {"channel", "ts", "text", "attachments"})
            self.messages[where] = body
        else:
            raise InvalidError("unknown_method")
        return Answer.of({"ok": True, "channel": where[0], "ts": where[1]})

    def posted(self, channel: str, body: dict[str, Any]) -> Where:
        """Have a message stand there, as if it had been sent."""
        _check(body, {"channel", "username", "text", "attachments", "thread_ts", "mrkdwn", "icon_url"})
        where = channel, f"1774771100.{len(self.messages) + 200:06}"
        self.messages[where] = body
        return where

    def _hook(self, path: str, body: dict[str, Any]) -> Answer:
        if path == f"/services/{HOOK}":
            self.posted("C0HOOK", body)
            return Answer(200, b"ok", {"Content-Type": "text/html"})
        if path not in self._hooks or self._hooks[path][2] == 0:
            return Answer(404, b"expired_url")
        self._hooks[path][2] -= 1
        where, user, _ = self._hooks[path]
        _check(body, {"replace_original", "response_type", "text", "attachments", "mrkdwn"})
        if body.get("replace_original"):
            self.messages[where] = body
        elif body.get("response_type") == "ephemeral":
            self.told.append((user, "\n".join(_lines(body))))
        else:
            raise InvalidError("said to everybody, which nobody asked for")
        return Answer(200, b"ok")


def buttons(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        element
        for attachment in message.get("attachments", ())
        for block in attachment.get("blocks", ())
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def _lines(message: Mapping[str, Any]) -> list[str]:
    lines = [message["text"]] if message.get("text") else []
    for attachment in message.get("attachments", ()):
        lines += [attachment[name] for name in ("title", "text") if attachment.get(name)]
        lines += [block["text"]["text"] for block in attachment.get("blocks", ()) if "text" in block]
    return [*map(html.unescape, lines), *(f"[{each['text']['text']}]" for each in buttons(message))]


def _channel(name: str) -> str:
    if re.fullmatch(r"[UW][A-Z0-9]+", name):
        return f"D{name[1:]}"
    if re.fullmatch(r"[CDG][A-Z0-9]+", name):
        return name
    if re.fullmatch(r"#[a-z0-9_-]+", name):
        return f"C0{name[1:].upper()}"
    raise InvalidError("channel_not_found")


def _check(message: Mapping[str, Any], known: set[str]) -> None:
    _demand(set(message) <= known, "invalid_arguments")
    _demand(bool(message.get("text") or message.get("attachments")), "no_text")
    _demand(len(message.get("text") or "") <= 40_000, "msg_too_long")
    for attachment in message.get("attachments", ()):
        _demand(bool(attachment.get("fallback") or attachment.get("text")), "no_text")
        _demand(len(attachment.get("blocks", ())) <= 50, "invalid_blocks")
        for block in attachment.get("blocks", ()):
            _check_block(block)
    _demand(not any(_ALIVE.search(text) for text in _texts(message)), "a mention or a link came alive")


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def _check_block(block: Mapping[str, Any]) -> None:
    _demand(set(block) <= _KEYS.get(block["type"], set()), "invalid_blocks")
    if block["type"] == "header":
        _check_plain(block["text"], 150)
        _demand("\n" not in block["text"]["text"], "invalid_blocks")
    elif block["type"] == "section":
        _check_plain(block["text"], 3000)
    else:
        _demand(1 <= len(block["elements"]) <= 5 and len(block["block_id"]) <= 255, "invalid_blocks")
        names = [element["action_id"] for element in block["elements"]]
        _demand(len(set(names)) == len(names), "invalid_blocks")
        for element in block["elements"]:
            _check_button(element)


def _check_button(button: Mapping[str, Any]) -> None:
    _demand(button["type"] == "button" and set(button) <= _KEYS["button"], "invalid_blocks")
    _check_plain(button["text"], 75)
    _demand(0 < len(button["action_id"]) <= 255 and len(button.get("value", "")) <= 2000, "invalid_blocks")
    _demand(button.get("style", "primary") in {"primary", "danger"}, "invalid_blocks")
    _demand(re.fullmatch(r"https?://\S{1,2990}", button.get("url", "https://x")) is not None, "invalid_blocks")


def _check_plain(text: Mapping[str, Any], most: int) -> None:
    _demand(set(text) <= {"type", "text", "emoji"} and text["type"] == "plain_text", "invalid_blocks")
    _demand(1 <= len(text["text"].encode("utf-16-le")) // 2 <= most, "invalid_blocks")


def _demand(condition: bool, word: str) -> None:
    if not condition:
        raise InvalidError(word)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    slack: FakeSlack

    def handle_error(self, *_arguments: Any) -> None:
        """Stay quiet: whoever asks may be killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    host = ""

    def do_CONNECT(self) -> None:
        self.host = self.path.partition(":")[0]
        self.send_response(200)
        self.end_headers()
        self.connection = tls_context("slack").wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.slack.takes(self.host, self.path, self.headers.get("Authorization", ""), body)
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, *_arguments: Any) -> None:
        """Stay quiet."""
