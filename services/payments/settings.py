"""What payments needs from its environment beside what every service needs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from services.payments.issuer_events.rules import IssuerName
from shared.settings import ServiceSettings, required


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsSettings:
    """Who the issuer and the bank are, and with what we know one another."""

    service: ServiceSettings
    issuer_url: str
    issuer_api_key: str = field(repr=False)
    issuer_authorisations_secret: str = field(repr=False)
    issuer_events_secret: str = field(repr=False)
    bank_url: str
    bank_api_key: str = field(repr=False)
    bank_webhook_secret: str = field(repr=False)
    issuer: IssuerName = IssuerName.STRIPE  # in whose form its webhooks come
    receipts_directory: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        return cls(
            service=ServiceSettings.from_environment(environment),
            issuer_url=required(environment, "PAYMENTS_ISSUER_URL"),
            issuer_api_key=required(environment, "PAYMENTS_ISSUER_API_KEY"),
            issuer_authorisations_secret=required(
                environment, "PAYMENTS_ISSUER_AUTHORISATIONS_SECRET"
            ),
            issuer_events_secret=required(environment, "PAYMENTS_ISSUER_EVENTS_SECRET"),
            bank_url=required(environment, "PAYMENTS_BANK_URL"),
            bank_api_key=required(environment, "PAYMENTS_BANK_API_KEY"),
            bank_webhook_secret=required(environment, "PAYMENTS_BANK_WEBHOOK_SECRET"),
            issuer=IssuerName(environment.get("PAYMENTS_ISSUER") or IssuerName.STRIPE),
            receipts_directory=required(environment, "PAYMENTS_RECEIPTS_DIRECTORY"),
        )
