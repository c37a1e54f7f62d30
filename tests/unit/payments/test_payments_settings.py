import pytest

from services.payments.settings import PaymentsSettings
from shared.settings import SettingMissingError

ENVIRONMENT = {
    "COMMONPURSE_DATABASE_URL": "postgresql+psycopg2://",
    "COMMONPURSE_BROKER_URL": "amqp://",
    "PAYMENTS_ISSUER_URL": "http://issuer",
    "PAYMENTS_ISSUER_API_KEY": "key-one",
    "PAYMENTS_ISSUER_AUTHORISATIONS_SECRET": "secret-one",
    "PAYMENTS_ISSUER_EVENTS_SECRET": "secret-two",
    "PAYMENTS_BANK_URL": "http://bank",
    "PAYMENTS_BANK_API_KEY": "key-two",
    "PAYMENTS_BANK_WEBHOOK_SECRET": "secret-three",
    "PAYMENTS_RECEIPTS_DIRECTORY": "/receipts",
}


def test_settings_are_shown_without_their_secrets():
    shown = repr(PaymentsSettings.from_environment(ENVIRONMENT))

    assert "http://issuer" in shown
    assert "secret-" not in shown
    assert "key-" not in shown


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_a_missing_setting_is_named(name):
    with pytest.raises(SettingMissingError, match=name):
        PaymentsSettings.from_environment({**ENVIRONMENT, name: ""})
