"""What the environment decides."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

READY_USERS = Path(__file__).with_name("users.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the issuers are, and the one relying party that is known from the start."""

    url: str  # of this process, before each issuer's path; empty: as it was asked
    browser_url: str  # the same for a browser, where that is elsewhere
    client_id: str
    client_secret: str  # at councils
    client_key_id: str
    client_public_key: bytes  # PEM; at NHS login, CIS2 and, as another way, councils
    redirect_uris: tuple[str, ...]
    logout_uris: tuple[str, ...]  # where a browser goes after signing out
    backchannel_uri: str  # where logout tokens go; empty: nowhere
    audience: str  # of tokens for partners' systems
    users: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            KeyError: one of those without a default is missing.
            ValueError: the key is not base64.
        """
        url = environment.get("IDENTITY_URL", "").rstrip("/")
        return cls(
            url=url,
            browser_url=environment.get("IDENTITY_BROWSER_URL", "").rstrip("/") or url,
            client_id=environment.get("IDENTITY_CLIENT_ID") or "common-purse",
            client_secret=environment["IDENTITY_CLIENT_SECRET"],
            client_key_id=environment.get("IDENTITY_CLIENT_KEY_ID") or "commonpurse-1",
            client_public_key=base64.b64decode(
                environment["IDENTITY_CLIENT_PUBLIC_KEY"], validate=True
            ),
            redirect_uris=tuple(environment.get("IDENTITY_REDIRECT_URIS", "").split()),
            logout_uris=tuple(environment.get("IDENTITY_LOGOUT_URIS", "").split()),
            backchannel_uri=environment.get("IDENTITY_BACKCHANNEL_URI", ""),
            audience=environment.get("IDENTITY_AUDIENCE") or "common-purse",
            users=Path(environment.get("IDENTITY_USERS") or READY_USERS),
        )
