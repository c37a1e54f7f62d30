"""What changes about a purchase before it is claimed: more, less, lapsed, or a final amount."""

from simulators.card_issuer import balances
from simulators.card_issuer.authorisations import KIND, decide
from simulators.card_issuer.clock import DAY_SECONDS
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.objects import new_pending_request
from simulators.card_issuer.store import Wire

UPDATED = "issuing_authorization.updated"


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
    issuer.events.tell(UPDATED, after, before=authorisation)
    return after


def reverse(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    """Give back a part of what is held, or all of it."""
    form.accept_only("reverse_amount")
    with issuer.store.lock:
        before = pending(issuer, authorisation_id)
        least = min(1, before["amount"])  # a check for nothing is given back, too
        amount = form.amount("reverse_amount", least=least, default=before["amount"])
        if amount > before["amount"]:
            raise StripeError("More than the authorization's amount.", param="reverse_amount")
        left = before["amount"] - amount
        status = "pending" if left else "reversed"
        return changed(before, issuer=issuer, amount=left, merchant_amount=left, status=status)


def finalise(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    """Say what it comes to in the end: a pump and a hotel ask for an estimate first."""
    form.accept_only("final_amount")
    with issuer.store.lock:
        before = pending(issuer, authorisation_id)
        amount = form.amount("final_amount")
        return changed(before, issuer=issuer, amount=amount, merchant_amount=amount)


def expire(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    form.accept_only()
    with issuer.store.lock:
        return changed(pending(issuer, authorisation_id), issuer=issuer, status="expired")


def expire_the_old(issuer: Issuer) -> int:
    """Let lapse what has been pending for the days of the setting; returns how many did."""
    oldest = issuer.clock.seconds() - issuer.settings.hold_days * DAY_SECONDS

    def is_over(wire: Wire) -> bool:
        is_idle = wire["status"] == "pending" and wire["pending_request"] is None
        return is_idle and wire["created"] <= oldest

    with issuer.store.lock:
        over = issuer.store.newest_first(KIND, fits=is_over)
        for wire in over:
            changed(issuer.store.read(KIND, wire["id"]), issuer=issuer, status="expired")
    return len(over)


def changed(before: Wire, *, issuer: Issuer, **fields: object) -> Wire:
    """Keep a changed authorisation and tell of it. The caller holds the store."""
    after = balances.followed(before, {**before, **fields}, issuer=issuer)
    issuer.store.save(after)
    issuer.events.tell(UPDATED, after, before=before)
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
