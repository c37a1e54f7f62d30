"""What every process of partners knows from its start: the register, and where things are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.partners.catalogue.rules import Outgoing
from services.partners.outgoing import OUTGOING
from services.partners.register import Register
from services.partners.settings import PartnersSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """The partners there are, and what can be told to them."""

    register: Register
    outgoing: Mapping[str, Outgoing]
    gateway_url: str


@cache
def current() -> Partnership:
    """Return what the settings and the partners' files say; read once in a process.

    Raises:
        SettingMissingError or PartnerFileError: nothing can start like this.
    """
    settings = PartnersSettings.from_environment()
    return Partnership(
        register=Register.read(settings.directory),
        outgoing=OUTGOING,
        gateway_url=settings.gateway_url,
    )
