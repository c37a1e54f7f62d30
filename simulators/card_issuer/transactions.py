"""Money that moved: captures (below 0) and refunds (above 0)."""

from http import HTTPStatus

from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.merchants import merchant_data
from simulators.card_issuer.objects import new_transaction
from simulators.card_issuer.store import PAGING, Wire

KIND = "issuing.transaction"
FILTERS = ("card", "authorization", "cardholder", "type")


def retrieve(*, form: Form, issuer: Issuer, transaction_id: str) -> Wire:
    form.accept_only()
    return issuer.store.read(KIND, transaction_id, param="transaction")


def find(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only(*FILTERS, *PAGING)

    def fits(wire: Wire) -> bool:
        return form.asks_for(**{name: wire[name] for name in FILTERS})

    return issuer.store.page(KIND, url="/v1/issuing/transactions", form=form, fits=fits)


def refund(*, form: Form, issuer: Issuer, transaction_id: str) -> Wire:
    """Give back a capture, or a part of it; answers with the refund."""
    form.accept_only("refund_amount")
    with issuer.store.lock:
        captured = issuer.store.read(KIND, transaction_id, param="transaction")
        refunded = issuer.store.refunded(transaction_id)
        left = -captured["amount"] - refunded
        if captured["type"] != "capture" or left <= 0:
            raise StripeError("Nothing is left to refund.", param="transaction")
        amount = form.amount("refund_amount", least=1, default=left)
        if amount > left:
            raise StripeError("More than is left to refund.", param="refund_amount")
        issuer.store.add_refunded(transaction_id, amount)
        authorisation = None
        if captured["authorization"]:
            authorisation = issuer.store.read("issuing.authorization", captured["authorization"])
        refunding = new_transaction(
            amount=amount,
            card=issuer.store.read("issuing.card", captured["card"]),
            merchant=captured["merchant_data"],
            currency=captured["currency"],
            authorisation=authorisation,
        )
        issuer.store.save(refunding)
        if authorisation:
            authorisation["transactions"].append(refunding)
            issuer.store.save(authorisation)
    issuer.events.tell("issuing_transaction.created", refunding)
    return refunding


def create_force_capture(*, form: Form, issuer: Issuer) -> Wire:
    """Claim money that nobody was asked about; the card's status does not matter."""
    return unasked(form, issuer=issuer, sign=-1)


def create_unlinked_refund(*, form: Form, issuer: Issuer) -> Wire:
    """Give back money without saying for which purchase."""
    return unasked(form, issuer=issuer, sign=1)


def unasked(form: Form, *, issuer: Issuer, sign: int) -> Wire:
    form.accept_only("card", "amount", "currency", "merchant_data")
    card = issuer.store.read(
        "issuing.card", form.text("card"), param="card", status=HTTPStatus.BAD_REQUEST
    )
    transaction = new_transaction(
        amount=sign * form.amount("amount", least=1),
        card=card,
        merchant=merchant_data(form),
        currency=form.one_of("currency", card["currency"], default=card["currency"]),
        authorisation=None,
    )
    issuer.store.save(transaction)
    issuer.events.tell("issuing_transaction.created", transaction)
    return transaction
