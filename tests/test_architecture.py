"""The house rules that no linter knows: imports run one way, the core is pure, files are small, errors are caught.

Everything is read from the source with `ast`; nothing is imported.
"""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOUSES = ("core", "functions", "schedules")
LONGEST_FILE = 300  # lines

# The entry points of processes hand over to the jobs; nothing else in functions/ knows schedules/.
KNOW_THE_SCHEDULES = {"functions/commands/worker.py", "functions/commands/scheduler.py"}

# Beyond these lies something that must not end with one error: other alerts' pages, or the person at the terminal.
MAY_CATCH_ANYTHING = {
    "core/adapters/gathering.py": "what one of several calls raises is raised to that caller, and to no other",
    "core/adapters/jobs.py": "the edge of jobs: one that cannot be read is logged and parked, the worker goes on",
    "core/adapters/process_group.py": "the edge of a worker process: the error is logged and the process ends",
    "core/adapters/sender_process.py": "the edge of a sender process: an error's text may hold the URL",
    "functions/commands/__init__.py": "the edge of a command: known errors become a line and an exit code, others rise",
}

THE_WORLD = {"redis", "rq", "rq_scheduler", "apprise", "pebble"}
WEB = {"flask", "werkzeug", "jinja2"}
NOT_IN_THE_CORE = {
    *THE_WORLD,
    *WEB,
    *{"os", "time", "socket", "subprocess", "requests", "urllib3", "http", "random", "secrets", "uuid"},
    *{"threading", "multiprocessing", "asyncio", "signal", "shutil", "tempfile", "gunicorn", "supervisor", "click"},
}
CLOCKS = {"now", "utcnow", "today"}
IO_BUILTINS = {"open", "print", "input", "exec", "eval", "breakpoint"}


def sources(*folders: str) -> list[str]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def is_pure(path: str) -> bool:
    return path.startswith("core/") and not path.startswith("core/adapters/") and path != "core/wiring.py"


ALL = sources(*HOUSES)
PURE = [path for path in ALL if is_pure(path)]


def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), path)


def imported(path: str) -> Iterator[str]:
    """Every module a file names in an import, wherever it stands, `from core import alert` as core.alert."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; name the whole module"
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)


def tops(path: str) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def test_the_three_houses_are_there_and_are_read():
    assert {path.partition("/")[0] for path in ALL} == set(HOUSES)
    assert "core/lifecycle.py" in PURE
    assert not any("adapters" in path for path in PURE)


@pytest.mark.parametrize("path", ALL)
def test_only_functions_know_the_web_framework(path):
    assert path.startswith("functions/") or not tops(path) & WEB


@pytest.mark.parametrize("path", ALL)
def test_only_adapters_and_the_wiring_know_redis_rq_and_apprise(path):
    assert path.startswith("core/adapters/") or path == "core/wiring.py" or not tops(path) & THE_WORLD


@pytest.mark.parametrize("path", PURE)
def test_the_core_imports_nothing_that_touches_the_world(path):
    assert not tops(path) & NOT_IN_THE_CORE
    assert not {name for name in imported(path) if name.startswith(("core.adapters", "core.wiring"))}


@pytest.mark.parametrize("path", PURE)
def test_the_core_asks_no_clock_and_opens_no_file(path):
    for call in (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        is_method = isinstance(call.func, ast.Attribute)
        assert not (is_method and name in CLOCKS), f"{path}:{call.lineno} asks a clock; take `now` as a parameter"
        assert is_method or name not in IO_BUILTINS, f"{path}:{call.lineno} calls {name}()"


@pytest.mark.parametrize("path", sources("core"))
def test_the_core_knows_neither_doors_nor_schedules(path):
    assert not tops(path) & {"functions", "schedules"}


@pytest.mark.parametrize("path", sources("schedules"))
def test_schedules_know_no_doors(path):
    assert "functions" not in tops(path)


@pytest.mark.parametrize("path", sources("functions"))
def test_doors_know_no_schedules_but_for_the_entry_points_of_their_processes(path):
    assert path in KNOW_THE_SCHEDULES or "schedules" not in tops(path)


def test_the_entry_points_that_may_know_schedules_do():
    assert {path for path in sources("functions") if "schedules" in tops(path)} == KNOW_THE_SCHEDULES


def test_no_module_of_the_core_is_imported_by_what_it_imports():
    modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sources("core")}
    graph = {name: {other for other in modules_of(path, modules) if other != name} for name, path in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {error.args[1]}")


@pytest.mark.parametrize("path", ALL)
def test_no_file_is_long(path):
    lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{path} has {lines} lines; split it by what it knows"


def modules_of(path: str, modules: dict[str, str]) -> Iterator[str]:
    """The modules of ours that a file needs; `from core.sources import generic` needs the file and not the package."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in modules)
        elif isinstance(node, ast.ImportFrom):
            names = {name.name: f"{node.module}.{name.name}" for name in node.names}
            yield from (full for full in names.values() if full in modules)
            if any(full not in modules for full in names.values()) and node.module in modules:
                yield str(node.module)


def broad_handlers(path: str) -> list[int]:
    """The lines that catch or suppress everything."""
    found = []
    for node in ast.walk(tree(path)):
        caught: list[ast.expr | None] = []
        if isinstance(node, ast.ExceptHandler):
            caught = list(node.type.elts) if isinstance(node.type, ast.Tuple) else [node.type]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            caught = list(node.args)
        if any(each is None or ast.unparse(each) in {"Exception", "BaseException"} for each in caught):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", ALL)
def test_errors_are_caught_by_name_but_for_the_edges(path):
    assert path in MAY_CATCH_ANYTHING or not broad_handlers(path)


def test_each_edge_catches_everything_in_one_place_only():
    assert {path: len(broad_handlers(path)) for path in MAY_CATCH_ANYTHING} == dict.fromkeys(MAY_CATCH_ANYTHING, 1)


@pytest.mark.parametrize("path", ALL)
def test_no_handler_says_nothing_and_does_nothing(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            does = [type(each) for each in node.body]
            assert does != [ast.Pass], f"{path}:{node.lineno} swallows an error"


@pytest.mark.parametrize("path", ALL)
def test_every_file_states_its_rule_at_its_top(path):
    assert ast.get_docstring(tree(path))


def test_config_holds_no_python():
    assert not list((ROOT / "config").rglob("*.py"))
