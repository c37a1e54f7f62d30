"""What payments does outside, and the events it applies from its tables."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from services.payments.bank_events import handlers as bank_events
from services.payments.cards import handlers as cards
from services.payments.clients import BankClient, IssuerClient, TransferOrder
from services.payments.issuer_events import handlers as issuer_events
from services.payments.settings import PaymentsSettings
from services.payments.transfers import handlers as transfers
from shared.messaging.errands import Arguments, Kind


def kinds() -> Mapping[str, Kind]:
    settings = PaymentsSettings.from_environment()
    return kinds_with(
        issuer=IssuerClient(url=settings.issuer_url, api_key=settings.issuer_api_key),
        bank=BankClient(url=settings.bank_url, api_key=settings.bank_api_key),
    )


def kinds_with(*, issuer: IssuerClient, bank: BankClient) -> Mapping[str, Kind]:
    """Return every kind of errand. The issuer knows a repeat by its key: asking is calling."""
    issue_card = partial(_issue_card, issuer)
    close_card = partial(_close_card, issuer)
    return {
        cards.ISSUE_CARD: Kind(
            call=issue_card,
            enquire=issue_card,
            record=cards.record_card,
            give_up=cards.card_not_issued,
        ),
        cards.CLOSE_CARD: Kind(
            call=close_card,
            enquire=close_card,
            record=cards.card_closed,
            give_up=cards.card_not_closed,
        ),
        transfers.ORDER_TRANSFER: Kind(
            call=partial(_order_transfer, bank),
            enquire=partial(_find_transfer, bank),
            record=transfers.record_order,
            give_up=transfers.order_given_up,
        ),
        issuer_events.APPLY_ISSUER_EVENT: Kind(
            call=issuer_events.event_id_of,
            enquire=issuer_events.event_id_of,
            record=issuer_events.apply,
            give_up=issuer_events.not_applied,
        ),
        bank_events.APPLY_BANK_EVENT: Kind(
            call=bank_events.event_id_of,
            enquire=bank_events.event_id_of,
            record=bank_events.apply,
            give_up=bank_events.not_applied,
        ),
    }


def _issue_card(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> Mapping[str, str]:
    issuer_cardholder_id = arguments["issuer_cardholder_id"] or issuer.create_cardholder(
        staff_id=UUID(arguments["staff_id"]), name=arguments["holder_name"]
    )
    issuer_card_id = issuer.create_card(
        errand_id=errand_id,
        issuer_cardholder_id=issuer_cardholder_id,
        purchase_id=arguments["purchase_id"],
        limit_pence=arguments["limit_pence"],
    )
    return {"issuer_cardholder_id": issuer_cardholder_id, "issuer_card_id": issuer_card_id}


def _close_card(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> str:
    return issuer.close_card(errand_id=errand_id, issuer_card_id=arguments["issuer_card_id"])


def _order_transfer(bank: BankClient, errand_id: UUID, arguments: Arguments) -> Mapping[str, Any]:
    return bank.order(TransferOrder(**arguments), errand_id=errand_id)


def _find_transfer(
    bank: BankClient, errand_id: UUID, arguments: Arguments
) -> Mapping[str, Any] | None:
    return bank.find(arguments["reference"])
