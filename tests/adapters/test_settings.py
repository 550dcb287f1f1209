"""Settings: what the environment says, and what it must not say."""

from pathlib import Path

import pytest

from core.adapters.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]


def test_an_empty_environment_gives_the_documented_defaults():
    settings = Settings.from_env({})
    assert settings.redis_url == "redis://127.0.0.1:6379/0"
    assert not settings.redis_is_given
    assert settings.port == 8080
    assert settings.config == ROOT / "config"
    assert settings.data == ROOT / "data"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert (settings.secret_key, settings.api_token, settings.source_token) == (None, None, None)
    assert settings.proxies == 0


def test_every_variable_is_read(tmp_path):
    settings = Settings.from_env(
        {
            "REDIS_URL": "rediss://:pw@redis.example:6380/2",
            "PORT": "9000",
            "RUNG_CONFIG": str(tmp_path / "config"),
            "RUNG_DATA": str(tmp_path / "data"),
            "RUNG_SECRET_KEY": "k" * 16,
            "RUNG_API_TOKEN": "a" * 8,
            "RUNG_SOURCE_TOKEN": "s" * 8,
            "RUNG_PUBLIC_URL": "https://rung.example.com/",
            "RUNG_PROXIES": "2",
        }
    )
    assert settings == Settings(
        port=9000,
        config=tmp_path / "config",
        config_base=tmp_path / "config",
        data=tmp_path / "data",
        public_url="https://rung.example.com",
        redis_url="rediss://:pw@redis.example:6380/2",
        redis_is_given=True,
        secret_key="k" * 16,
        api_token="a" * 8,
        source_token="s" * 8,
        proxies=2,
    )


def test_an_empty_variable_counts_as_one_that_is_not_set():
    names = ["REDIS_URL", "PORT", "RUNG_CONFIG", "RUNG_DATA", "RUNG_SECRET_KEY", "RUNG_API_TOKEN"]
    assert Settings.from_env(dict.fromkeys([*names, "RUNG_PUBLIC_URL", "RUNG_PROXIES"], "")) == Settings.from_env({})


def test_the_public_url_follows_the_port():
    assert Settings.from_env({"PORT": "81"}).public_url == "http://127.0.0.1:81"


def test_relative_folders_are_seen_from_where_rung_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env({"RUNG_DATA": "here"}).data == tmp_path / "here"


def test_a_home_folder_may_be_written_as_a_tilde(monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    assert Settings.from_env({"RUNG_DATA": "~/rung"}).data == Path("/home/someone/rung")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80.5", " 80", "٨٠"])
def test_a_port_that_is_none_is_refused_by_name(port):
    with pytest.raises(SettingsError, match=r"PORT is .* from 1 to 65535"):
        Settings.from_env({"PORT": port})


@pytest.mark.parametrize("count", ["-1", "10", "one", "1.0", "٣", " 1"])
def test_a_number_of_proxies_that_is_none_is_refused_by_name(count):
    with pytest.raises(SettingsError, match=r"RUNG_PROXIES is .* from 0 to 9"):
        Settings.from_env({"RUNG_PROXIES": count})


@pytest.mark.parametrize("url", ["rung.example.com", "ftp://x", "https://", "https://x/?a=1", "https://x/#a"])
def test_a_public_url_that_no_phone_could_open_is_refused(url):
    with pytest.raises(SettingsError, match="RUNG_PUBLIC_URL"):
        Settings.from_env({"RUNG_PUBLIC_URL": url})


def test_a_redis_url_of_an_unknown_kind_is_refused_without_repeating_its_password():
    with pytest.raises(SettingsError, match="REDIS_URL begins with 'http'") as caught:
        Settings.from_env({"REDIS_URL": "http://:hunter2@redis"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("RUNG_SECRET_KEY", "short"), ("RUNG_API_TOKEN", "has spaces"), ("RUNG_SOURCE_TOKEN", "schlüssel!")],
)
def test_a_secret_that_is_too_weak_or_fits_no_header_is_refused_without_being_shown(name, value):
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.from_env({name: value})
    assert value not in str(caught.value)


def test_the_repr_shows_no_secret():
    hidden = {
        "REDIS_URL": "redis://:hidden-a@redis",
        "RUNG_SECRET_KEY": "hidden-b-hidden-b",
        "RUNG_API_TOKEN": "hidden-c",
        "RUNG_SOURCE_TOKEN": "hidden-d",
    }
    assert "hidden" not in repr(Settings.from_env(hidden))
