"""Claims: of a purchase, in one part or several, and of money that nobody was asked about."""

from simulators.card_issuer import balances, cards
from simulators.card_issuer.authorisations import KIND
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.objects import new_transaction
from simulators.card_issuer.receipts import purchase_details
from simulators.card_issuer.store import Wire
from simulators.card_issuer.transactions import unasked

CAPTURABLE = {"pending", "expired", "reversed"}  # shops do claim money that they gave back


def capture(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    """Claim the money: any sum, more or less than is held, and late if the shop is late."""
    form.accept_only("capture_amount", "close_authorization", "purchase_details")
    before = issuer.store.read(KIND, authorisation_id, param="authorization")
    if not before["approved"] or before["status"] not in CAPTURABLE:
        raise StripeError("This authorization cannot be captured.", param="authorization")
    return claim(form, issuer=issuer, authorisation_id=authorisation_id)


def claim(
    form: Form, *, issuer: Issuer, authorisation_id: str, merchant_amount: int | None = None
) -> Wire:
    """Claim whatever the authorisation says: a shop can, also after a decline."""
    with issuer.store.lock:
        before = issuer.store.read(KIND, authorisation_id, param="authorization")
        captured = -sum(one["amount"] for one in before["transactions"] if one["amount"] < 0)
        amount = form.amount("capture_amount", least=1, default=max(before["amount"] - captured, 0))
        shops = merchant_amount
        if shops is None and before["merchant_currency"] != before["currency"]:
            shops = round(before["merchant_amount"] * amount / max(before["amount"], 1))
        transaction = balances.booked(
            new_transaction(
                issuer.mint,
                amount=-amount,
                card=before["card"],
                merchant=before["merchant_data"],
                currency=before["currency"],
                authorisation=before,
                merchant_amount=None if shops is None else -shops,
                merchant_currency=before["merchant_currency"],
                purchase_details=purchase_details(form),
            ),
            issuer=issuer,
        )
        is_closing = form.truth("close_authorization", default=True)
        after = balances.followed(
            before,
            {
                **before,
                "status": "closed" if is_closing else before["status"],
                "transactions": [*before["transactions"], transaction],
            },
            issuer=issuer,
        )
        issuer.store.save(transaction)
        issuer.store.save(after)
    issuer.events.tell("issuing_transaction.created", transaction)
    issuer.events.tell("issuing_authorization.updated", after, before=before)
    return after


def create_force_capture(*, form: Form, issuer: Issuer) -> Wire:
    """Claim money that nobody was asked about; the card's status does not matter."""
    transaction = unasked(form, issuer=issuer, sign=-1)
    cards.cancel_if_used_up(transaction["card"], issuer=issuer)
    return transaction
