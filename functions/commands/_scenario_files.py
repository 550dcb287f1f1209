"""Scenario files: which there are, and their text turned into scenarios, with the faults of all of them at once."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from functions.commands._client import WrongUsageError

if TYPE_CHECKING:
    from core.config import Config
    from core.config.documents import Document
    from core.config.faults import Fault
    from core.scenarios.reading import Ready

_FOLDER: Final = "tests"
_LARGEST = 5_000_000  # bytes; what people write is a thousandth of it
_WANTED = "a file with scenarios, or a folder with such files"


def scenarios_in(paths: Sequence[Path], config_folder: str | None, config: "Config") -> "list[Ready]":
    """Give the scenarios of these files and folders, of the config's folder `tests` when none are named.

    Raises ConfigError with the faults of all files, WrongUsageError when there are no scenarios at all.
    """
    from core.config import ConfigError

    given = paths or (_beside(config_folder),)
    found: list[Ready] = []
    faults: list[Fault] = []
    for file in _files(given):
        try:
            found += _read(file, config)
        except ConfigError as error:
            faults += error.faults
    if faults:
        raise ConfigError(faults)
    if not found:
        raise WrongUsageError(f"there are no scenarios in {', '.join(map(str, given))}: docs/scenarios.md says how")
    return found


def _beside(config_folder: str | None) -> Path:
    from core.adapters.settings import config_folders

    folder = Path(config_folder).expanduser() if config_folder else config_folders(os.environ)[0]
    here = Path.cwd()
    return (folder.relative_to(here) if folder.is_relative_to(here) else folder) / _FOLDER


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Give the files, of a folder all `*.yaml` in it and below, each once."""
    seen: set[Path] = set()
    for path in paths:
        for file in _inside(path) if path.is_dir() else [path]:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _inside(folder: Path) -> list[Path]:
    found = (file for ending in ("*.yaml", "*.yml") for file in folder.rglob(ending))
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts))


def _read(file: Path, config: "Config") -> "list[Ready]":
    from core.scenarios.reading import read_from

    return read_from(_document(file), config, lambda path: (file.parent / path).read_bytes())


def _document(file: Path) -> "Document":
    from core.config.documents import unreadable_document
    from core.config.interpolation import Surroundings
    from core.scenarios.reading import document_of

    try:
        if file.stat().st_size > _LARGEST:
            return unreadable_document(str(file), f"more than {_LARGEST // 1_000_000} MB", "smaller files")
        text = file.read_text("utf-8-sig")
    except OSError as error:
        return unreadable_document(str(file), (error.strerror or "it cannot be read").lower(), _WANTED)
    except UnicodeError:
        return unreadable_document(str(file), "text that is not UTF-8", _WANTED)
    surroundings = Surroundings(os.environ, lambda path: (file.parent / path).read_text("utf-8"))
    return document_of(str(file), text, surroundings)
