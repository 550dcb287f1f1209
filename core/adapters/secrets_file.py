"""Secrets: made once, kept in RUNG_DATA/secrets.json for its owner only. The environment wins over the file.

Links in messages that went out are signed with the secret key, so it must be the same after every restart.
Two processes that start at once must end up with the same one: the folder is locked while the file is made.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from core.adapters.settings import Settings

_FILE_NAME = "secrets.json"
_BYTES = 32


class SecretsError(Exception):
    """The secrets can be neither read nor made. The message says what to do and holds none of them."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What signs links, opens the API, and lets the built-in sources in."""

    secret_key: str = field(repr=False)
    api_token: str = field(repr=False)
    source_token: str = field(repr=False)


_NAMES = tuple(each.name for each in fields(Secrets))


def load_secrets(settings: Settings) -> Secrets:
    """Give the secrets, making and keeping those that neither the environment nor the file has."""
    given = {name: value for name in _NAMES if (value := getattr(settings, name)) is not None}
    if len(given) == len(_NAMES):
        return Secrets(**given)
    return Secrets(**{**_kept(settings.data), **given})


def known_secret_key(settings: Settings) -> str | None:
    """Give the secret key when there is one already. Nothing is made. Raises SecretsError for a damaged file."""
    return settings.secret_key or _read(settings.data / _FILE_NAME).get("secret_key")


def write_private(path: Path, text: str) -> None:
    """Put text at path in one step, readable by its owner only; a crash leaves the old or the new, whole."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.unlink(missing_ok=True)  # left by a process of the same number that was killed in the middle
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _kept(data: Path) -> dict[str, str]:
    path = data / _FILE_NAME
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(data):
            found = _read(path)
            if all(name in found for name in _NAMES):
                return found
            whole = {**asdict(_fresh()), **found}
            write_private(path, json.dumps(whole, indent=2) + "\n")
            return whole
    except OSError as error:
        raise SecretsError(
            f"cannot keep secrets in {data}: {error.strerror}; make the folder writable or point RUNG_DATA "
            "at one that is"
        ) from error


def _fresh() -> Secrets:
    return Secrets(*(secrets.token_urlsafe(_BYTES) for _ in _NAMES))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise _unusable(path) from None  # the cause would quote the file
    if not isinstance(found, dict) or not all(isinstance(found.get(name, "-"), str) for name in _NAMES):
        raise _unusable(path)
    return {name: found[name] for name in _NAMES if found.get(name)}


def _unusable(path: Path) -> SecretsError:
    return SecretsError(
        f"{path} is damaged; put it back from a backup, or delete it and new secrets are made "
        "(then tokens change and links in messages already sent stop working)"
    )
