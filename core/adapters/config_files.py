"""The config folder: every `*.yaml` directly inside it is read, and together they are the config."""

from collections.abc import Mapping
from pathlib import Path

from core.config import Config, ConfigError, Fault
from core.config.documents import Document, combined, read_document, unreadable_document
from core.config.faults import FaultKind
from core.config.interpolation import Surroundings
from core.config.raw import Raw
from core.config.validation import validated


def load(folder: Path, env: Mapping[str, str], base: Path | None = None) -> Config:
    """Give the config of a folder; `${...}` reads `env` and files. Raises ConfigError with all faults.

    `base` is where relative paths of files begin, the folder itself unless told.
    """
    return validated(read(folder, env, base))


def read(folder: Path, env: Mapping[str, str], base: Path | None = None) -> Raw:
    """Give what is written in a folder, to be validated. Raises ConfigError when there is nothing to read."""
    if not folder.is_dir():
        raise ConfigError(
            [Fault(str(folder), "", "no folder", "a folder with the config's *.yaml files", FaultKind.UNREADABLE)]
        )
    files = sorted(file for file in folder.glob("*.yaml") if not file.name.startswith("."))
    if not files:
        raise ConfigError([Fault(str(folder), "", "no *.yaml file", "the config's files in it", FaultKind.UNREADABLE)])
    surroundings = Surroundings(env, lambda path: ((base or folder) / path).read_text("utf-8"))
    documents = [_document(file, surroundings) for file in files]
    return combined(str(folder), documents)


def variables(env: Mapping[str, str], source_token: str) -> dict[str, str]:
    """Give the environment that `${...}` in config reads, where an empty variable counts as not set.

    `source_token` stands for RUNG_SOURCE_TOKEN when that is not set.
    """
    return {"RUNG_SOURCE_TOKEN": source_token, **{name: value for name, value in env.items() if value}}


def _document(file: Path, surroundings: Surroundings) -> Document:
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        return unreadable_document(str(file), error.strerror or "it cannot be read")
    except UnicodeError:
        return unreadable_document(str(file), "text that is not UTF-8")
    return read_document(str(file), text, surroundings)
