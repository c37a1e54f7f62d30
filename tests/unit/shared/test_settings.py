"""Settings from the environment."""

import pytest

from shared.settings import ServiceSettings, SettingMissingError, required

NEEDED = {
    "COMMONPURSE_DATABASE_URL": "postgresql+psycopg2://budget@127.0.0.1/budget",
    "COMMONPURSE_BROKER_URL": "amqp://budget@127.0.0.1/commonpurse",
}


def test_a_service_needs_a_database_and_a_broker_and_nothing_else():
    settings = ServiceSettings.from_environment(NEEDED)

    assert settings == ServiceSettings(
        database_url=NEEDED["COMMONPURSE_DATABASE_URL"],
        broker_url=NEEDED["COMMONPURSE_BROKER_URL"],
        wake_directory="",
    )


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_setting_that_is_missing_or_empty_is_named(name, is_empty):
    environment = {**NEEDED, name: ""}
    if not is_empty:
        del environment[name]

    with pytest.raises(SettingMissingError, match=f"Set {name} in the environment") as raised:
        ServiceSettings.from_environment(environment)

    assert raised.value.name == name


def test_settings_never_change():
    settings = ServiceSettings.from_environment(NEEDED)

    with pytest.raises(AttributeError):
        settings.database_url = "another"


def test_a_setting_that_is_there_is_returned_as_it_stands():
    assert required({"WORD": " as it is "}, "WORD") == " as it is "
