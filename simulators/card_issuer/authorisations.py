"""Purchases with a card, from the question to the last word about the amount held."""

from http import HTTPStatus

from simulators.card_issuer.asking import Decision
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.merchants import merchant_data
from simulators.card_issuer.objects import (
    new_authorisation,
    new_pending_request,
    new_transaction,
    request_history_entry,
)
from simulators.card_issuer.spending_controls import is_within_controls
from simulators.card_issuer.store import PAGING, Wire

KIND = "issuing.authorization"
METHODS = ("online", "chip", "contactless", "keyed_in", "swipe")
CAPTURABLE = {"pending", "expired", "reversed"}  # shops do claim money that they gave back


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
    amount = form.amount("amount" if "amount" in form else "merchant_amount")
    card = issuer.store.read(
        "issuing.card", form.text("card"), param="card", status=HTTPStatus.BAD_REQUEST
    )
    currency = form.one_of("currency", card["currency"], default=card["currency"])
    form.one_of("merchant_currency", currency, default=currency)
    authorisation = new_authorisation(
        card=card,
        merchant=merchant_data(form),
        currency=currency,
        method=form.one_of("authorization_method", *METHODS, default="online"),
        pending_request=new_pending_request(
            amount=amount,
            currency=currency,
            is_amount_controllable=form.truth("is_amount_controllable", default=False),
        ),
    )
    issuer.store.save(authorisation)
    _, decided = decide(authorisation, issuer=issuer)
    issuer.events.tell("issuing_authorization.created", decided)
    return decided


def decide(authorisation: Wire, *, issuer: Issuer) -> tuple[Wire, Wire]:
    """Settle the pending request; gives the authorisation before and after."""
    pending_request = authorisation["pending_request"]
    reason = refusal(authorisation, issuer=issuer)
    if reason is None:
        decision = issuer.asker.ask(authorisation)
    else:
        issuer.log.write("authorisation_refused", authorisation=authorisation["id"], reason=reason)
        decision = Decision(approved=False, amount=pending_request["amount"], reason=reason)
    with issuer.store.lock:
        before = issuer.store.read(KIND, authorisation["id"])
        after = decided(before, decision, pending_request=pending_request)
        issuer.store.save(after)
    return before, after


def refusal(authorisation: Wire, *, issuer: Issuer) -> str | None:
    """Tell why the issuer itself declines, in Stripe's words. None: ask."""
    card = issuer.store.read("issuing.card", authorisation["card"]["id"])
    if card["status"] != "active":
        return f"card_{card['status']}"
    if card["cardholder"]["status"] != "active":
        return "cardholder_inactive"
    others = issuer.store.newest_first(
        KIND, fits=lambda one: one["card"]["id"] == card["id"] and one["id"] != authorisation["id"]
    )
    is_within = is_within_controls(
        card["spending_controls"],
        merchant=authorisation["merchant_data"],
        amount=authorisation["amount"] + authorisation["pending_request"]["amount"],
        others=others,
    )
    return None if is_within else "spending_controls"


def decided(before: Wire, decision: Decision, *, pending_request: Wire) -> Wire:
    """Apply a decision. A refused increment leaves what was approved before."""
    is_first = not before["request_history"]
    amount = before["amount"]
    if decision.approved or is_first:
        amount += decision.amount
    entry = request_history_entry(
        pending_request=pending_request,
        amount=decision.amount,
        approved=decision.approved,
        reason=decision.reason,
        reason_message=decision.reason_message,
    )
    status = before["status"]
    if is_first and not decision.approved:
        status = "closed"
    return {
        **before,
        "amount": amount,
        "approved": decision.approved if is_first else before["approved"],
        "merchant_amount": amount,
        "metadata": {**before["metadata"], **decision.metadata},
        "pending_request": None,
        "request_history": [*before["request_history"], entry],
        "status": status,
    }


def increment(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    """Ask for more: a further request about the additional sum."""
    form.accept_only("increment_amount", "is_amount_controllable")
    with issuer.store.lock:
        authorisation = pending(issuer, authorisation_id)
        asking = {
            **authorisation,
            "pending_request": new_pending_request(
                amount=form.amount("increment_amount", least=1),
                currency=authorisation["currency"],
                is_amount_controllable=form.truth("is_amount_controllable", default=False),
            ),
        }
        issuer.store.save(asking)
    _, after = decide(asking, issuer=issuer)
    issuer.events.tell("issuing_authorization.updated", after, before=authorisation)
    return after


def reverse(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    """Give back a part of what is held, or all of it."""
    form.accept_only("reverse_amount")
    with issuer.store.lock:
        before = pending(issuer, authorisation_id)
        amount = form.amount("reverse_amount", least=1, default=before["amount"])
        if amount > before["amount"]:
            raise StripeError("More than the authorization's amount.", param="reverse_amount")
        left = before["amount"] - amount
        after = {
            **before,
            "amount": left,
            "merchant_amount": left,
            "status": "pending" if left else "reversed",
        }
        issuer.store.save(after)
    issuer.events.tell("issuing_authorization.updated", after, before=before)
    return after


def expire(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    form.accept_only()
    with issuer.store.lock:
        before = pending(issuer, authorisation_id)
        after = {**before, "status": "expired"}
        issuer.store.save(after)
    issuer.events.tell("issuing_authorization.updated", after, before=before)
    return after


def capture(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    """Claim the money: any sum, more or less than is held, and late if the shop is late."""
    form.accept_only("capture_amount", "close_authorization")
    with issuer.store.lock:
        before = issuer.store.read(KIND, authorisation_id, param="authorization")
        if not before["approved"] or before["status"] not in CAPTURABLE:
            raise StripeError("This authorization cannot be captured.", param="authorization")
        captured = -sum(one["amount"] for one in before["transactions"])
        transaction = new_transaction(
            amount=-form.amount(
                "capture_amount", least=1, default=max(before["amount"] - captured, 0)
            ),
            card=before["card"],
            merchant=before["merchant_data"],
            currency=before["currency"],
            authorisation=before,
        )
        is_closing = form.truth("close_authorization", default=True)
        after = {
            **before,
            "status": "closed" if is_closing else before["status"],
            "transactions": [*before["transactions"], transaction],
        }
        issuer.store.save(transaction)
        issuer.store.save(after)
    issuer.events.tell("issuing_transaction.created", transaction)
    issuer.events.tell("issuing_authorization.updated", after, before=before)
    return after


def pending(issuer: Issuer, authorisation_id: str) -> Wire:
    """Read an authorisation that can still be changed.

    Raises:
        StripeError: declined, captured, reversed or expired, or being asked about.
    """
    authorisation = issuer.store.read(KIND, authorisation_id, param="authorization")
    if authorisation["status"] != "pending" or authorisation["pending_request"] is not None:
        raise StripeError("This authorization is not pending.", param="authorization")
    return authorisation
