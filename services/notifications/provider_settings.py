"""What the providers beside GOV.UK Notify take from the environment, if one of them is used."""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.notifications.settings import SettingUnfitError
from shared.settings import required

MAIL_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
FREE_TEXT_PLANS = {
    "email": "00000000-0000-0000-0000-000000000002",
    "sms": "00000000-0000-0000-0000-000000000003",
}
_URL = "NOTIFICATIONS_MAIL_URL"
_LETTERS = "NOTIFICATIONS_LETTERS_DIRECTORY"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Which mail server takes our e-mails, and in whose name they go."""

    scheme: str  # smtp: with STARTTLS; smtps: TLS from the start; smtp+plain: neither
    host: str
    port: int
    user: str
    password: str
    sender: Address
    timeout_seconds: float

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings.

        Raises:
            SettingMissingError, SettingUnfitError: one is missing or cannot be used.
        """
        url = urlsplit(required(environment, _URL))
        if url.scheme not in MAIL_PORTS or not url.hostname:
            raise SettingUnfitError(_URL, wanted="smtp://, smtps:// or smtp+plain:// and a host")
        is_production = environment.get("COMMONPURSE_ENVIRONMENT") == "production"
        if url.scheme == "smtp+plain" and is_production:
            raise SettingUnfitError(_URL, wanted="smtp:// or smtps:// in production")
        return cls(
            scheme=url.scheme,
            host=url.hostname,
            port=url.port or MAIL_PORTS[url.scheme],
            user=unquote(url.username or ""),
            password=unquote(url.password or ""),
            sender=_address(environment, "NOTIFICATIONS_MAIL_FROM"),
            timeout_seconds=float(environment.get("NOTIFICATIONS_MAIL_TIMEOUT_SECONDS", "20")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NhsNotifySettings:
    """How NHS Notify is reached, and by which of its routing plans each channel goes.

    The plans that are there unless set are NHS Notify's own for free text. Others take the same
    fields: ``sms_body``; ``email_subject`` and ``email_body``.
    """

    url: str
    api_key: str
    key_id: str
    private_key: RSAPrivateKey
    routing_plan_ids: Mapping[str, str]
    timeout_seconds: float

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings.

        Raises:
            SettingMissingError, SettingUnfitError: one is missing or cannot be used.
        """
        return cls(
            url=required(environment, "NOTIFICATIONS_NHS_URL").rstrip("/"),
            api_key=required(environment, "NOTIFICATIONS_NHS_API_KEY"),
            key_id=required(environment, "NOTIFICATIONS_NHS_KEY_ID"),
            private_key=_private_key(environment, "NOTIFICATIONS_NHS_PRIVATE_KEY"),
            routing_plan_ids={
                channel: environment.get(f"NOTIFICATIONS_NHS_{channel.upper()}_PLAN_ID") or plan_id
                for channel, plan_id in FREE_TEXT_PLANS.items()
            },
            timeout_seconds=float(environment.get("NOTIFICATIONS_NHS_TIMEOUT_SECONDS", "20")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NhsCallbackSettings:
    """How we know that a receipt comes from NHS Notify: it knows a key, and signs with both."""

    application_id: str
    api_key: str  # the one that NHS Notify gave us for its callbacks

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self | None:
        """Read the settings; None where NHS Notify serves nobody."""
        if not environment.get("NOTIFICATIONS_NHS_CALLBACK_KEY"):
            return None
        return cls(
            application_id=required(environment, "NOTIFICATIONS_NHS_APPLICATION_ID"),
            api_key=required(environment, "NOTIFICATIONS_NHS_CALLBACK_KEY"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFolderSettings:
    """Where letters are laid down for whoever prints them."""

    folder: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings.

        Raises:
            SettingMissingError, SettingUnfitError: it is missing, or no folder is there.
        """
        folder = Path(required(environment, _LETTERS))
        if not folder.is_dir():
            raise SettingUnfitError(_LETTERS, wanted="a folder")
        return cls(folder=folder)


def _address(environment: Mapping[str, str], name: str) -> Address:
    """Read ``Common Purse <purse@example.org>``, or the address alone."""
    text = required(environment, name)
    parts = re.fullmatch(r"(?:([^<>\r\n]+?)\s*<)?([!-;=?A-~]+@[A-Za-z0-9.-]+)>?", text)
    if parts is None or (parts[1] is None) == text.endswith(">"):
        raise SettingUnfitError(name, wanted="a name and <an address>, or an address")
    return Address(display_name=parts[1] or "", addr_spec=parts[2])


def _private_key(environment: Mapping[str, str], name: str) -> RSAPrivateKey:
    """Read an RSA key: PEM, in base64 so that it is one line."""
    text = required(environment, name)
    try:
        key = load_pem_private_key(base64.b64decode(text, validate=True), password=None)
    except (ValueError, TypeError) as error:
        raise SettingUnfitError(name, wanted="an RSA key in PEM, in base64") from error
    if not isinstance(key, RSAPrivateKey):
        raise SettingUnfitError(name, wanted="an RSA key in PEM, in base64")
    return key
