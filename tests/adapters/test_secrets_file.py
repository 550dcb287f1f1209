"""Secrets are made once, kept for their owner, and the same for all who start at once."""

import json
import multiprocessing

import pytest

from core.adapters.secrets_file import SecretsError, load_secrets
from core.adapters.settings import Settings


def settings(data, **env):
    return Settings.from_env({"RUNG_DATA": str(data), **env})


def test_secrets_are_made_once_and_kept(tmp_path):
    first = load_secrets(settings(tmp_path))
    assert load_secrets(settings(tmp_path)) == first
    assert len({first.secret_key, first.api_token, first.source_token}) == 3
    assert min(map(len, (first.secret_key, first.api_token, first.source_token))) >= 40


def test_the_file_and_its_new_folder_are_for_their_owner_only(tmp_path):
    load_secrets(settings(tmp_path / "new" / "data"))
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "data" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_nothing_else_is_left_in_the_folder(tmp_path):
    load_secrets(settings(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_the_environment_wins_over_the_file_and_is_not_written_into_it(tmp_path):
    kept = load_secrets(settings(tmp_path))
    mixed = load_secrets(settings(tmp_path, RUNG_API_TOKEN="from-the-env"))
    assert (mixed.api_token, mixed.secret_key) == ("from-the-env", kept.secret_key)
    assert load_secrets(settings(tmp_path)) == kept


def test_with_all_secrets_in_the_environment_no_file_is_made(tmp_path):
    names = ("RUNG_SECRET_KEY", "RUNG_API_TOKEN", "RUNG_SOURCE_TOKEN")
    load_secrets(settings(tmp_path / "none", **dict.fromkeys(names, "x" * 20)))
    assert not (tmp_path / "none").exists()


def test_a_secret_that_the_file_lacks_is_added_and_the_others_stay(tmp_path):
    kept = load_secrets(settings(tmp_path))
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"secret_key": kept.secret_key}))
    whole = load_secrets(settings(tmp_path))
    assert whole.secret_key == kept.secret_key
    assert whole.api_token
    assert load_secrets(settings(tmp_path)) == whole


@pytest.mark.parametrize("text", ["", '{"secret_key": "topsecret', "[]", '{"api_token": 7}'])
def test_a_damaged_file_is_named_with_what_to_do_and_never_replaced(tmp_path, text):
    path = tmp_path / "secrets.json"
    path.write_text(text)
    with pytest.raises(SecretsError, match="is damaged; put it back from a backup") as caught:
        load_secrets(settings(tmp_path))
    assert str(path) in str(caught.value)
    assert "topsecret" not in str(caught.value)
    assert path.read_text() == text


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SecretsError, match="make the folder writable or point RUNG_DATA"):
        load_secrets(settings(tmp_path / "file" / "data"))


def test_the_repr_shows_no_secret(tmp_path):
    assert load_secrets(settings(tmp_path)).secret_key not in repr(load_secrets(settings(tmp_path)))


def _load(data, barrier, queue):
    barrier.wait()
    queue.put(load_secrets(settings(data)).secret_key)


def test_processes_that_start_at_once_end_with_the_same_secrets(tmp_path):
    context = multiprocessing.get_context("fork")
    barrier, queue = context.Barrier(6), context.Queue()
    racers = [context.Process(target=_load, args=(tmp_path / "data", barrier, queue)) for _ in range(6)]
    for racer in racers:
        racer.start()
    found = {queue.get(timeout=10) for _ in racers}
    for racer in racers:
        racer.join()
    assert len(found) == 1
