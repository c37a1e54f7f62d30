"""What payments does outside, and the events it applies from its tables."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from services.payments.bank_client import BankClient, TransferOrder
from services.payments.bank_events import handlers as bank_events
from services.payments.cards import handlers as cards
from services.payments.cards import issuing
from services.payments.disputes import handlers as disputes
from services.payments.fetching import handlers as fetching
from services.payments.issuer_client import CardOrder, IssuerClient
from services.payments.issuer_events import handlers as issuer_events
from services.payments.issuer_events.rules import IssuerName
from services.payments.payees import accounts
from services.payments.rails import handlers as rails
from services.payments.rails.rules import Party
from services.payments.rails.waiting import ENQUIRE
from services.payments.settings import PaymentsSettings
from services.payments.transfers import handlers as transfers
from shared import clock
from shared.messaging.errands import Arguments, Kind


class NoClientError(Exception):
    """The issuer's webhooks are understood, and nobody has written how it is called."""


def kinds() -> Mapping[str, Kind]:
    """Return every kind of errand, with the issuer and the bank that the settings name.

    Raises:
        NoClientError: the issuer is one that cannot be called yet.
    """
    settings = PaymentsSettings.from_environment()
    if settings.issuer is not IssuerName.STRIPE:
        raise NoClientError(settings.issuer)
    return kinds_with(
        issuer=IssuerClient(url=settings.issuer_url, api_key=settings.issuer_api_key),
        bank=BankClient(url=settings.bank_url, api_key=settings.bank_api_key),
    )


