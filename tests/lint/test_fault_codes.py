"""What Rung refuses a config for has a code, and is an error; what it cannot read at all is told from the rest."""

from pathlib import Path

import pytest

from core.adapters.config_files import load
from core.config import ConfigError
from core.config.faults import FaultKind
from core.lint import Code, is_refused, is_unreadable, of_faults
from tests.config.folders import ENV, FIXTURES, overlaid

BROKEN = sorted(path.parent for path in FIXTURES.glob("*/faults.txt"))

# What is about a value only, is not listed.
CODES = {
    "a_channel_of_a_level_is_known": "name-unknown",
    "a_channel_of_a_person_is_known": "name-unknown",
    "a_contact_field_is_a_plain_word": "key-malformed",
    "a_file_is_a_mapping": "config-unreadable",
    "a_heartbeat_has_an_interval": "key-missing value-refused",
    "a_heartbeat_name_fits_a_url": "key-malformed value-refused",
    "a_heartbeat_names_what_there_is": "value-refused key-unknown name-unknown",
    "a_key_is_known": "key-missing key-unknown",
    "a_key_stands_once": "key-twice",
    "a_layer_has_no_layers": "key-unknown value-refused",
    "a_level_has_responders_and_channels": "level-empty",
    "a_maintenance_window_has_times": "key-missing value-refused key-unknown name-taken",
    "a_matcher_is_a_text_or_a_list_of_them": "value-refused key-malformed key-unknown",
    "a_mapping_has_a_name_of_its_own": "name-taken",
    "a_mapping_of_a_source_is_known": "name-unknown",
    "a_mapping_says_what_identifies_an_alert": "value-refused key-unknown key-missing",
    "a_member_is_a_name_with_or_without_dates": "value-refused key-missing key-unknown name-unknown",
    "a_member_is_a_person": "name-unknown",
    "a_member_of_a_layer_is_a_person": "name-unknown",
    "a_name_is_plain": "key-malformed",
    "a_person_is_not_a_rotation_too": "name-taken",
    "a_placeholder_is_a_contact": "placeholder-unknown",
    "a_policy_of_a_source_is_known": "name-unknown",
    "a_reference_is_well_formed": "reference-malformed",
    "a_required_key_is_there": "key-missing",
    "a_required_section_is_there": "key-missing",
    "a_responder_is_known": "name-unknown",
    "a_restriction_is_a_window": "value-refused key-unknown",
    "a_route_has_a_name_of_its_own": "value-refused name-taken",
    "a_route_is_reached": "route-never-reached",
    "a_route_names_what_there_is": "name-unknown",
    "a_secrets_file_is_readable": "secret-unreadable",
    "a_section_stands_in_one_file": "key-twice",
    "a_severity_is_one_of_four": "value-refused key-malformed",
    "a_silence_ends_after_it_begins": "silence-never-begins",
    "a_silence_has_a_match_or_says_everything": "value-refused key-unknown",
    "a_silence_has_instants": "value-refused key-missing",
    "a_source_has_a_type": "name-unknown",
    "a_source_is_not_called_heartbeat_beside_heartbeats": "name-taken",
    "a_source_name_fits_a_url": "key-malformed",
    "a_team_is_known": "name-unknown",
    "a_time_of_a_match_is_a_window": "value-refused key-unknown",
    "a_top_level_key_is_known": "key-unknown",
    "a_tracked_severity_is_known": "key-malformed value-refused name-unknown",
    "a_value_from_outside_is_not_shown": "value-refused name-unknown",
    "a_variable_is_set": "variable-unset",
    "a_word_has_one_severity": "name-taken",
    "an_alias_is_not_inside_itself": "yaml-refused",
    "business_hours_are_there_when_counted": "section-missing",
    "critical_pages_are_never_quiet": "key-malformed value-refused",
    "every_channel_has_credentials_or_none": "channel-without-credentials",
    "holidays_are_there_when_counted": "section-missing",
    "teams_are_mappings": "value-refused key-malformed",
    "the_catch_all_is_known": "name-unknown",
    "the_default_policy_is_known": "name-unknown",
    "yaml_aliases_are_defined": "config-unreadable",
    "yaml_is_well_formed": "config-unreadable",
    "yaml_tags_are_not_used": "yaml-refused",
}
UNREADABLE = {
    "a_file_is_a_mapping",
    "a_secrets_file_is_readable",
    "yaml_aliases_are_defined",
    "yaml_is_well_formed",
}


@pytest.fixture
def findings_of(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def findings(fixture):
        with pytest.raises(ConfigError) as raised:
            load(overlaid(Path("config"), fixture), ENV)
        return of_faults(raised.value.faults)

    return findings


@pytest.mark.parametrize("fixture", BROKEN, ids=lambda folder: folder.name)
def test_each_fault_has_the_code_of_its_group(fixture, findings_of):
    found = findings_of(fixture)
    assert {finding.code.value for finding in found} == set(CODES.get(fixture.name, "value-refused").split())
    assert all(is_refused(finding) and finding.severity == "error" for finding in found)
    assert any(map(is_unreadable, found)) == (fixture.name in UNREADABLE)


def test_a_finding_says_what_the_fault_says(findings_of):
    first, _ = findings_of(FIXTURES / "a_responder_is_known")
    assert first.place == "config/escalation.yaml: escalation.policies.high.levels[0].responders[0]"
    assert first.found == '"oncal"'
    assert first.consequence == "Rung does not start with it, and one that runs keeps the config it has."
    assert first.mend == "Wanted: a person or a rotation (did you mean oncall?)."


def test_a_folder_that_is_not_there_or_is_empty_cannot_be_read(tmp_path):
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(ConfigError) as raised:
            load(folder, ENV)
        assert [is_unreadable(finding) for finding in of_faults(raised.value.faults)] == [True]


def test_every_kind_of_fault_is_a_code():
    assert {Code(kind.value).severity for kind in FaultKind} == {"error"}
