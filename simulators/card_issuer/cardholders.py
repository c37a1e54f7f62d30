"""Cardholders: the people and companies in whose names cards are."""

from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.store import PAGING, Wire

KIND = "issuing.cardholder"
ADDRESS = ("line1", "city", "postal_code", "country")
FILTERS = ("email", "phone_number", "status", "type")
STATUSES = ("active", "inactive", "blocked")


def create(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only(
        "name", "type", "email", "phone_number", "status", "billing", "individual", "metadata"
    )
    cardholder = {
        **issuer.mint.new_object(KIND, prefix="ich"),
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


def update(*, form: Form, issuer: Issuer, cardholder_id: str) -> Wire:
    """Change how a cardholder is reached or whether they may pay; their cards follow at once."""
    form.accept_only("email", "phone_number", "status", "billing", "individual", "metadata")
    with issuer.store.lock:
        before = issuer.store.read(KIND, cardholder_id, param="cardholder")
        cardholder = {
            **before,
            "email": form.optional_text("email") or before["email"],
            "individual": form.inside("individual") or before["individual"],
            "metadata": {**before["metadata"], **form.metadata()},
            "phone_number": form.optional_text("phone_number") or before["phone_number"],
            "status": form.one_of("status", *STATUSES, default=before["status"]),
        }
        if "billing" in form:
            cardholder["billing"] = {"address": billing_address(form)}
        issuer.store.save(cardholder)
        for card in issuer.store.newest_first(
            "issuing.card", fits=lambda one: one["cardholder"]["id"] == cardholder_id
        ):
            issuer.store.save({**card, "cardholder": cardholder})
    if cardholder != before:
        issuer.events.tell("issuing_cardholder.updated", cardholder, before=before)
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


def retrieve(*, form: Form, issuer: Issuer, cardholder_id: str) -> Wire:
    form.accept_only()
    return issuer.store.read(KIND, cardholder_id, param="cardholder")


def find(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only(*FILTERS, *PAGING)

    def fits(wire: Wire) -> bool:
        return form.asks_for(**{name: wire[name] for name in FILTERS})

    return issuer.store.page(KIND, url="/v1/issuing/cardholders", form=form, fits=fits)
