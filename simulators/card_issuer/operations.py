"""Stripe's paths, and what each of them does."""

from collections.abc import Callable, Mapping

from simulators.card_issuer import (
    adjustments,
    authorisations,
    balances,
    captures,
    cardholders,
    cards,
    disputes,
    shops,
    transactions,
)
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.store import Wire

Operation = Callable[..., Wire]

SHOPS = "/v1/test_helpers/issuing"
AUTHORISATION = f"{SHOPS}/authorizations/<authorisation_id>"


def find_events(*, form: Form, issuer: Issuer) -> Wire:
    return issuer.events.find(form)


def retrieve_event(*, form: Form, issuer: Issuer, event_id: str) -> Wire:
    form.accept_only()
    return issuer.events.retrieve(event_id)


CHANGES: tuple[tuple[str, Operation], ...] = (
    ("/v1/issuing/cardholders", cardholders.create),
    ("/v1/issuing/cardholders/<cardholder_id>", cardholders.update),
    ("/v1/issuing/cards", cards.create),
    ("/v1/issuing/cards/<card_id>", cards.update),
    ("/v1/issuing/disputes", disputes.create),
    ("/v1/issuing/disputes/<dispute_id>", disputes.update),
    ("/v1/issuing/disputes/<dispute_id>/submit", disputes.submit),
    (f"{SHOPS}/authorizations", shops.buy),
    (f"{AUTHORISATION}/capture", shops.claim),
    (f"{AUTHORISATION}/expire", adjustments.expire),
    (f"{AUTHORISATION}/finalize_amount", adjustments.finalise),
    (f"{AUTHORISATION}/increment", adjustments.increment),
    (f"{AUTHORISATION}/reverse", adjustments.reverse),
    (f"{SHOPS}/transactions/create_force_capture", captures.create_force_capture),
    (f"{SHOPS}/transactions/create_unlinked_refund", transactions.create_unlinked_refund),
    (f"{SHOPS}/transactions/<transaction_id>/refund", transactions.refund),
    # Stripe has none: its name follows the others'.
    (f"{SHOPS}/transactions/<transaction_id>/reverse_refund", transactions.reverse_refund),
)
READS: tuple[tuple[str, Operation], ...] = (
    ("/v1/issuing/cardholders", cardholders.find),
    ("/v1/issuing/cardholders/<cardholder_id>", cardholders.retrieve),
    ("/v1/issuing/cards", cards.find),
    ("/v1/issuing/cards/<card_id>", cards.retrieve),
    ("/v1/issuing/authorizations", authorisations.find),
    ("/v1/issuing/authorizations/<authorisation_id>", authorisations.retrieve),
    ("/v1/issuing/transactions", transactions.find),
    ("/v1/issuing/transactions/<transaction_id>", transactions.retrieve),
    ("/v1/issuing/disputes", disputes.find),
    ("/v1/issuing/disputes/<dispute_id>", disputes.retrieve),
    ("/v1/balance_transactions", balances.find),
    ("/v1/balance_transactions/<balance_transaction_id>", balances.retrieve),
    ("/v1/events", find_events),
    ("/v1/events/<event_id>", retrieve_event),
)
# What a step of a scenario can do, by a name of its own, and the id that it is about.
BY_NAME: Mapping[str, tuple[Operation, str | None]] = {
    "cardholder": (cardholders.create, None),
    "card": (cards.create, None),
    "change_card": (cards.update, "card_id"),
    "change_cardholder": (cardholders.update, "cardholder_id"),
    "authorise": (shops.buy, None),
    "increment": (adjustments.increment, "authorisation_id"),
    "reverse": (adjustments.reverse, "authorisation_id"),
    "finalise": (adjustments.finalise, "authorisation_id"),
    "expire": (adjustments.expire, "authorisation_id"),
    "capture": (shops.claim, "authorisation_id"),
    "force_capture": (captures.create_force_capture, None),
    "unlinked_refund": (transactions.create_unlinked_refund, None),
    "refund": (transactions.refund, "transaction_id"),
    "reverse_refund": (transactions.reverse_refund, "transaction_id"),
    "dispute": (disputes.create, None),
    "submit_dispute": (disputes.submit, "dispute_id"),
}
