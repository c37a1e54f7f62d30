"""What partners takes from the environment, beside what every service needs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from shared.contracts import organisations
from shared.contracts.actor import SIGNING_KEY
from shared.settings import required


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersSettings:
    """Where the partners' files are, and how their virtual hosts are reached."""

    directory: Path  # of the partners' files
    bridge_url: str = field(repr=False)  # of the broker, as the user who may enter each of them
    gateway_url: str  # where a partner reads what a signal speaks of
    # The address of our own virtual host, as the user who calls services, and who signs there.
    caller_environment: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read them all, so that a process without one of them does not start.

        Raises:
            SettingMissingError: one is missing.
        """
        return cls(
            directory=Path(required(environment, organisations.SETTING)),
            gateway_url=required(environment, "PARTNERS_GATEWAY_URL"),
            bridge_url=required(environment, "PARTNERS_BRIDGE_URL"),
            caller_environment={
                "COMMONPURSE_BROKER_URL": required(environment, "PARTNERS_CALLS_URL"),
                SIGNING_KEY: required(environment, SIGNING_KEY),
            },
        )

    def url_of(self, virtual_host: str) -> str:
        """Return the address of a partner's virtual host."""
        return urlunsplit(urlsplit(self.bridge_url)._replace(path=f"/{virtual_host}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshSettings:
    """Our mailbox at MESH, and how we show whose we are."""

    url: str
    mailbox: str
    password: str = field(repr=False)
    shared_key: str = field(repr=False)  # of the environment: MESH gives it to all who connect
    certificate: tuple[str, str] | None = None  # files: ours and its key, for mutual TLS
    authority: str = ""  # the file of who vouches for MESH
    poll_seconds: float = 300  # MESH asks for about five minutes
    chunk_bytes: int = 20 * 1024 * 1024

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read them all, so that a process without one of them does not start.

        Raises:
            SettingMissingError: one is missing.
        """
        return cls(
            url=required(environment, "PARTNERS_MESH_URL"),
            mailbox=required(environment, "PARTNERS_MESH_MAILBOX"),
            password=required(environment, "PARTNERS_MESH_PASSWORD"),
            shared_key=required(environment, "PARTNERS_MESH_SHARED_KEY"),
            certificate=_pair(environment.get("PARTNERS_MESH_CERTIFICATE", "")),
            authority=environment.get("PARTNERS_MESH_AUTHORITY", ""),
            poll_seconds=float(environment.get("PARTNERS_MESH_POLL_SECONDS") or "300"),
        )


def _pair(written: str) -> tuple[str, str] | None:
    """Return two files named one after the other, or none where nothing is said."""
    if not written:
        return None
    certificate, _, key = written.partition(" ")
    return certificate, key