def kinds_with(*, issuer: IssuerClient, bank: BankClient) -> Mapping[str, Kind]:
    """Return every kind of errand. The issuer knows a repeat by its key: asking is calling."""
    issue_card = partial(_issue_card, issuer)
    close_card = partial(_close_card, issuer)
    set_status = partial(_set_status, issuer)
    replace_card = partial(_replace_card, issuer)
    return {
        cards.ISSUE_CARD: Kind(
            call=issue_card,
            enquire=issue_card,
            record=issuing.record_card,
            give_up=issuing.card_not_issued,
        ),
        cards.CLOSE_CARD: Kind(
            call=close_card,
            enquire=close_card,
            record=issuing.card_closed,
            give_up=issuing.card_not_closed,
        ),
        cards.SET_CARD_STATUS: Kind(
            call=set_status,
            enquire=set_status,
            record=issuing.record_status,
            give_up=issuing.status_not_set,
        ),
        cards.REPLACE_CARD: Kind(
            call=replace_card,
            enquire=replace_card,
            record=issuing.record_replacement,
            give_up=issuing.card_not_replaced,
        ),
        fetching.FETCH_AUTHORISATION: Kind(
            call=partial(_fetch_authorisation, issuer),
            enquire=partial(_fetch_authorisation, issuer),
            record=fetching.record_authorisation,
            give_up=fetching.authorisation_not_fetched,
        ),
        fetching.LIST_EVENTS: Kind(
            call=partial(_list_events, issuer),
            enquire=partial(_list_events, issuer),
            record=fetching.record_events,
            give_up=fetching.events_not_listed,
        ),
        disputes.SEND_DISPUTE: Kind(
            call=partial(_send_dispute, issuer),
            enquire=partial(_send_dispute, issuer),
            record=disputes.record_sent,
            give_up=disputes.not_sent,
        ),
        transfers.ORDER_TRANSFER: Kind(
            call=partial(_order_transfer, bank),
            enquire=partial(_find_transfer, bank),
            record=transfers.record_order,
            give_up=transfers.order_given_up,
        ),
        **_rails(issuer, bank),
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


def _rails(issuer: IssuerClient, bank: BankClient) -> Mapping[str, Kind]:
    """Whether somebody answers, and whether something was paid: asking again does no harm."""

    def asking(
        call: Callable[[UUID, Arguments], Any],
        record: Callable[..., None],
        give_up: Callable[..., None],
    ) -> Kind:
        return Kind(call=call, enquire=call, record=record, give_up=give_up)

    return {
        rails.PROBE[Party.ISSUER]: asking(
            lambda *_: issuer.answers(), rails.record_probe, rails.probe_given_up
        ),
        rails.PROBE[Party.BANK]: asking(
            lambda *_: bank.answers(), rails.record_probe, rails.probe_given_up
        ),
        ENQUIRE[Party.ISSUER]: asking(
            partial(_close_and_ask, issuer), rails.record_card_enquiry, rails.enquiry_given_up
        ),
        ENQUIRE[Party.BANK]: asking(
            lambda _, one: {"order": bank.find(one["reference"])},
            rails.record_transfer_enquiry,
            rails.enquiry_given_up,
        ),
    }


def _issue_card(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> Mapping[str, str]:
    issuer_cardholder_id = arguments["issuer_cardholder_id"] or issuer.create_cardholder(
        reference=UUID(arguments["holder_reference"]), name=arguments["holder_name"]
    )
    order = _card_order(arguments, issuer_cardholder_id=issuer_cardholder_id)
    issuer_card_id = issuer.create_card(order, errand_id=errand_id)
    return {"issuer_cardholder_id": issuer_cardholder_id, "issuer_card_id": issuer_card_id}


def _card_order(arguments: Arguments, **more: Any) -> CardOrder:
    names = {field.name for field in fields(CardOrder)}
    return CardOrder(**{name: arguments[name] for name in names & arguments.keys()} | more)


def _set_status(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> str:
    return issuer.set_card_status(
        errand_id=errand_id,
        issuer_card_id=arguments["issuer_card_id"],
        status=arguments["status"],
    )


def _replace_card(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> Mapping[str, str]:
    """Close the lost card first; the answer names the old one where no other is needed."""
    lost, because = arguments["issuer_card_id"], arguments["because"]
    issuer.report_loss(errand_id=errand_id, issuer_card_id=lost, because=because)
    if not arguments["is_needed"]:
        return {"issuer_card_id": lost}
    order = _card_order(arguments, replacement_for=lost, replacement_reason=because)
    return {"issuer_card_id": issuer.create_card(order, errand_id=errand_id)}


def _close_card(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> str:
    return issuer.close_card(errand_id=errand_id, issuer_card_id=arguments["issuer_card_id"])


def _fetch_authorisation(
    issuer: IssuerClient, errand_id: UUID, arguments: Arguments
) -> Mapping[str, Any]:
    read_at = clock.now()  # before the answer: what it says was so then, or later
    found = issuer.authorisation(arguments["authorisation_id"])
    return {"object": found, "read_at": read_at.timestamp()}


def _list_events(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> Mapping[str, Any]:
    since = int(datetime.fromisoformat(arguments["since"]).timestamp())
    events, after = issuer.undelivered(since=since, after=arguments["after"])
    return {"events": events, "after": after}


def _send_dispute(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> str:
    return issuer.send_dispute(errand_id=errand_id, **arguments)


def _close_and_ask(issuer: IssuerClient, errand_id: UUID, arguments: Arguments) -> bool:
    """Close all cards, so that nobody uses them afterwards, and only then ask whether one was."""
    issuer_card_ids, apart_from = arguments["issuer_card_ids"], arguments["apart_from"]
    for one in issuer_card_ids:
        issuer.close_card(errand_id=uuid5(errand_id, one), issuer_card_id=one)
    return any(issuer.is_used(one, apart_from=apart_from) for one in issuer_card_ids)


def _order_transfer(bank: BankClient, errand_id: UUID, arguments: Arguments) -> Mapping[str, Any]:
    account = accounts.unseal(
        arguments["sealed_account"],
        payee_id=UUID(arguments["payee_id"]),
        version=arguments["details_version"],
    )
    order = TransferOrder(
        reference=arguments["reference"],
        amount_pence=arguments["amount_pence"],
        payee_name=arguments["payee_name"],
        sort_code=account.sort_code,
        account_number=account.account_number,
        remittance=arguments["remittance"],
    )
    return bank.order(order, errand_id=errand_id)


def _find_transfer(
    bank: BankClient, errand_id: UUID, arguments: Arguments
) -> Mapping[str, Any] | None:
    return bank.find(arguments["reference"])
