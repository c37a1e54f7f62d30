"""Money that moved: captures (below 0) and refunds (above 0)."""

from http import HTTPStatus

from simulators.card_issuer import balances, cards
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.merchants import merchant_data
from simulators.card_issuer.objects import new_transaction
from simulators.card_issuer.receipts import purchase_details
from simulators.card_issuer.store import PAGING, Wire

KIND = "issuing.transaction"
CREATED = "issuing_transaction.created"
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
        left = -captured["amount"] - issuer.store.refunded(transaction_id)
        if captured["type"] != "capture" or left <= 0:
            raise StripeError("Nothing is left to refund.", param="transaction")
        amount = form.amount("refund_amount", least=1, default=left)
        if amount > left:
            raise StripeError("More than is left to refund.", param="refund_amount")
        issuer.store.add_refunded(transaction_id, amount)
        refunding = follow_up(captured, issuer=issuer, amount=amount)
    issuer.events.tell(CREATED, refunding)
    return refunding


def reverse_refund(*, form: Form, issuer: Issuer, transaction_id: str) -> Wire:
    """Take a refund back: a refund below 0, as Stripe tells it. Stripe has no helper for it."""
    form.accept_only()
    with issuer.store.lock:
        refunded = issuer.store.read(KIND, transaction_id, param="transaction")
        if refunded["type"] != "refund" or issuer.store.refunded(transaction_id):
            raise StripeError("No refund that can be taken back.", param="transaction")
        issuer.store.add_refunded(transaction_id, refunded["amount"])
        amount = -refunded["amount"]
        reversing = follow_up(refunded, issuer=issuer, amount=amount, kind="refund")
    issuer.events.tell(CREATED, reversing)
    return reversing


def follow_up(earlier: Wire, *, issuer: Issuer, amount: int, kind: str | None = None) -> Wire:
    """Keep a transaction that follows from another one, beside it in its authorisation."""
    authorisation = None
    if earlier["authorization"]:
        authorisation = issuer.store.read("issuing.authorization", earlier["authorization"])
    transaction = balances.booked(
        new_transaction(
            issuer.mint,
            amount=amount,
            card=issuer.store.read(cards.KIND, earlier["card"]),
            merchant=earlier["merchant_data"],
            currency=earlier["currency"],
            authorisation=authorisation,
            kind=kind,
        ),
        issuer=issuer,
    )
    issuer.store.save(transaction)
    if authorisation:
        authorisation["transactions"].append(transaction)
        issuer.store.save(authorisation)
    return transaction


def create_unlinked_refund(*, form: Form, issuer: Issuer) -> Wire:
    """Give back money without saying for which purchase."""
    return unasked(form, issuer=issuer, sign=1)


def unasked(form: Form, *, issuer: Issuer, sign: int) -> Wire:
    form.accept_only("card", "amount", "currency", "merchant_data", "purchase_details")
    card = issuer.store.read(
        cards.KIND, form.text("card"), param="card", status=HTTPStatus.BAD_REQUEST
    )
    transaction = balances.booked(
        new_transaction(
            issuer.mint,
            amount=sign * form.amount("amount", least=1),
            card=card,
            merchant=merchant_data(form),
            currency=form.one_of("currency", card["currency"], default=card["currency"]),
            authorisation=None,
            purchase_details=purchase_details(form),
        ),
        issuer=issuer,
    )
    issuer.store.save(transaction)
    issuer.events.tell(CREATED, transaction)
    return transaction
