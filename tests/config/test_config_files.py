import pytest

from core.adapters.config_files import load
from core.config import ConfigError, outbox_mode
from tests.config.folders import ENV, VALID, overlaid


@pytest.fixture
def folder(tmp_path):
    return overlaid(tmp_path / "config", VALID)


def token_of(folder, written, env=ENV):
    (folder / "sources.yaml").write_text(f"sources:\n  grafana: {{token: {written}}}\n")
    return load(folder, env).sources["grafana"].token.get_secret_value()


def the_fault(folder, env=ENV):
    with pytest.raises(ConfigError) as raised:
        load(folder, env)
    [fault] = raised.value.faults
    return fault


def test_a_variable_is_read_from_the_environment_given(folder):
    assert token_of(folder, '"${SOURCE_TOKEN}"') == "s3cret-of-source"


def test_a_default_stands_in_for_an_unset_and_for_an_empty_variable(folder):
    assert token_of(folder, '"${UNSET:-abc}"') == "abc"
    assert token_of(folder, '"${EMPTY:-abc}"') == "abc"
    assert token_of(folder, '"${UNSET:-}"') == ""


def test_a_default_may_hold_placeholders(folder):
    assert token_of(folder, '"${UNSET:-mailto://x?to={email}}"') == "mailto://x?to={email}"


def test_a_variable_set_to_nothing_is_set(folder):
    assert token_of(folder, '"${EMPTY}"') == ""


def test_a_doubled_dollar_escapes_a_reference(folder):
    assert token_of(folder, '"a$${SOURCE_TOKEN}$b"') == "a${SOURCE_TOKEN}$b"


def test_a_value_is_not_searched_for_references_again(folder):
    assert token_of(folder, '"${OUTER}"', {**ENV, "OUTER": "${SMS_TOKEN}"}) == "${SMS_TOKEN}"


def test_a_value_cannot_bring_yaml_with_it(folder):
    hostile = 'x}\noutbox: true\nsources: {evil: {token: "'
    assert token_of(folder, '"${HOSTILE}"', {**ENV, "HOSTILE": hostile}) == hostile
    assert not load(folder, {**ENV, "HOSTILE": hostile}).outbox


def test_a_secrets_file_is_read_without_its_last_newline(folder, tmp_path):
    (tmp_path / "secret").write_text("two words\n")
    assert token_of(folder, f'"${{file:{tmp_path / "secret"}}}"') == "two words"


def test_a_secrets_file_that_is_no_text_is_a_fault_without_its_content(folder, tmp_path):
    (tmp_path / "secret").write_bytes(b"\xffs3cret")
    (folder / "sources.yaml").write_text(f'sources: {{grafana: {{token: "${{file:{tmp_path / "secret"}}}"}}}}\n')
    assert the_fault(folder).found == f"${{file:{tmp_path / 'secret'}}}: it is not UTF-8 text"


def test_numbers_and_switches_may_come_from_the_environment(folder):
    (folder / "rung.yaml").write_text("outbox: ${OUT}\n")
    assert load(folder, {**ENV, "OUT": "yes"}).outbox


@pytest.mark.parametrize("written", ["0123", "1e5", "1_000", "yes", "12:30", "0x1F", "2026-01-01", "+15550100001"])
def test_a_text_stays_as_it_was_written(folder, written):
    assert token_of(folder, written) == written


def test_times_need_no_quotes(folder):
    (folder / "tracking.yaml").write_text(
        "sla:\n  business_hours: {start_time: 9:00, end_time: 17:30, weekdays: [0]}\n".replace(" 9:00", " 09:00")
    )
    hours = load(folder, ENV).sla.business_hours
    assert (hours.start_time.isoformat("minutes"), hours.end_time.isoformat("minutes")) == ("09:00", "17:30")


def test_no_folder_is_one_clear_fault(tmp_path):
    fault = the_fault(tmp_path / "nowhere")
    assert str(fault) == f"{tmp_path / 'nowhere'}: found no folder, wanted a folder with the config's *.yaml files"


def test_an_empty_folder_is_one_clear_fault(tmp_path):
    (tmp_path / "people.yml").write_text("people: {}\n")
    assert str(the_fault(tmp_path)) == f"{tmp_path}: found no *.yaml file, wanted the config's files in it"


def test_only_yaml_files_directly_inside_are_read(folder):
    (folder / "notes.txt").write_text("nonsense: [")
    (folder / ".#rung.yaml").write_text("nonsense: [")
    (folder / "old").mkdir()
    (folder / "old" / "rung.yaml").write_text("outbox: true\n")
    assert not load(folder, ENV).outbox


def test_a_yaml_name_that_is_no_file_is_a_fault(folder):
    (folder / "more.yaml").mkdir()
    assert the_fault(folder).found == "Is a directory"


def test_a_file_that_is_not_utf_8_is_a_fault(folder):
    (folder / "more.yaml").write_bytes(b"people: \xff\n")
    assert the_fault(folder).found == "text that is not UTF-8"


def test_a_byte_order_mark_is_no_part_of_the_first_key(folder):
    (folder / "rung.yaml").write_bytes(b"\xef\xbb\xbfoutbox: true\n")
    assert load(folder, ENV).outbox


@pytest.mark.parametrize("word", ["false", "off", "no", '"false"', "${EMPTY:-false}"])
def test_a_channel_can_be_declared_as_not_used_here(folder, word):
    (folder / "channels.yaml").write_text(
        f'channels:\n  email: {{url: "mailto://example.com?to={{email}}"}}\n  sms: {word}\n'
    )
    config = load(folder, ENV)
    assert config.channels["sms"] is False
    assert not outbox_mode(config)


def test_without_any_credentials_pages_go_to_the_outbox(folder):
    (folder / "channels.yaml").write_text('channels:\n  email: {url: ""}\n  sms: {url: "${UNSET:-}"}\n')
    assert outbox_mode(load(folder, ENV))


def test_with_the_outbox_switched_on_credentials_are_neither_needed_nor_used(folder):
    (folder / "channels.yaml").write_text('channels:\n  email: {url: "mailto://example.com"}\n  sms: {url: ""}\n')
    (folder / "rung.yaml").write_text("outbox: true\n")
    assert outbox_mode(load(folder, ENV))


def test_a_loaded_config_shows_no_secret(folder):
    (folder / "rung.yaml").write_text("api_tokens: {dashboard: s3cret-api}\n")
    config = load(folder, ENV)
    assert config.api_tokens["dashboard"].get_secret_value() == "s3cret-api"
    assert "s3cret" not in repr(config)
    assert "s3cret" not in str(config)
    assert "s3cret" not in config.model_dump_json()
