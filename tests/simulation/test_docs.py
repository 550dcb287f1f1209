"""What docs/foresight.md shows is what the commands in it give: its pictures and what it prints."""

import re
import shlex
from pathlib import Path

import pytest

from tests.simulation.terminal import simulate

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "foresight.md").read_text("utf-8")
PICTURES = re.findall(r"^ {4}rung simulate (.+) --svg (docs/\S+\.svg)$", PAGE, re.MULTILINE)
PRINTED = re.findall(r"^```\n\$ rung simulate (.+)\n((?:.*\n)+?)```$", PAGE, re.MULTILINE)


def test_there_are_pictures_and_something_printed():
    assert len(PICTURES) >= 2
    assert PRINTED


@pytest.mark.parametrize(("words", "picture"), PICTURES)
def test_each_picture_is_what_its_command_draws(words, picture, tmp_path):
    drawn = tmp_path / "drawn.svg"
    simulate(*shlex.split(words), "--svg", drawn)
    assert drawn.read_text("utf-8") == (ROOT / picture).read_text("utf-8"), f"draw it again: rung simulate {words}"
    assert f"]({Path(picture).name})" in PAGE


@pytest.mark.parametrize(("words", "printed"), PRINTED)
def test_what_is_printed_is_what_its_command_prints(words, printed):
    lines = [line.rstrip() for line in simulate(*shlex.split(words), COLUMNS="80").stdout.splitlines()]
    assert lines == printed.splitlines()
