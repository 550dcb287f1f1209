"""Finding: one thing that `rung check` says: where, what is found, what happens because of it, how to mend it."""

from dataclasses import dataclass

from core.config.faults import Place, path_text
from core.lint.codes import Code, FindingSeverity

_ORDER = tuple(FindingSeverity)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `found`, `consequence` and `mend` are sentences for people and show no secret.

    `file` and `path` say where: the file as the operator would type it, '' when it is not known; the key in it, ''
    when it is about the whole.
    """

    code: Code
    path: str
    found: str
    consequence: str
    mend: str
    file: str = ""

    @property
    def severity(self) -> FindingSeverity:
        """How bad it is."""
        return self.code.severity

    @property
    def place(self) -> str:
        """Where it is, as people read it."""
        return ": ".join(filter(None, (self.file, self.path)))

    @property
    def rank(self) -> tuple[int, str, str, str, str]:
        """What findings are sorted by: the worst first, then by place."""
        return _ORDER.index(self.severity), self.file, self.path, self.code.value, self.found


def at(code: Code, place: Place, found: str, consequence: str, mend: str) -> Finding:
    """Give the finding at a place of the config; which file that is, `lint` adds."""
    return Finding(code, path_text(place), found, consequence, mend)
