"""What the gateway takes from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from services.gateway import providers
from services.gateway.partner_systems import clients
from services.gateway.partner_systems.clients import Client
from services.gateway.providers import Provider
from shared.contracts.actor import ActorSigner
from shared.settings import required


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
        )


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
