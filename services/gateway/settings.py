"""What the gateway takes from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from services.gateway import providers
from services.gateway.limits.rules import Allowance, Limits
from services.gateway.partner_systems import clients
from services.gateway.partner_systems.clients import Client
from services.gateway.providers import Provider
from services.gateway.stories import Stories
from shared.contracts.actor import ActorSigner
from shared.settings import required

MOST = 1_000_000  # of any limit
MOST_PROXIES = 5


class SettingUnfitError(Exception):
    """A setting is there and cannot be used. Its value is not shown."""

    def __init__(self, name: str, *, wanted: str) -> None:
        super().__init__(f"{name} must be {wanted}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Where we are reached, who may say who somebody is, and which systems may ask."""

    database_url: str = field(repr=False)
    public_url: str  # before each of our paths, as browsers and partners write it
    providers: Mapping[str, Provider]
    clients: Mapping[str, Client]
    limits: Limits = field(default_factory=Limits)
    proxies: int = 0  # before us, each of which writes in X-Forwarded-For who came to it
    stories: Stories = field(default_factory=Stories)  # whose traceparent is taken over

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read them all, so that a process without one of them does not start.

        Raises:
            SettingMissingError, SettingUnfitError, BadActorKeyError, ProvidersFileError or
                ClientsFileError.
            OSError: a file is not there.
        """
        required(environment, "COMMONPURSE_BROKER_URL")
        ActorSigner.of(environment)
        found = Path(required(environment, "GATEWAY_PROVIDERS_FILE")).read_text()
        systems = Path(required(environment, "GATEWAY_CLIENTS_FILE")).read_text()
        return cls(
            database_url=required(environment, "COMMONPURSE_DATABASE_URL"),
            public_url=_public_url(environment),
            providers=providers.load(found, environment),
            clients=clients.load(systems),
            limits=_limits(environment),
            proxies=_number(environment, "GATEWAY_PROXIES", 0, least=0, most=MOST_PROXIES),
            stories=_stories(environment),
        )


def _limits(environment: Mapping[str, str]) -> Limits:
    usual = Limits()
    return Limits(
        requests=_allowance(environment, "GATEWAY_REQUESTS", usual.requests),
        sign_ins=_allowance(environment, "GATEWAY_SIGN_INS", usual.sign_ins),
        people_per_hour=_number(environment, "GATEWAY_PEOPLE_PER_HOUR", usual.people_per_hour),
    )


def _allowance(environment: Mapping[str, str], name: str, usual: Allowance) -> Allowance:
    return Allowance(
        at_once=_number(environment, f"{name}_AT_ONCE", usual.at_once),
        per_second=_number(environment, f"{name}_PER_SECOND", usual.per_second),
    )


def _number(
    environment: Mapping[str, str], name: str, usual: int, *, least: int = 1, most: int = MOST
) -> int:
    """Return a whole number; what is not set or empty is as usual."""
    said = environment.get(name) or str(usual)
    if not (said.isascii() and said.isdigit()) or not least <= int(said) <= most:
        raise SettingUnfitError(name, wanted=f"a whole number from {least} to {most}")
    return int(said)


def _stories(environment: Mapping[str, str]) -> Stories:
    name = "GATEWAY_STORIES_FROM"
    try:
        return Stories.of(environment.get(name) or "")
    except ValueError:
        wanted = "networks (192.0.2.0/24), with a comma between"
        raise SettingUnfitError(name, wanted=wanted) from None


def _public_url(environment: Mapping[str, str]) -> str:
    name = "GATEWAY_PUBLIC_URL"
    address = required(environment, "GATEWAY_PUBLIC_URL")
    parts = urlsplit(address)
    is_real = environment.get("COMMONPURSE_ENVIRONMENT") == "production"
    if parts.scheme not in ({"https"} if is_real else {"http", "https"}):
        raise SettingUnfitError(name, wanted="an https:// address")
    if not parts.netloc or parts.path or parts.query or parts.fragment:
        raise SettingUnfitError(name, wanted="an address without a path")
    return address
