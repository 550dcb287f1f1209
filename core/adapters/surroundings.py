"""What is around Rung, looked at from outside by whoever asks: Redis, its processes, and what people ordered.

Nothing is noted, unlike by a process that starts (`Rung.complaints`).
"""

from dataclasses import dataclass

from core.adapters.presence import key_differs, missing_processes
from core.adapters.redis_client import connect, unavailable
from core.adapters.redis_server import redis_complaints
from core.adapters.redis_standing import RedisStanding
from core.adapters.secrets_file import known_secret_key
from core.adapters.settings import Settings
from core.standing import Standing


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was found. Complaints and missing processes are lines such as `what: what comes of it; what to do`."""

    standing: Standing
    complaints: tuple[str, ...]
    missing: tuple[str, ...]
    has_another_key: bool


def look_around(settings: Settings) -> Surroundings:
    """Ask Redis. Raises StoreUnavailableError, and SecretsError when the secrets are damaged."""
    secret_key = known_secret_key(settings)
    client = connect(settings.redis_url)
    try:
        with unavailable():
            return Surroundings(
                RedisStanding(client).read(),
                tuple(redis_complaints(client)),
                tuple(missing_processes(client)),
                bool(secret_key and key_differs(client, secret_key)),
            )
    finally:
        client.close()
