"""What all commands share: which error ends in which exit code, and text that a terminal may show."""

from typing import Final

NO: Final = 1  # the answer is no: refused, no such alert
WRONG: Final = 2  # wrong usage or bad config
OUT_OF_REACH: Final = 3  # Rung or Redis

# By name, because importing what defines them would cost every command the start-up time of a Redis client.
_EXIT_CODES: Final = {
    "functions.commands._client.SaidNoError": NO,
    "functions.commands._client.WrongUsageError": WRONG,
    "functions.commands._client.NoAnswerError": OUT_OF_REACH,
    "core.adapters.settings.SettingsError": WRONG,
    "core.adapters.data_lock.AlreadyRunningError": WRONG,
    "core.adapters.secrets_file.SecretsError": WRONG,
    "functions.commands.up.PortError": WRONG,
    "core.config.faults.ConfigError": WRONG,
    "core.adapters.redis_server.NoServerError": OUT_OF_REACH,
    "core.adapters.supervision.SupervisionError": OUT_OF_REACH,
    "core.engine.NoSuchAlertError": NO,
    "core.engine.RefusedError": NO,
    "core.store.StoreUnavailableError": OUT_OF_REACH,
    "redis.exceptions.ConnectionError": OUT_OF_REACH,
    "redis.exceptions.TimeoutError": OUT_OF_REACH,
}


def exit_code_of(error: BaseException) -> int | None:
    """Give the exit code of an error that a person can put right, None for a bug."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((_EXIT_CODES[name] for name in names if name in _EXIT_CODES), None)


def plain(text: str) -> str:
    """Leave out what would command the terminal: titles, labels and names may come from outside."""
    return "".join(filter(str.isprintable, text))
