"""Files that would eat all time, memory or stack: each is one fault, at once."""

import time

import pytest

from core.config.documents import read_document
from core.config.interpolation import Surroundings

NOTHING = Surroundings({}, lambda _path: "")


def bomb(levels, leaf="x", width=10):
    lines = [f"a0: &a0 [{', '.join([leaf] * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


def read(text):
    began = time.process_time()
    document = read_document("file.yaml", text, NOTHING)
    assert time.process_time() - began < 10
    return document


@pytest.mark.parametrize("text", [bomb(9), bomb(60), bomb(4, leaf='"' + "y" * 20_000 + '"')])
def test_aliases_that_repeat_aliases_are_one_fault(text):
    document = read(text)
    assert not document.is_readable
    assert [str(fault) for fault in document.faults] == [
        "file.yaml: found more than 250000 values, with those that aliases repeat, wanted fewer"
    ]


def test_aliases_that_repeat_a_little_are_read():
    assert read(bomb(3)).values["a2"][9][9][9] == "x"


@pytest.mark.parametrize("text", [f"a: {'[' * 200_000}", f"a: {'{a: ' * 200_000}", "a: " + "[" * 99 + "x" + "]" * 99])
def test_what_is_nested_too_deeply_is_no_crash(text):
    told = {str(fault) for fault in read(text).faults}
    deep = "file.yaml: found mappings and lists more than 100 deep, wanted fewer inside each other"
    assert told == (set() if text.endswith("]") else {deep})


def test_lines_are_known_of_each_key_and_item():
    document = read("a:\n  - b: 1\n    c: {d: 2}\n  -\n    e\n")
    assert document.lines == {
        ("a",): 1,
        ("a", 0): 2,
        ("a", 0, "b"): 2,
        ("a", 0, "c"): 3,
        ("a", 0, "c", "d"): 3,
        ("a", 1): 5,
    }
