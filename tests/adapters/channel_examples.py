"""The examples in the comments of config/channels.yaml, and each kind's provider played by a local server."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from apprise.manager_plugins import NotificationManager

from core.channel_text import render_url
from tests.adapters.servers import CERTIFICATES, HOST, Answer, HttpSink, Request

FILE = Path(__file__).parents[2] / "config" / "channels.yaml"
_TEXT = FILE.read_text()
URLS = {name.lower(): url for name, url in re.findall(r"# RUNG_([A-Z]+)_URL='(.+)'", _TEXT)}
CONTACTS: dict[str, str] = dict(re.findall(r'# people: ([a-z]+): "(.+)"', _TEXT))

# Where a credential has a form that Apprise insists on.
_CREDENTIALS = {"ACCOUNT_SID": "AC" + "a" * 32, "AUTH_TOKEN": "b" * 32}

# Attributes of Apprise's plugins that hold a fixed address of the provider.
_FIXED_ADDRESSES = {
    "slack": ("slack", "api_url", "/api/{}"),
    "sms": ("twilio", "notify_sms_url", "/Accounts/{sid}/Messages.json"),
    "phone": ("twilio", "notify_call_url", "/Accounts/{sid}/Calls.json"),
    "telegram": ("tgram", "notify_url", "/bot"),
    "discord": ("discord", "notify_url", "/api/webhooks"),
    "pushover": ("pover", "notify_url", "/1/messages.json"),
}
_HOSTS_IN_URLS = re.compile(r"(?<=[/@])(?:[A-Za-z]+\.)+example\.com(?::[0-9]+)?")


def uncommented() -> str:
    """Give the file as an operator has it who wants every channel."""
    return re.sub(r"^  # ((?:[a-z]+:|  (?:url|quiet|kind): .*)$)", r"  \1", _TEXT, flags=re.MULTILINE)


def credentialed(kind: str) -> str:
    """Give the example's URL with credentials of the right form; placeholders are still in it."""
    url = URLS[kind]
    for name, value in _CREDENTIALS.items():
        url = url.replace(name, value)
    return url


def example(kind: str, contacts: Mapping[str, str] = CONTACTS) -> str:
    """Give the example's URL as it is sent to."""
    return render_url(credentialed(kind), contacts)


@contextmanager
def provider(kind: str, answer: Answer, monkeypatch) -> Iterator[tuple[HttpSink, str]]:
    """Play the provider: give the sink, and the example's URL, which leads there."""
    if kind == "teams":  # it speaks TLS and nothing else
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATES / "valid.pem"))
    with HttpSink(answer, certificate="valid" if kind == "teams" else None) as sink:
        yield sink, _leading_to(sink, kind, monkeypatch)


def _leading_to(sink: HttpSink, kind: str, monkeypatch) -> str:
    if kind in _FIXED_ADDRESSES:
        scheme, attribute, path = _FIXED_ADDRESSES[kind]
        monkeypatch.setattr(NotificationManager()[scheme], attribute, f"http://{HOST}:{sink.port}{path}")
        return example(kind)
    url = _HOSTS_IN_URLS.sub(f"{HOST}:{sink.port}", example(kind), count=1)
    return re.sub(r"^(ntfy|gotify|matrix|json)s://", r"\1://", url)


class Seen(NamedTuple):
    """What a provider was told: who is to get it, and the text as it will be read."""

    recipient: str
    text: str


def seen(kind: str, requests: list[Request]) -> Seen:
    """Read what the provider was sent."""
    return _READERS[kind](requests[-1])


def _form(request: Request) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(request.body.decode()).items()}


def _titled(recipient: str, body: Mapping[str, str]) -> Seen:
    return Seen(recipient, f"{body['title']}\n{body['message']}")


def _slack(request: Request) -> Seen:
    [attachment] = request.json()["attachments"]
    return Seen(request.json()["channel"], html.unescape(f"{attachment['title']}\n{attachment['text']}"))


def _telegram(request: Request) -> Seen:
    body = request.json()
    return Seen(str(body["chat_id"]), html.unescape(re.sub(r"</?b>", "", body["text"])))


def _discord(request: Request) -> Seen:
    text, _, mention = request.json()["content"].rpartition("\n")
    return Seen(mention, text)


def _teams(request: Request) -> Seen:
    [card] = request.json()["attachments"]
    blocks = [block["text"] for block in card["content"]["body"] if block["type"] == "TextBlock"]
    return Seen("", "\n".join(blocks))


_READERS: Mapping[str, Callable[[Request], Seen]] = {
    "slack": _slack,
    "sms": lambda request: Seen(_form(request)["To"], _form(request)["Body"]),
    "phone": lambda request: Seen(_form(request)["To"], html.unescape(_form(request)["Twiml"])),
    "ntfy": lambda request: _titled(request.json()["topic"], request.json()),
    "telegram": _telegram,
    "discord": _discord,
    "teams": _teams,
    "pushover": lambda request: _titled(_form(request)["user"], _form(request)),
    "gotify": lambda request: _titled(request.headers["X-Gotify-Key"], request.json()),
    "matrix": lambda request: Seen(unquote(request.path.split("/")[5]), request.json()["body"]),
    "signal": lambda request: Seen(request.json()["recipients"][0], request.json()["message"]),
    "webhook": lambda request: _titled(request.json()["responder"], request.json()),
}
