import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from overt.errors import SettingInvalidError
from overt.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def without_settings(monkeypatch):
    """Take out what this machine sets."""
    for name in [name for name in os.environ if name.startswith("OVERT_")]:
        monkeypatch.delenv(name)


def test_every_setting_has_a_default():
    """A machine without one variable works; data and cache lie apart."""
    settings = read_settings()
    assert settings.model_pack == "overt-default"
    assert settings.threads == 0
    assert settings.home.name == settings.cache.name == "overt"
    assert settings.home != settings.cache


def test_variables_are_read(monkeypatch, tmp_path):
    """By the names of the fields, in capitals, after OVERT_."""
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "h"))
    monkeypatch.setenv("OVERT_CACHE", str(tmp_path / "c"))
    monkeypatch.setenv("OVERT_THREADS", "3")
    monkeypatch.setenv("OVERT_MODEL_PACK", "mine")
    settings = read_settings()
    assert (settings.home, settings.cache) == (tmp_path / "h", tmp_path / "c")
    assert (settings.threads, settings.model_pack) == (3, "mine")
    assert settings.models_home == tmp_path / "h" / "models"


@pytest.mark.parametrize("value", ["many", "-1", "257", "1.5"])
def test_a_value_that_cannot_be_used_is_named(monkeypatch, value):
    """One coded error with the variable's full name."""
    monkeypatch.setenv("OVERT_THREADS", value)
    with pytest.raises(SettingInvalidError) as caught:
        read_settings()
    assert caught.value.message.startswith("OVERT_THREADS: ")
    assert caught.value.fields == {"setting": "OVERT_THREADS"}
    assert caught.value.exit_status == 2


@pytest.mark.parametrize("name", ["OVERT_HOME", "OVERT_CACHE", "OVERT_THREADS"])
def test_an_empty_variable_counts_as_unset(monkeypatch, name):
    """An empty home would be the present folder, and records would lie about."""
    monkeypatch.setenv(name, "")
    assert read_settings() == Settings()
    assert Path() not in {read_settings().home, read_settings().cache}


def test_variables_that_nobody_knows_are_left_alone(monkeypatch):
    """The tests' own, for one."""
    monkeypatch.setenv("OVERT_TEST_DATA", "somewhere")
    assert read_settings().model_pack == "overt-default"


def test_settings_do_not_change_while_a_command_runs():
    """They are read once."""
    settings = read_settings()
    with pytest.raises(ValidationError):
        settings.threads = 5


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "/etc/passwd", "utc+1"])
def test_a_time_zone_is_one_of_the_iana_database(monkeypatch, name):
    """Times that belong to no site are shown in it."""
    assert read_settings().time_zone == "Europe/London"
    monkeypatch.setenv("OVERT_TIME_ZONE", name)

    with pytest.raises(SettingInvalidError, match="OVERT_TIME_ZONE"):
        read_settings()


@pytest.mark.parametrize("name", ["OVERT_OIDC_ISSUER", "OVERT_OIDC_CLIENT_ID"])
def test_half_a_sign_in_service_is_refused(monkeypatch, name):
    """Otherwise nobody would notice that it is not asked."""
    monkeypatch.setenv(name, "https://id.force.example")

    with pytest.raises(SettingInvalidError, match="set together"):
        read_settings()


def test_the_sign_in_services_secret_is_never_shown(monkeypatch):
    """Nor is any other."""
    monkeypatch.setenv("OVERT_OIDC_ISSUER", "https://id.force.example")
    monkeypatch.setenv("OVERT_OIDC_CLIENT_ID", "overt")
    monkeypatch.setenv("OVERT_OIDC_CLIENT_SECRET", "hunter2")

    settings = read_settings()

    assert settings.oidc_client_secret.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings)
    assert settings.oidc_account_claim == "sub"
