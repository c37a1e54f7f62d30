"""An address is recognised however it is written, and cannot be read from its digest."""

import pytest

from services.notifications.people.digests import SETTING, digest
from services.notifications.people.rules import Channel
from shared.settings import SettingMissingError

MOBILE = "07700 900123"


@pytest.mark.parametrize("written", ["07700900123", "+44 7700 900123", "00447700900123"])
def test_a_number_is_the_same_however_it_is_written(written):
    assert digest(Channel.SMS, written) == digest(Channel.SMS, MOBILE)


def test_an_address_is_the_same_in_capitals():
    assert digest(Channel.EMAIL, "Alex@Example.org ") == digest(Channel.EMAIL, "alex@example.org")


def test_other_addresses_channels_and_keys_give_other_digests(monkeypatch):
    one = digest(Channel.SMS, MOBILE)

    assert "900123" not in one
    assert digest(Channel.SMS, "07700 900124") != one
    assert digest(Channel.EMAIL, MOBILE) != one
    monkeypatch.setenv(SETTING, "another key")
    assert digest(Channel.SMS, MOBILE) != one


def test_without_a_key_there_are_no_digests(monkeypatch):
    monkeypatch.delenv(SETTING)

    with pytest.raises(SettingMissingError):
        digest(Channel.SMS, MOBILE)
