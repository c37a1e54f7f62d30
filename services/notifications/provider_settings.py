"""What the providers beside GOV.UK Notify take from the environment, if one of them is used."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from services.notifications.settings import SettingUnfitError
from shared.settings import required

MAIL_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_URL = "NOTIFICATIONS_MAIL_URL"


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
class LetterFolderSettings:
    """Where letters are laid down for whoever prints them."""

    folder: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings.

        Raises:
            SettingMissingError, SettingUnfitError: it is missing, or no folder is there.
        """
        folder = Path(required(environment, "NOTIFICATIONS_LETTERS_DIRECTORY"))
        if not folder.is_dir():
            raise SettingUnfitError("NOTIFICATIONS_LETTERS_DIRECTORY", wanted="a folder")
        return cls(folder=folder)


def _address(environment: Mapping[str, str], name: str) -> Address:
    """Read ``Common Purse <purse@example.org>``, or the address alone."""
    text = required(environment, name)
    parts = re.fullmatch(r"(?:([^<>\r\n]+?)\s*<)?([!-;=?A-~]+@[A-Za-z0-9.-]+)>?", text)
    if parts is None or (parts[1] is None) == text.endswith(">"):
        raise SettingUnfitError(name, wanted="a name and <an address>, or an address")
    return Address(display_name=parts[1] or "", addr_spec=parts[2])
