"""Where every Signal is made, so that its limits hold whoever sent it.

A title is one line, a dedup key is printable, a link has a host, and no text holds control characters or
half a character: they would break a terminal, a phone or the store later.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from core.signals import Signal, SignalStatus
from core.sources.fields import as_text

MAX_TITLE = 300
MAX_DESCRIPTION = 20_000
MAX_KEY = 255
MAX_SEVERITY = 100
MAX_LINK = 2000
MAX_LABELS = 100
MAX_LABEL_NAME = 200
MAX_LABEL_VALUE = 500

_HASH_DIGITS = 24
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
# What browsers and chat channels read differently is no address: a backslash, quotes, angle brackets.
_ADDRESS = re.compile(r'https?://[^\s\\<>"]+', re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def make(
    status: SignalStatus,
    key: str,
    title: str,
    *,
    severity: str = "",
    description: str = "",
    links: Iterable[Any] = (),
    labels: Mapping[str, Any] | None = None,
) -> Signal:
    """Give a signal within the limits. The first of `links` that a person can open is its link."""
    shown = one_line(title, MAX_TITLE)
    body = _many_lines(description)
    return Signal(
        status=status,
        dedup_key=printable_key(key),
        title=shown or one_line(key, MAX_TITLE) or "Alert without a title",
        severity=one_line(severity, MAX_SEVERITY) or None,
        description="" if body == shown else body,
        link=next(filter(None, map(safe_link, links)), None),
        labels=_labels(labels or {}),
    )


def one_line(text: str, limit: int) -> str:
    """Give a text on one line, without control characters, at most `limit` characters."""
    return _cut(" ".join(_clean(text).split()), limit)


def short_hash(*parts: str) -> str:
    """Give a short hex name for what identifies an alert; other parts give another name."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw) + raw)
    return digest.hexdigest()[:_HASH_DIGITS]


def printable_key(key: str) -> str:
    """Give a dedup key that can be shown and is not too long: the text itself, or a hash of it."""
    key = key.strip()
    return key if key and len(key) <= MAX_KEY and key.isprintable() else short_hash(key)


def safe_link(value: Any) -> str | None:
    """Give an http(s) address with a host, without any password in it; None for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    if not _ADDRESS.fullmatch(text) or not text.isprintable() or len(text) > MAX_LINK:
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if host else None


def _labels(labels: Mapping[str, Any]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in labels.items():
        if len(kept) == MAX_LABELS:
            break
        shown = one_line(name, MAX_LABEL_NAME)
        if shown and value is not None:
            kept[shown] = _cut(_clean(as_text(value)).strip(), MAX_LABEL_VALUE)
    return kept


def _many_lines(text: str) -> str:
    return _cut(_clean(text.replace("\r\n", "\n")).strip(), MAX_DESCRIPTION)


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub(" ", _HALF_CHARACTERS.sub("\ufffd", text))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
