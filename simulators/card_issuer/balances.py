"""The programme's own money at the issuer: what is held, taken, given back and credited."""

from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.objects import new_balance_transaction
from simulators.card_issuer.store import PAGING, Wire

KIND = "balance_transaction"
HOLD, RELEASE = "issuing_authorization_hold", "issuing_authorization_release"
TRANSACTION = "issuing_transaction"
DISPUTE = "issuing_dispute"
CREDIT = "issuing_dispute_provisional_credit"
CREDIT_REVERSAL = "issuing_dispute_provisional_credit_reversal"


def move(issuer: Issuer, kind: str, *, amount: int, source: Wire, fee: int = 0) -> Wire:
    """Keep a movement; ``amount`` below 0 leaves the programme's balance."""
    moved = new_balance_transaction(
        issuer.mint,
        kind=kind,
        amount=amount,
        fee=fee,
        currency=source["currency"],
        source=source["id"],
    )
    issuer.store.save(moved)
    return moved


def held(authorisation: Wire) -> int:
    """Return what an authorisation holds: what it may still claim while it is pending."""
    if not authorisation["approved"] or authorisation["status"] != "pending":
        return 0
    captured = -sum(one["amount"] for one in authorisation["transactions"] if one["amount"] < 0)
    return int(max(0, authorisation["amount"] - captured))


def followed(before: Wire, after: Wire, *, issuer: Issuer) -> Wire:
    """Return the authorisation with what its change holds or lets go of."""
    difference = held(after) - held(before)
    if difference == 0:
        return after
    kind = HOLD if difference > 0 else RELEASE
    moved = move(issuer, kind, amount=-difference, source=after)
    return {**after, "balance_transactions": [*after["balance_transactions"], moved]}


def booked(transaction: Wire, *, issuer: Issuer) -> Wire:
    """Return the transaction with the movement that it is: a capture may cost a fee."""
    fee = issuer.settings.fee if transaction["amount"] < 0 else 0
    if rule := issuer.faults.take("fee_line", card=transaction["card"]):
        fee = rule.amount or 1
    moved = move(issuer, TRANSACTION, amount=transaction["amount"], source=transaction, fee=fee)
    return {**transaction, "balance_transaction": moved["id"]}


def retrieve(*, form: Form, issuer: Issuer, balance_transaction_id: str) -> Wire:
    form.accept_only()
    return issuer.store.read(KIND, balance_transaction_id, param="id")


def find(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only("type", "source", "currency", *PAGING)

    def fits(wire: Wire) -> bool:
        return form.asks_for(type=wire["type"], source=wire["source"], currency=wire["currency"])

    return issuer.store.page(KIND, url="/v1/balance_transactions", form=form, fits=fits)
