"""Who may say who somebody is: the file of identity providers, read once at the start."""

import base64
import binascii
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Template
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from shared.settings import required

ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
KINDS = {"nhs_login", "cis2", "council"}
DEFAULT_MAX_AGE_SECONDS = 3_600


class ProvidersFileError(Exception):
    """The file of identity providers does not fit. No secret is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One identity provider, and how we read what it says."""

    name: str  # in our addresses
    title: str  # for people
    kind: str
    issuer: str
    algorithm: str  # of its tokens: one, and no other is taken
    client_id: str
    scope: str
    secret: str | RSAKey = field(repr=False)
    assertion_algorithm: str = ""  # of private_key_jwt; empty: a secret is sent instead
    names_itself: bool = False  # its iss must come beside the code (RFC 9207)
    max_age_seconds: int = DEFAULT_MAX_AGE_SECONDS
    asks: Mapping[str, str] = field(default_factory=dict)  # beside what every sign-in asks
    demands: Mapping[str, Sequence[str]] = field(default_factory=dict)  # claims of the ID token
    roles: Mapping[str, str] = field(default_factory=dict)  # theirs: ours
    organisation: str = ""  # of a council's own staff
    guests: Mapping[str, str] = field(default_factory=dict)  # our role: the guest's organisation
    organisations: Mapping[str, str] = field(default_factory=dict)  # their code: ours
    staff_ids: Mapping[str, str] = field(default_factory=dict)  # sub: the id we know them by


def load(text: str, environment: Mapping[str, str]) -> Mapping[str, Provider]:
    """Read the file's text: providers by name.

    Args:
        text: TOML; ``$GATEWAY_…`` in an issuer or a client_id stands for a setting.
        environment: the settings.

    Raises:
        ProvidersFileError: it does not fit.
        SettingMissingError: a setting is missing that it names.
    """
    try:
        entries = tomllib.loads(text)["providers"]
        found = [_provider(entry, environment) for entry in entries]
    except (KeyError, TypeError, ValueError) as error:
        raise ProvidersFileError(f"{type(error).__name__} in the file of providers") from None
    providers = {one.name: one for one in found}
    if len(providers) != len(found) or len({one.issuer for one in found}) != len(found):
        raise ProvidersFileError("A name or an issuer is there twice.")
    is_real = environment.get("COMMONPURSE_ENVIRONMENT") == "production"
    if is_real and any(urlsplit(one.issuer).scheme != "https" for one in found):
        raise ProvidersFileError("An issuer is not reached by https.")
    return providers


def _provider(entry: Mapping[str, Any], environment: Mapping[str, str]) -> Provider:
    own = {name: value for name, value in environment.items() if name.startswith("GATEWAY_")}
    named = {one: Template(entry[one]).substitute(own) for one in ("issuer", "client_id")}
    fields = {**entry, **named}
    setting = fields.pop("secret_setting", "")
    secret = required(environment, setting) if setting else _private_key(environment)
    provider = Provider(secret=secret, **fields)
    signs = {provider.algorithm, provider.assertion_algorithm or provider.algorithm}
    if provider.kind not in KINDS or signs - ALGORITHMS:
        raise ValueError
    if bool(setting) == bool(provider.assertion_algorithm):
        raise ValueError  # one way to show who we are, not both or none
    return provider


def _private_key(environment: Mapping[str, str]) -> RSAKey:
    """Take the key with which we sign who we are: PEM in base64, to be one line."""
    encoded = required(environment, "GATEWAY_CLIENT_PRIVATE_KEY")
    kid = required(environment, "GATEWAY_CLIENT_KEY_ID")
    try:
        key = RSAKey.import_key(base64.b64decode(encoded, validate=True), {"kid": kid})
    except (binascii.Error, JoseError, ValueError):
        key = None
    if key is None or not key.is_private:
        raise ProvidersFileError("GATEWAY_CLIENT_PRIVATE_KEY is no private RSA key.")
    return key
