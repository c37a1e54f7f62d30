"""The address that ends e-mails: ours alone, readable by nobody."""

import pytest

from services.notifications.people.digests import SETTING, digest
from services.notifications.people.rules import Channel
from services.notifications.settings import SettingUnfitError
from services.notifications.unsubscribe import addresses
from shared.settings import SettingMissingError

ENVIRONMENT = {
    addresses.WEB_ADDRESS: "https://commonpurse.example/",
    addresses.KEY: "a key",
}


@pytest.fixture(autouse=True)
def digest_key(monkeypatch):
    monkeypatch.setenv(SETTING, "a key for digests")


def token_for(email):
    return addresses.address_for(email, environment=ENVIRONMENT).rpartition("/")[2]


def test_an_address_stands_for_one_e_mail_address_and_does_not_show_it():
    address = addresses.address_for("Ada@example.org", environment=ENVIRONMENT)

    assert address.startswith("https://commonpurse.example/unsubscribe/")
    assert "ada" not in address.lower().removeprefix("https://commonpurse.example/unsubscribe/")
    read = addresses.read(token_for("ada@example.org"), environment=ENVIRONMENT)
    assert read == digest(Channel.EMAIL, "Ada@example.org")
    assert token_for("ada@example.org") != token_for("kim@example.org")


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:0],
        lambda token: token[:-1],
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: ("0" if token[0] != "0" else "1") + token[1:],
        lambda token: token.upper(),
        lambda token: token + "\n",
    ],
)
def test_an_address_that_somebody_changed_is_none_of_ours(change):
    with pytest.raises(addresses.NoSuchAddressError):
        addresses.read(change(token_for("ada@example.org")), environment=ENVIRONMENT)


def test_an_address_of_another_key_is_none_of_ours():
    other, token = {**ENVIRONMENT, addresses.KEY: "another key"}, token_for("ada@example.org")

    with pytest.raises(addresses.NoSuchAddressError):
        addresses.read(token, environment=other)


def test_without_a_web_address_there_is_none_and_without_tls_or_key_nothing_goes():
    assert addresses.address_for("ada@example.org", environment={}) is None
    plain = {**ENVIRONMENT, addresses.WEB_ADDRESS: "http://commonpurse.example"}
    with pytest.raises(SettingUnfitError):
        addresses.address_for("ada@example.org", environment=plain)
    with pytest.raises(SettingMissingError):
        addresses.address_for("ada@example.org", environment={**ENVIRONMENT, addresses.KEY: ""})
