"""Personal data between services: encrypted, bound to its place, and its keys can be changed."""

import base64

import pytest

from shared.contracts import sealing

OLD = f"old:{base64.b64encode(b'o' * 32).decode()}"
NEW = f"new:{base64.b64encode(b'n' * 32).decode()}"


@pytest.fixture
def keys(monkeypatch):
    def use(setting):
        monkeypatch.setenv(sealing.SETTING, setting)

    use(OLD)
    return use


def test_what_is_sealed_shows_nothing_and_opens_again(keys):
    sealed = sealing.seal(b"somebody's name", about="a place")

    assert "name" not in sealed
    assert b"name" not in base64.b64decode(sealed)
    assert sealing.unseal(sealed, about="a place") == b"somebody's name"


def test_the_same_text_is_never_sealed_alike(keys):
    assert sealing.seal(b"text", about="") != sealing.seal(b"text", about="")


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-1], lambda raw: raw[:-1] + b"\x00", bytes])
def test_what_was_changed_or_moved_to_another_place_does_not_open(keys, spoil):
    sealed = sealing.seal_bytes(b"text", about="one place")

    with pytest.raises(sealing.BrokenSealError) as broken:
        sealing.open_bytes(spoil(sealed), about="another place")
    assert broken.value.reason == "broken_seal"


@pytest.mark.parametrize("rubbish", ["", "old:", "old:short", "!", "b2xkOg=="])
def test_rubbish_does_not_open(keys, rubbish):
    with pytest.raises(sealing.BrokenSealError):
        sealing.unseal(rubbish, about="")


def test_keys_are_changed_without_a_pause(keys):
    before = sealing.seal(b"text", about="")

    keys(f"{OLD} {NEW}")  # everybody can open with the new key before anybody seals with it
    between = sealing.seal(b"text", about="")
    keys(f"{NEW} {OLD}")
    after = sealing.seal(b"text", about="")
    assert [sealing.unseal(one, about="") for one in (before, between, after)] == [b"text"] * 3

    keys(NEW)
    assert sealing.unseal(after, about="") == b"text"
    with pytest.raises(sealing.BrokenSealError) as unknown:
        sealing.unseal(before, about="")
    assert unknown.value.reason == "unknown_key"


@pytest.mark.parametrize("setting", ["nameless", ":AAAA", "short:AAAA", "bad:!!!!", f"{OLD} x"])
def test_keys_that_are_none_are_refused_and_not_shown(keys, setting):
    keys(setting)

    with pytest.raises(sealing.BadSealingKeysError) as refused:
        sealing.seal(b"text", about="")
    assert "AAAA" not in str(refused.value)
