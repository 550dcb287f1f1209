"""docs/checks.md has a line for every code, with the severity it has, and for nothing else."""

import re
from pathlib import Path

from core.lint import Code

PAGE = (Path(__file__).parents[2] / "docs" / "checks.md").read_text()


def test_every_code_stands_in_the_docs_once_with_its_severity():
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning|advice) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert sorted((code, severity) for code, severity, *_ in rows) == sorted(
        (code.value, code.severity.value) for code in Code
    )
    assert all(meaning.endswith(".") for _, _, meaning, _ in rows)
    assert all(mend.endswith(".") for _, _, _, mend in rows)
