"""A Twilio that is as strict as the real one: api.twilio.com over TLS, behind a proxy that leads nowhere else.

What it is sent has to be right in every field, or it is refused and the complaint kept. It then plays the phones: texts
that come back, keys that are pressed, and what became of each message, all signed.
"""

import base64
import json
import re
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.adapters.servers import HOST
from tests.conftest import wait_for
from tests.twilio_side import (
    ACCOUNT,
    AUTH_TOKEN,
    SENDER,
    Speech,
    answered,
    call_form,
    fields_of,
    heard,
    key_form,
    machine_form,
    sid,
    signed,
    text_form,
    text_status_form,
)

API = "api.twilio.com"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LONGEST_TEXT, _LONGEST_MARKUP = 1600, 4000
_OF_A_TEXT = {"From", "To", "Body"}
_OF_A_CALL = {"From", "To", "Twiml"}


@dataclass
class Sent:
    """A text or a call that Twilio took: its name, to whom, what it says, and where its status goes."""

    sid: str
    to: str
    body: str
    form: Mapping[str, str]
    speech: Speech | None = None


@dataclass
class TwilioServer:
    """Takes texts and calls, and plays whoever gets them. `public` is the address of Rung as Twilio knows it."""

    folder: Path
    public: str
    rung: str = ""  # where that address really leads
    texts: list[Sent] = field(default_factory=list)
    calls: list[Sent] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        self.certificate = _certificate(self.folder)
        self._server = _Proxy((HOST, 0), _Handler)
        self._server.twilio = self
        self._server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.tls.load_cert_chain(self.certificate)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to come here instead of to the real one."""
        return {
            "HTTPS_PROXY": f"http://{HOST}:{self._server.server_address[1]}",
            "https_proxy": f"http://{HOST}:{self._server.server_address[1]}",
            "NO_PROXY": "",
            "no_proxy": "",
            "REQUESTS_CA_BUNDLE": str(self.certificate),
        }

    # What a test sees

    def text_to(self, number: str, after: int = 0, seconds: float = 10) -> Sent:
        """Give the text to this number that comes after so many others."""
        return wait_for(lambda: _nth(self.texts, number, after), seconds, f"text {after + 1} to {number}")

    def call_to(self, number: str, after: int = 0, seconds: float = 10) -> Sent:
        """Give the call to this number that comes after so many others."""
        return wait_for(lambda: _nth(self.calls, number, after), seconds, f"call {after + 1} to {number}")

    # What phones do

    def reply(self, number: str, body: str) -> str:
        """Text back, and give what Rung answers to it."""
        answer = self._post(f"{self.public}/reply/sms", text_form(body, number))
        assert answer.headers["Content-Type"].startswith("text/xml")
        return answered(answer.text)

    def press(self, call: Sent, digit: str | None, keys_at: str = "") -> Speech:
        """Press a key in the call, or none, and give what is heard next."""
        assert call.speech is not None
        answer = self._post(keys_at or call.speech.keys_at, key_form(call.sid, call.to, digit))
        return heard(answer.text)

    def becomes(self, text: Sent, status: str, **fields: str) -> None:
        """Say what became of a text, as often as Twilio does on the way there."""
        for word in ("sent", status, status):
            form = text_status_form(text.sid, word, text.to, **(fields if word == status else {}))
            self._post(text.form["StatusCallback"], form, 204)

    def ends(self, call: Sent, status: str) -> None:
        """Say how a call ended."""
        form = call_form(call.sid, call.to, status, SequenceNumber="3", CallDuration="0")
        self._post(call.form["StatusCallback"], form, 204)

    def finds(self, call: Sent, who: str) -> None:
        """Say who picked up, while the call goes on."""
        self._post(call.form["AsyncAmdStatusCallback"], machine_form(call.sid, who), 204)

    def _post(self, url: str, form: Mapping[str, str], status: int = 200) -> requests.Response:
        assert url.startswith(self.public), f"Twilio cannot reach {url}"
        request = signed(url, form)
        answer = requests.post(
            self.rung + request.path, data=request.body, headers=request.headers, timeout=15, allow_redirects=False
        )
        assert answer.status_code == status, answer.text
        return answer

    # What the API takes

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        """Give status and body of the answer to a request."""
        found = re.fullmatch(r"/2010-04-01/Accounts/(\w+)/(Messages|Calls)\.json", path)
        if found is None:
            return self._refuse(404, 20404, f"nothing at {path}")
        if headers.get("Authorization") != _basic(found[1], AUTH_TOKEN) or found[1] != ACCOUNT:
            return self._refuse(401, 20003, "Authenticate")
        if headers.get("Content-Type") != "application/x-www-form-urlencoded":
            return self._refuse(400, 20001, f"not a form: {headers.get('Content-Type')}")
        form = fields_of(body)
        is_call = found[2] == "Calls"
        if form.get("To") in self.opted_out and not is_call:
            return 400, _error(400, 21610, "Attempt to send to unsubscribed recipient")
        if wrong := _wrong_call(form, self.public) if is_call else _wrong_text(form, self.public):
            return self._refuse(400, 20001, wrong)
        return 201, self._taken(form, is_call=is_call)

    def _taken(self, form: Mapping[str, str], *, is_call: bool) -> dict[str, Any]:
        name = sid("CA" if is_call else "SM")
        if is_call:
            self.calls.append(Sent(name, form["To"], form["Twiml"], form, heard(form["Twiml"])))
        else:
            self.texts.append(Sent(name, form["To"], form["Body"], form))
        return {"sid": name, "status": "queued", "to": form["To"], "from": form["From"], "error_code": None}

    def _refuse(self, status: int, code: int, words: str) -> tuple[int, dict[str, Any]]:
        self.complaints.append(words)
        return status, _error(status, code, words)


def _wrong_text(form: Mapping[str, str], public: str) -> str:
    if not form.get("Body") or len(form["Body"]) > _LONGEST_TEXT:
        return "Body is empty or too long"
    wanted = f"{public}/reply/sms/" if "StatusCallback" in form else ""
    return _wrong(form, _OF_A_TEXT, {"StatusCallback": wanted} if wanted else {})


def _wrong_call(form: Mapping[str, str], public: str) -> str:
    if len(form.get("Twiml", "")) > _LONGEST_MARKUP:
        return "Twiml is too long"
    speech = heard(form.get("Twiml", ""))
    if speech.keys_at and not speech.keys_at.startswith(f"{public}/reply/voice/"):
        return f"keys go to {speech.keys_at}"
    if "StatusCallback" not in form:
        return _wrong(form, _OF_A_CALL, {})
    wanted = f"{public}/reply/voice/"
    addresses = {"StatusCallback": wanted, "AsyncAmdStatusCallback": wanted, "MachineDetection": "Enable"}
    return _wrong(form, _OF_A_CALL, {**addresses, "AsyncAmd": "true"})


def _wrong(form: Mapping[str, str], needed: set[str], beginnings: Mapping[str, str]) -> str:
    if set(form) != needed | set(beginnings):
        return f"fields are {sorted(form)}"
    if form["From"] != SENDER or not _E164.fullmatch(form["To"]) or form["To"] == SENDER:
        return f"from {form['From']} to {form['To']}"
    bad = [name for name, beginning in beginnings.items() if not form[name].startswith(beginning)]
    return f"{bad} is {[form[name] for name in bad]}" if bad else ""


def _error(status: int, code: int, words: str) -> dict[str, Any]:
    return {"code": code, "message": words, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _nth(sent: list[Sent], number: str, after: int) -> Sent | None:
    found = [each for each in sent if each.to == number]
    return found[after] if len(found) > after else None


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    twilio: TwilioServer
    tls: ssl.SSLContext

    def handle_error(self, *_arguments: Any) -> None:
        """Stay quiet: a killed sender breaks its connection."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy

    def do_CONNECT(self) -> None:
        if self.path != f"{API}:443":
            self.server.twilio.complaints.append(f"somebody asked for {self.path}")
            self.send_error(403)
            return
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self.server.twilio.take(self.path, dict(self.headers), body)
        encoded = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, *_arguments: Any) -> None:
        """Stay quiet."""


def _certificate(folder: Path) -> Path:
    """Make a certificate for Twilio's name that nobody but the processes of this test believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, API)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(API)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "twilio.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
