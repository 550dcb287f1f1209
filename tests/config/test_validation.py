"""Whatever stands in the files, the answer is a Config or a list of faults."""

import shutil
from copy import deepcopy
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.adapters.config_files import load
from core.config import Config, ConfigError
from core.config.documents import combined, read_document
from core.config.interpolation import Surroundings
from core.config.raw import Raw, value_at
from core.config.validation import validated
from tests.config.folders import ENV, VALID

DEFAULT = Path(__file__).parents[2] / "config"


def _read(file):
    return read_document(str(file), file.read_text(), Surroundings({}, str))


WRITTEN = combined("config", [_read(file) for file in sorted(DEFAULT.glob("*.yaml"))])


def _places(value, place=()):
    yield place
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _places(child, (*place, key))


PLACES = [place for place in _places(WRITTEN.values) if place]
keys = st.sampled_from(["url", "levels", "type", "critical", "", "a b", "[x]", "<<"]) | st.text(max_size=5)
scalars = (
    st.none() | st.sampled_from(["", "0", "-1", "1", "true", "00:00", "{x}", "monday", "UTC"]) | st.text(max_size=9)
)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


def outcome_of(reading):
    try:
        return reading()
    except ConfigError as error:
        return error


def assert_config_or_faults(reading):
    outcome = outcome_of(reading)
    if isinstance(outcome, ConfigError):
        assert outcome.faults
        assert all(fault.found and fault.wanted for fault in outcome.faults)
    else:
        assert isinstance(outcome, Config)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), junk), min_size=1, max_size=3))
def test_junk_anywhere_gives_a_config_or_faults(changes):
    values = deepcopy(WRITTEN.values)
    for place, value in changes:
        parent = value_at(values, place[:-1])
        if isinstance(parent, dict) or (isinstance(parent, list) and place[-1] in range(len(parent))):
            parent[place[-1]] = value
    assert_config_or_faults(lambda: validated(Raw("config", values, WRITTEN.files)))


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=40) | st.text("{}[]:&*!$%-'\"\n ab#|>", max_size=40))
def test_any_text_in_a_file_gives_a_config_or_faults(text, tmp_path_factory):
    folder = tmp_path_factory.mktemp("config")
    shutil.copytree(VALID, folder, dirs_exist_ok=True)
    (folder / "rung.yaml").write_text(text, "utf-8")
    assert_config_or_faults(lambda: load(folder, ENV))
