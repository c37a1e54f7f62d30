"""Cardholders and their virtual cards."""

import secrets
from http import HTTPStatus

from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.objects import expires, new_object
from simulators.card_issuer.spending_controls import spending_controls
from simulators.card_issuer.store import Wire

ADDRESS = ("line1", "city", "postal_code", "country")


def create_cardholder(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only(
        "name", "type", "email", "phone_number", "status", "billing", "individual", "metadata"
    )
    cardholder = {
        **new_object("issuing.cardholder", prefix="ich"),
        "billing": {"address": billing_address(form)},
        "company": None,
        "email": form.optional_text("email"),
        "individual": form.inside("individual") or None,
        "metadata": form.metadata(),
        "name": form.text("name"),
        "phone_number": form.optional_text("phone_number"),
        "preferred_locales": [],
        "requirements": {"disabled_reason": None, "past_due": []},
        "spending_controls": None,
        "status": form.one_of("status", "active", "inactive", default="active"),
        "type": form.one_of("type", "individual", "company", default="individual"),
    }
    issuer.store.save(cardholder)
    issuer.events.tell("issuing_cardholder.created", cardholder)
    return cardholder


def billing_address(form: Form) -> Wire:
    address = form.inside("billing").get("address", {})
    for name in ADDRESS:
        if not isinstance(address, dict) or not address.get(name):
            raise StripeError(
                f"Missing required param: billing[address][{name}].",
                param=f"billing[address][{name}]",
                code="parameter_missing",
            )
    return {**dict.fromkeys((*ADDRESS, "line2", "state")), **address}


def retrieve_cardholder(*, form: Form, issuer: Issuer, cardholder_id: str) -> Wire:
    form.accept_only()
    return issuer.store.read("issuing.cardholder", cardholder_id, param="cardholder")


def create_card(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only("cardholder", "currency", "type", "status", "metadata", "spending_controls")
    month, year = expires()
    card = {
        **new_object("issuing.card", prefix="ic"),
        "brand": "Visa",
        "cancellation_reason": None,
        "cardholder": issuer.store.read(
            "issuing.cardholder",
            form.text("cardholder"),
            param="cardholder",
            status=HTTPStatus.BAD_REQUEST,
        ),
        "currency": form.one_of("currency", "gbp"),
        "exp_month": month,
        "exp_year": year,
        "financial_account": None,
        "last4": f"{secrets.randbelow(10_000):04}",
        "latest_fraud_warning": None,
        "lifecycle_controls": None,
        "metadata": form.metadata(),
        "personalization_design": None,
        "replaced_by": None,
        "replacement_for": None,
        "replacement_reason": None,
        "second_line": None,
        "shipping": None,
        "spending_controls": spending_controls(form),
        "status": form.one_of("status", "active", "inactive", default="inactive"),
        "type": form.one_of("type", "virtual"),
        "wallets": None,
    }
    issuer.store.save(card)
    issuer.events.tell("issuing_card.created", card)
    return card


def retrieve_card(*, form: Form, issuer: Issuer, card_id: str) -> Wire:
    form.accept_only()
    return issuer.store.read("issuing.card", card_id, param="card")


def update_card(*, form: Form, issuer: Issuer, card_id: str) -> Wire:
    """Change a card's status or metadata. A cancelled card stays cancelled."""
    form.accept_only("status", "cancellation_reason", "metadata", "spending_controls")
    with issuer.store.lock:
        before = issuer.store.read("issuing.card", card_id, param="card")
        status = form.one_of("status", "active", "inactive", "canceled", default=before["status"])
        if before["status"] == "canceled" and status != "canceled":
            raise StripeError("A canceled card cannot be activated again.", param="status")
        reason = before["cancellation_reason"]
        if "cancellation_reason" in form:
            reason = form.one_of("cancellation_reason", "lost", "stolen", "design_rejected")
        card = {
            **before,
            "status": status,
            "cancellation_reason": reason,
            "metadata": {**before["metadata"], **form.metadata()},
        }
        if "spending_controls" in form:
            card["spending_controls"] = spending_controls(form)
        issuer.store.save(card)
    if card != before:
        issuer.events.tell("issuing_card.updated", card, before=before)
    return card
