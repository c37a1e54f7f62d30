"""The files that say who may come in: what does not fit stops the start."""

import base64
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey

from services.gateway import providers
from services.gateway.partner_systems import clients
from services.gateway.partner_systems.clients import ClientsFileError
from services.gateway.providers import ProvidersFileError
from services.gateway.settings import GatewaySettings, SettingUnfitError
from shared.contracts.actor import BadActorKeyError
from shared.settings import SettingMissingError

IDENTITY = Path(__file__).parents[3] / "deploy" / "identity"
FILE = (IDENTITY / "providers.toml").read_text()
KEY = RSAKey.generate_key(2048)


def pem(*, private=True):
    return base64.b64encode(KEY.as_pem(private=private)).decode()


ENVIRONMENT = {
    "COMMONPURSE_ENVIRONMENT": "local",
    "COMMONPURSE_DATABASE_URL": "postgresql+psycopg2://gateway@nowhere/gateway",
    "COMMONPURSE_BROKER_URL": "amqp://nowhere",
    "COMMONPURSE_ACTOR_SIGNING_KEY": f"edge:{base64.b64encode(bytes(32)).decode()}",
    "GATEWAY_PUBLIC_URL": "http://127.0.0.1:8083",
    "GATEWAY_PROVIDERS_FILE": str(IDENTITY / "providers.toml"),
    "GATEWAY_CLIENTS_FILE": str(IDENTITY / "clients.toml"),
    "GATEWAY_IDENTITY_URL": "http://identity.example",
    "GATEWAY_CLIENT_ID": "common-purse",
    "GATEWAY_CLIENT_SECRET": "a-secret",
    "GATEWAY_CLIENT_KEY_ID": "commonpurse-1",
    "GATEWAY_CLIENT_PRIVATE_KEY": pem(),
}


def test_the_files_of_the_local_stack_fit():
    settings = GatewaySettings.from_environment(ENVIRONMENT)

    assert set(settings.providers) == {"nhs-login", "cis2", "aldermoor", "thornby"}
    assert settings.providers["cis2"].issuer == "http://identity.example/cis2"
    assert settings.providers["cis2"].secret.kid == "commonpurse-1"
    assert settings.clients == {}


def test_no_secret_is_shown_with_a_provider():
    assert "a-secret" not in repr(providers.load(FILE, ENVIRONMENT))


@pytest.mark.parametrize("missing", sorted(set(ENVIRONMENT) - {"COMMONPURSE_ENVIRONMENT"}))
def test_a_gateway_without_one_of_its_settings_does_not_start(missing):
    environment = {name: value for name, value in ENVIRONMENT.items() if name != missing}

    with pytest.raises((SettingMissingError, ProvidersFileError, BadActorKeyError)) as refused:
        GatewaySettings.from_environment(environment)
    assert "a-secret" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:8083",
        "http://",
        "http://a.example/path",
        "http://a.example/?x",
        "ftp://a.example",
    ],
)
def test_an_address_of_ours_is_one_and_no_more(address):
    with pytest.raises(SettingUnfitError):
        GatewaySettings.from_environment({**ENVIRONMENT, "GATEWAY_PUBLIC_URL": address})


def test_in_production_everybody_is_reached_by_https():
    real = {**ENVIRONMENT, "COMMONPURSE_ENVIRONMENT": "production"}
    https = {**real, "GATEWAY_IDENTITY_URL": "https://identity.example"}

    with pytest.raises(ProvidersFileError):
        providers.load(FILE, real)
    with pytest.raises(SettingUnfitError):
        GatewaySettings.from_environment(https)
    providers.load(FILE, https)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('algorithm = "RS512"\nassertion', 'algorithm = "none"\nassertion'),
        ('algorithm = "RS512"\nassertion', 'algorithm = "HS256"\nassertion'),
        ('assertion_algorithm = "RS512"', 'assertion_algorithm = "HS512"'),
        ('kind = "nhs_login"', 'kind = "anything"'),
        ('name = "cis2"', 'name = "nhs-login"'),
        ("GATEWAY_IDENTITY_URL/cis2", "GATEWAY_IDENTITY_URL/nhs-login"),
        ("$GATEWAY_IDENTITY_URL/cis2", "$GATEWAY_NOWHERE/cis2"),
        ('title = "NHS login"', 'title = "NHS login"\nunheard_of = 1'),
        ('title = "NHS login"\n', ""),
        ('secret_setting = "GATEWAY_CLIENT_SECRET"', 'assertion = "x"'),
        ('assertion_algorithm = "RS256"', 'secret_setting = "GATEWAY_CLIENT_SECRET"\n[['),
        ("[[providers]]", "[[others]]"),
    ],
)
def test_a_file_that_does_not_fit_stops_the_start(was, becomes):
    assert was in FILE

    with pytest.raises(ProvidersFileError):
        providers.load(FILE.replace(was, becomes), ENVIRONMENT)


def test_one_of_two_ways_to_show_who_we_are_is_named_and_not_both():
    both = FILE.replace(
        'assertion_algorithm = "RS256"',
        'assertion_algorithm = "RS256"\nsecret_setting = "GATEWAY_CLIENT_SECRET"',
    )

    with pytest.raises(ProvidersFileError):
        providers.load(both, ENVIRONMENT)


@pytest.mark.parametrize("key", ["x", "eHh4", pem(private=False)])
def test_a_key_that_cannot_sign_stops_the_start(key):
    with pytest.raises(ProvidersFileError):
        providers.load(FILE, {**ENVIRONMENT, "GATEWAY_CLIENT_PRIVATE_KEY": key})


PUBLIC = ECKey.generate_key("P-256", {"kid": "one"}).as_dict(private=False)


def a_client(*, keys, organisation="nhs-trust", algorithms='["ES256"]'):
    written = ", ".join(
        "{" + ", ".join(f'{name} = "{value}"' for name, value in key.items()) + "}" for key in keys
    )
    return (
        f'[clients.records]\norganisation = "{organisation}"\n'
        f"algorithms = {algorithms}\nkeys = [{written}]\n"
    )


def test_a_client_has_an_organisation_and_keys():
    (client,) = clients.load(a_client(keys=[PUBLIC])).values()

    assert (client.client_id, client.organisation) == ("records", "nhs-trust")
    assert [key["kid"] for key in client.keys_of("one")] == ["one"]
    assert client.keys_of("two") == []


@pytest.mark.parametrize(
    "text",
    [
        a_client(keys=[]),
        a_client(keys=[PUBLIC], organisation=""),
        a_client(keys=[PUBLIC], algorithms="[]"),
        a_client(keys=[PUBLIC], algorithms='["HS256"]'),
        a_client(keys=[PUBLIC], algorithms='["none"]'),
        a_client(keys=[PUBLIC, PUBLIC]),
        a_client(keys=[{name: value for name, value in PUBLIC.items() if name != "kid"}]),
        a_client(keys=[PUBLIC | {"d": "private"}]),
        a_client(keys=[PUBLIC]) + "unheard_of = 1\n",
        "clients = 1",
        "[",
    ],
)
def test_a_client_that_does_not_fit_stops_the_start(text):
    with pytest.raises(ClientsFileError):
        clients.load(text)
