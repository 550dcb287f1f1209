"""Each folder of tests/fixtures/config breaks a rule: of Rung itself, or one of the linter, as it is named.

findings.txt is what `rung check` prints about it.
"""

from pathlib import Path

import pytest

from core.adapters.config_files import read
from core.config.validation import validated
from core.lint import Code, lint
from core.lint.codes import ONLINE
from core.lint.faults import FAULTS
from core.lint.words import groups, lines
from core.rules import Rules
from tests.config.folders import ENV, FIXTURES, VALID, overlaid
from tests.lint.sound import NOW

LINTED = sorted(path.parent for path in FIXTURES.glob("*/findings.txt"))


@pytest.fixture
def findings_of(tmp_path, monkeypatch):
    """Look through the valid config with a fixture laid over it, under a relative name as an operator would."""
    monkeypatch.chdir(tmp_path)

    def findings(fixture):
        overlaid(Path("config"), fixture)
        written = read(Path("config"), ENV)
        return lint(Rules(validated(written)), NOW, written=written)

    return findings


def printed(findings):
    told = [
        "\n".join([heading, *("\n".join(["", each.code.value, *lines(each, 80)]) for each in found), ""])
        for heading, _, found in groups(findings)
    ]
    return "\n".join(told)


@pytest.mark.parametrize("fixture", LINTED, ids=lambda folder: folder.name)
def test_a_broken_rule_is_told_as_it_is_printed(fixture, findings_of):
    assert printed(findings_of(fixture)) == (fixture / "findings.txt").read_text()


@pytest.mark.parametrize("fixture", LINTED, ids=lambda folder: folder.name)
def test_a_finding_shows_no_secret(fixture, findings_of):
    assert "s3cret" not in repr(findings_of(fixture))


def test_the_valid_config_earns_nothing(findings_of):
    assert findings_of(VALID) == []


def test_each_folder_breaks_a_rule_of_rung_or_one_of_the_linter():
    for folder in FIXTURES.iterdir():
        told = {path.name for path in folder.glob("*.txt")}
        assert told == (set() if folder == VALID else told & {"faults.txt"} or {"findings.txt"}), folder.name


def test_every_code_that_needs_no_asking_has_a_folder_of_its_own():
    told = {line for fixture in LINTED for line in (fixture / "findings.txt").read_text().splitlines()}
    assert told & set(Code) == set(Code) - FAULTS - ONLINE
