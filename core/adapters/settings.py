"""Settings: what the environment says, checked once at the start of a process. Nothing else reads it.

An empty variable counts as one that is not set, because compose files and CI pass unset ones as "".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]  # the repository: the folder that holds the `core` package
DEFAULT_REDIS_URL = "redis://127.0.0.1:6379/0"
DEFAULT_PORT = 8080

_LEAST_KEY_LENGTH = 16
_LEAST_TOKEN_LENGTH = 8
_HIGHEST_PORT = 65535
_REDIS_SCHEMES = ("redis", "rediss", "unix")


class SettingsError(ValueError):
    """An environment variable cannot be used. The message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment, understood. What may hold a secret is kept out of the repr."""

    port: int
    config: Path
    config_base: Path  # where relative paths in config begin; `rung up` hands its processes a copy of the folder
    data: Path
    public_url: str
    redis_url: str = field(repr=False)  # may carry a password
    redis_is_given: bool = False  # REDIS_URL was set, so `rung up` starts no server of its own
    secret_key: str | None = field(default=None, repr=False)
    api_token: str | None = field(default=None, repr=False)
    source_token: str | None = field(default=None, repr=False)
    proxies: int = 0  # how many of the operator's own stand in front, each adding to X-Forwarded-For

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read REDIS_URL, PORT and the RUNG_ variables; raise SettingsError for what cannot be used."""
        port = _port(env.get("PORT"))
        redis_url = env.get("REDIS_URL")
        config, config_base = config_folders(env)
        return cls(
            port=port,
            config=config,
            config_base=config_base,
            data=_folder(env.get("RUNG_DATA"), ROOT / "data"),
            public_url=_public_url(env.get("RUNG_PUBLIC_URL") or f"http://127.0.0.1:{port}"),
            redis_url=_redis_url(redis_url or DEFAULT_REDIS_URL),
            redis_is_given=bool(redis_url),
            secret_key=_secret(env, "RUNG_SECRET_KEY", _LEAST_KEY_LENGTH),
            api_token=_secret(env, "RUNG_API_TOKEN", _LEAST_TOKEN_LENGTH),
            source_token=_secret(env, "RUNG_SOURCE_TOKEN", _LEAST_TOKEN_LENGTH),
            proxies=_proxies(env.get("RUNG_PROXIES")),
        )


def config_folders(env: Mapping[str, str]) -> tuple[Path, Path]:
    """Give the folder with the config, and where relative paths in it begin."""
    config = _folder(env.get("RUNG_CONFIG"), ROOT / "config")
    return config, _folder(env.get("RUNG_CONFIG_BASE"), config)


def _port(text: str | None) -> int:
    if not text:
        return DEFAULT_PORT
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _HIGHEST_PORT:
        raise SettingsError(f"PORT is {text!r}; give a number from 1 to {_HIGHEST_PORT}, such as PORT=8080")
    return int(text)


def _proxies(text: str | None) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 1:
        raise SettingsError(
            f"RUNG_PROXIES is {text!r}; give the number of proxies of yours that requests come through, from 0 to 9"
        )
    return int(text)


def _folder(text: str | None, default: Path) -> Path:
    return Path(text).expanduser().absolute() if text else default


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(
            f"RUNG_PUBLIC_URL is {text!r}; give the address under which people's phones reach Rung, "
            "such as https://rung.example.com"
        )
    return text.rstrip("/")


def _redis_url(text: str) -> str:
    scheme = urlsplit(text).scheme
    if not _has_good_port(text):
        raise SettingsError(
            "REDIS_URL cannot be read: what stands after the host is no port; write a / in the password as %2F"
        )
    if scheme not in _REDIS_SCHEMES:
        # The rest of the URL is not repeated: it may hold a password.
        raise SettingsError(
            f"REDIS_URL begins with {scheme!r}; give redis://, rediss:// or unix://, such as {DEFAULT_REDIS_URL}"
        )
    return text


def _has_good_port(url: str) -> bool:
    try:
        urlsplit(url).port  # noqa: B018 - reading it checks it
    except ValueError:
        return False
    return True


def _secret(env: Mapping[str, str], name: str, least: int) -> str | None:
    value = env.get(name)
    if not value:
        return None
    if len(value) < least or not value.isascii() or not value.isprintable() or " " in value:
        raise SettingsError(
            f"{name} must be at least {least} printable ASCII characters without spaces; "
            "leave it unset and Rung makes one and keeps it in RUNG_DATA/secrets.json"
        )
    return value
