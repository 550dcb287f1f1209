"""Stack: everything that one `rung up` starts and hands to it, worked out before anything runs."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from core.adapters.redis_server import find_server, server_command
from core.adapters.secrets_file import Secrets, load_secrets
from core.adapters.settings import ROOT, Settings
from core.adapters.supervision import Program, socket_folder

APPS = ("web", "scheduler", "worker")


@dataclass(frozen=True, slots=True)
class Stack:
    """What to run, with which environment. `env` holds secrets."""

    settings: Settings
    secrets: Secrets
    redis_url: str = field(repr=False)
    programs: tuple[Program, ...]
    env: dict[str, str] = field(repr=False)
    config_check: tuple[str, ...]

    @property
    def url(self) -> str:
        """Where Rung answers on this machine."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def config_copy(self) -> Path:
        """Where the processes read the config: the last good one, whatever stands in the operator's folder since."""
        return self.run_folder / "config"

    @property
    def run_folder(self) -> Path:
        """Where what belongs to this run is kept: logs, sockets, the lock."""
        return self.settings.data / "run"


def prepare(env: Mapping[str, str]) -> Stack:
    """Work out the stack and make its folders and secrets.

    Raises SettingsError, SecretsError, NoServerError.
    """
    settings = Settings.from_env(env)
    secrets = load_secrets(settings)
    run_folder = settings.data / "run"
    run_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    redis_url, redis = _redis(settings, run_folder, env)
    return Stack(
        settings=settings,
        secrets=secrets,
        redis_url=redis_url,
        programs=(*redis, *(Program(name, _python("functions.commands", name)) for name in APPS)),
        env=_child_env(env, settings, secrets, redis_url),
        config_check=_python("functions.commands._config_check"),
    )


def _redis(settings: Settings, run_folder: Path, env: Mapping[str, str]) -> tuple[str, tuple[Program, ...]]:
    if settings.redis_is_given:
        return settings.redis_url, ()
    folder = settings.data / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    socket = socket_folder(run_folder) / "redis.sock"
    command = server_command(find_server(env), folder, socket)
    return f"unix://{quote(str(socket))}?db=0", (Program("redis", command, needed_by_others=True),)


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _child_env(env: Mapping[str, str], settings: Settings, secrets: Secrets, redis_url: str) -> dict[str, str]:
    path = [str(ROOT), *filter(None, [env.get("PYTHONPATH")])]
    return {
        **env,
        "PORT": str(settings.port),
        "PYTHONPATH": os.pathsep.join(path),  # no stray installed `core` wins
        "PYTHONUNBUFFERED": "1",
        "REDIS_URL": redis_url,
        "RUNG_API_TOKEN": secrets.api_token,
        "RUNG_CONFIG": str(settings.data / "run" / "config"),
        "RUNG_CONFIG_BASE": str(settings.config),
        "RUNG_DATA": str(settings.data),
        "RUNG_PUBLIC_URL": settings.public_url,
        "RUNG_SECRET_KEY": secrets.secret_key,
        "RUNG_SOURCE_TOKEN": secrets.source_token,
        "TZ": "UTC",  # rq-scheduler reads times in the machine's zone
    }
