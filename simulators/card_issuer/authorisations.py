"""Purchases with a card: asked about, decided, and looked up."""

from http import HTTPStatus

from simulators.card_issuer import balances, cards
from simulators.card_issuer.asking import Decision
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.merchants import merchant_data
from simulators.card_issuer.objects import (
    new_authorisation,
    new_pending_request,
    request_history_entry,
)
from simulators.card_issuer.spending_controls import is_within_controls
from simulators.card_issuer.store import PAGING, Wire

KIND = "issuing.authorization"
METHODS = ("online", "chip", "contactless", "keyed_in", "swipe")
CURRENCY_LENGTH = 3


def retrieve(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    form.accept_only()
    return issuer.store.read(KIND, authorisation_id, param="authorization")


def find(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only("card", "cardholder", "status", *PAGING)

    def fits(wire: Wire) -> bool:
        return form.asks_for(
            card=wire["card"]["id"], cardholder=wire["cardholder"], status=wire["status"]
        )

    return issuer.store.page(KIND, url="/v1/issuing/authorizations", form=form, fits=fits)


def create(*, form: Form, issuer: Issuer) -> Wire:
    """Make a purchase: the programme is asked, unless the card alone decides."""
    form.accept_only(
        "card",
        "amount",
        "merchant_amount",
        "currency",
        "merchant_currency",
        "merchant_data",
        "authorization_method",
        "is_amount_controllable",
    )
    card = issuer.store.read(
        cards.KIND, form.text("card"), param="card", status=HTTPStatus.BAD_REQUEST
    )
    asked = pending_request(form, card_currency=card["currency"])
    authorisation = new_authorisation(
        issuer.mint,
        card=card,
        merchant=merchant_data(form),
        currency=asked["currency"],
        merchant_currency=asked["merchant_currency"],
        method=form.one_of("authorization_method", *METHODS, default="online"),
        pending_request=asked,
    )
    issuer.store.save(authorisation)
    _, decided = decide(authorisation, issuer=issuer)
    issuer.events.tell("issuing_authorization.created", decided)
    cards.cancel_if_used_up(card["id"], issuer=issuer)
    return decided


def pending_request(form: Form, *, card_currency: str) -> Wire:
    """Read what a shop asks for, in the card's currency and in its own.

    Raises:
        StripeError: the shop has another currency, and the amount in the card's is missing.
    """
    currency = form.one_of("currency", card_currency, default=card_currency)
    merchant_currency = form.text("merchant_currency", default=currency)
    if len(merchant_currency) != CURRENCY_LENGTH:
        raise StripeError("Invalid currency.", param="merchant_currency")
    is_foreign = merchant_currency != currency
    amount = form.amount("amount" if "amount" in form or is_foreign else "merchant_amount")
    return new_pending_request(
        amount=amount,
        currency=currency,
        is_amount_controllable=form.truth("is_amount_controllable", default=False),
        merchant_amount=form.amount("merchant_amount", default=amount),
        merchant_currency=merchant_currency,
    )


def decide(authorisation: Wire, *, issuer: Issuer) -> tuple[Wire, Wire]:
    """Settle the pending request; gives the authorisation before and after."""
    asked = authorisation["pending_request"]
    reason = refusal(authorisation, issuer=issuer)
    if reason is None:
        decision = issuer.asker.ask(authorisation)
    else:
        issuer.log.write("authorisation_refused", authorisation=authorisation["id"], reason=reason)
        decision = Decision(approved=False, amount=asked["amount"], reason=reason)
    with issuer.store.lock:
        before = issuer.store.read(KIND, authorisation["id"])
        after = decided(before, decision, pending_request=asked, issuer=issuer)
        issuer.store.save(after)
    return before, after


def refusal(authorisation: Wire, *, issuer: Issuer) -> str | None:
    """Tell why the issuer itself declines, in Stripe's words. None: ask."""
    card = issuer.store.read(cards.KIND, authorisation["card"]["id"])
    if card["status"] != "active":
        return f"card_{card['status']}"
    if card["cardholder"]["status"] != "active":
        return f"cardholder_{card['cardholder']['status']}"
    others = [
        one
        for one in issuer.store.authorisations_of(card["id"])
        if one["id"] != authorisation["id"]
    ]
    is_within = is_within_controls(
        card["spending_controls"],
        merchant=authorisation["merchant_data"],
        amount=authorisation["amount"] + authorisation["pending_request"]["amount"],
        others=others,
        now=issuer.clock.seconds(),
    )
    return None if is_within else "spending_controls"


def decided(before: Wire, decision: Decision, *, pending_request: Wire, issuer: Issuer) -> Wire:
    """Apply a decision. A refused increment leaves what was approved before."""
    is_first = not before["request_history"]
    amount, merchant_amount = before["amount"], before["merchant_amount"]
    if decision.approved or is_first:
        amount += decision.amount
        is_whole = decision.amount == pending_request["amount"]
        merchant_amount += pending_request["merchant_amount"] if is_whole else decision.amount
    entry = request_history_entry(
        issuer.mint,
        pending_request=pending_request,
        amount=decision.amount,
        approved=decision.approved,
        reason=decision.reason,
        reason_message=decision.reason_message,
    )
    status = before["status"]
    if is_first and not decision.approved:
        status = "closed"
    after = {
        **before,
        "amount": amount,
        "approved": decision.approved if is_first else before["approved"],
        "merchant_amount": merchant_amount,
        "metadata": {**before["metadata"], **decision.metadata},
        "pending_request": None,
        "request_history": [*before["request_history"], entry],
        "status": status,
    }
    return balances.followed(before, after, issuer=issuer)
