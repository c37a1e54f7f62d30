"""Virtual cards: issued, changed, replaced, and cancelled after so many payments."""

import time
from http import HTTPStatus

from simulators.card_issuer import cardholders
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form, whole_amount
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.spending_controls import spending_controls
from simulators.card_issuer.store import PAGING, Wire

KIND = "issuing.card"
VALID_YEARS = 3
STATUSES = ("active", "inactive", "canceled")
REPLACEMENT_REASONS = ("damaged", "expired", "lost", "stolen")


def create(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only(
        "cardholder",
        "currency",
        "type",
        "status",
        "metadata",
        "spending_controls",
        "lifecycle_controls",
        "replacement_for",
        "replacement_reason",
    )
    with issuer.store.lock:
        replaced = card_to_replace(form, issuer=issuer)
        card = {
            **new_card(form, issuer=issuer),
            "replacement_for": replaced["id"] if replaced else None,
            "replacement_reason": form.one_of("replacement_reason", *REPLACEMENT_REASONS)
            if replaced
            else None,
        }
        issuer.store.save(card)
        if replaced:
            issuer.store.save({**replaced, "replaced_by": card["id"]})
    issuer.events.tell("issuing_card.created", card)
    if replaced:
        told = {**replaced, "replaced_by": card["id"]}
        issuer.events.tell("issuing_card.updated", told, before=replaced)
    return card


def new_card(form: Form, *, issuer: Issuer) -> Wire:
    today = time.gmtime(issuer.clock.seconds())
    return {
        **issuer.mint.new_object(KIND, prefix="ic"),
        "brand": "Visa",
        "cancellation_reason": None,
        "cardholder": issuer.store.read(
            cardholders.KIND,
            form.text("cardholder"),
            param="cardholder",
            status=HTTPStatus.BAD_REQUEST,
        ),
        "currency": form.one_of("currency", "gbp"),
        "exp_month": today.tm_mon,
        "exp_year": today.tm_year + VALID_YEARS,
        "financial_account": None,
        "last4": issuer.mint.digits(4),
        "latest_fraud_warning": None,
        "lifecycle_controls": lifecycle_controls(form),
        "metadata": form.metadata(),
        "personalization_design": None,
        "replaced_by": None,
        "second_line": None,
        "shipping": None,
        "spending_controls": spending_controls(form),
        "status": form.one_of("status", "active", "inactive", default="inactive"),
        "type": form.one_of("type", "virtual"),
        "wallets": None,
    }


def lifecycle_controls(form: Form) -> Wire | None:
    """Read after how many payments the card ends.

    Raises:
        StripeError: not a number from 1.
    """
    cancel_after = form.inside("lifecycle_controls").get("cancel_after")
    if cancel_after is None:
        return None
    param = "lifecycle_controls[cancel_after][payment_count]"
    count = cancel_after.get("payment_count", "") if isinstance(cancel_after, dict) else ""
    return {"cancel_after": {"payment_count": whole_amount(count, param=param, least=1)}}


def card_to_replace(form: Form, *, issuer: Issuer) -> Wire | None:
    if "replacement_for" not in form:
        return None
    replaced = issuer.store.read(
        KIND,
        form.text("replacement_for"),
        param="replacement_for",
        status=HTTPStatus.BAD_REQUEST,
    )
    if replaced["replaced_by"] is not None:
        raise StripeError("This card has been replaced already.", param="replacement_for")
    return replaced


def retrieve(*, form: Form, issuer: Issuer, card_id: str) -> Wire:
    form.accept_only()
    return issuer.store.read(KIND, card_id, param="card")


def find(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only("cardholder", "status", "type", "last4", *PAGING)

    def fits(wire: Wire) -> bool:
        named = {name: wire[name] for name in ("status", "type", "last4")}
        return form.asks_for(cardholder=wire["cardholder"]["id"], **named)

    return issuer.store.page(KIND, url="/v1/issuing/cards", form=form, fits=fits)


def update(*, form: Form, issuer: Issuer, card_id: str) -> Wire:
    """Change a card's status, limits or metadata. A cancelled card stays cancelled."""
    form.accept_only("status", "cancellation_reason", "metadata", "spending_controls")
    with issuer.store.lock:
        before = issuer.store.read(KIND, card_id, param="card")
        status = form.one_of("status", *STATUSES, default=before["status"])
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


def cancel_if_used_up(card_id: str, *, issuer: Issuer) -> None:
    """Cancel a card that was to make so many payments and has; nothing paid is no payment."""
    with issuer.store.lock:
        before = issuer.store.read(KIND, card_id, param="card")
        controls = before["lifecycle_controls"]
        if controls is None or before["status"] == "canceled":
            return
        approved = sum(
            1
            for one in issuer.store.authorisations_of(card_id)
            if one["approved"] and any(entry["amount"] for entry in one["request_history"])
        )
        unasked = issuer.store.newest_first(
            "issuing.transaction",
            fits=lambda one: (
                one["card"] == card_id and one["authorization"] is None and one["amount"] < 0
            ),
        )
        if approved + len(unasked) < controls["cancel_after"]["payment_count"]:
            return
        card = {**before, "status": "canceled"}
        issuer.store.save(card)
    issuer.events.tell("issuing_card.updated", card, before=before)
