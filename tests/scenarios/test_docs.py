"""What docs/scenarios.md shows is so: its examples pass, its failure is what one reads, and it names every word."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.scenarios.expectation import CONDITIONS, KINDS, StatusWord
from core.scenarios.given import VERBS
from core.scenarios.scenario import Scenario
from functions.commands import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scenarios.md").read_text()
FIRST, SECOND = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
[SHOWN] = re.findall(r"```\n(FAILED.*?)```", PAGE, re.DOTALL)


def output_of(tmp_path, text):
    file = tmp_path / "critical.yaml"
    file.write_text(text)
    said = CliRunner().invoke(main, ["test", str(file), "--config", str(ROOT / "config")])
    return said.output.replace(str(tmp_path), "config/tests")


def test_both_examples_pass(tmp_path):
    assert output_of(tmp_path, FIRST + SECOND) == "2 scenarios, all passed\n"


def test_a_late_answer_gives_the_failure_that_is_shown(tmp_path):
    late = FIRST.replace("- at: 4m ", "- at: 19m")
    assert late != FIRST
    assert output_of(tmp_path, late) == SHOWN


@pytest.mark.parametrize(
    "word", [*KINDS, *VERBS, *sorted({name for names in CONDITIONS.values() for name in names}), *StatusWord]
)
def test_every_word_is_named(word):
    assert re.search(rf"\b{word}\b", PAGE.partition("## What a scenario holds")[2])


def test_every_key_of_a_scenario_is_named():
    keys = {field.alias or name for name, field in Scenario.model_fields.items()}
    table = PAGE.partition("## What a scenario holds")[2].partition("Times are")[0]
    assert keys <= set(re.findall(r"`(\w+)`", table))
