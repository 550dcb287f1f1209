"""Config folders for tests: the small valid one, with files of a fixture laid over it."""

import shutil
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures" / "config"
VALID = FIXTURES / "valid"
ENV = {"SMS_TOKEN": "s3cret-from-env", "SOURCE_TOKEN": "s3cret-of-source", "EMPTY": ""}


def overlaid(target, fixture):
    """Make `target` the valid config with the fixture's files in the place of its own."""
    shutil.copytree(VALID, target)
    for file in fixture.glob("*.yaml"):
        shutil.copy(file, target / file.name)
    return target
