"""What the environment decides."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives import serialization

RETRY_SECONDS = 60.0  # for a quarter of an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Who may call, and where callbacks go (nowhere, if no URL is given)."""

    api_key: str  # of the application; its tokens' issuer
    key_id: str  # of the key that signs its tokens
    public_key: Any
    application_id: str
    callback_url: str
    callback_key: str  # the API key that callbacks bring
    callback_retry_seconds: float

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            KeyError: one of those without a default is missing.
            ValueError: the key or a number is malformed.
        """
        pem = base64.b64decode(environment["NHS_NOTIFY_PUBLIC_KEY"])
        return cls(
            api_key=environment["NHS_NOTIFY_API_KEY"],
            key_id=environment["NHS_NOTIFY_KEY_ID"],
            public_key=serialization.load_pem_public_key(pem),
            application_id=environment["NHS_NOTIFY_APPLICATION_ID"],
            callback_url=environment.get("NHS_NOTIFY_CALLBACK_URL", ""),
            callback_key=environment["NHS_NOTIFY_CALLBACK_KEY"],
            callback_retry_seconds=float(
                environment.get("NHS_NOTIFY_CALLBACK_RETRY_SECONDS") or RETRY_SECONDS
            ),
        )
