"""Disputes: a draft, handed in once, and then won, lost or expired by whoever runs this."""

import re
from http import HTTPStatus

from simulators.card_issuer import balances, transactions
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.objects import new_dispute
from simulators.card_issuer.store import PAGING, Wire

KIND = "issuing.dispute"
REASONS = (
    "canceled",
    "duplicate",
    "fraudulent",
    "merchandise_not_as_described",
    "no_valid_authorization",
    "not_received",
    "other",
    "service_not_as_described",
)
WINDOW_DAYS = 110  # from the day on which the transaction was processed
EVENT = "issuing_dispute.{}"


def create(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only("transaction", "amount", "evidence", "metadata")
    with issuer.store.lock:
        transaction = issuer.store.read(
            transactions.KIND,
            form.text("transaction"),
            param="transaction",
            status=HTTPStatus.BAD_REQUEST,
        )
        if transaction["type"] != "capture" or transaction["dispute"] is not None:
            raise StripeError("This transaction cannot be disputed.", param="transaction")
        amount = form.amount("amount", least=1, default=-transaction["amount"])
        if amount > -transaction["amount"]:
            raise StripeError("More than the transaction's amount.", param="amount")
        dispute = new_dispute(
            issuer.mint,
            transaction=transaction,
            amount=amount,
            evidence=evidence(form),
            metadata=form.metadata(),
        )
        issuer.store.save(dispute)
        disputed = {**transaction, "dispute": dispute["id"]}
        issuer.store.save(disputed)
    issuer.events.tell(EVENT.format("created"), dispute)
    issuer.events.tell("issuing_transaction.updated", disputed, before=transaction)
    return dispute


def evidence(form: Form, *, known: Wire | None = None) -> Wire:
    """Read the reason and what speaks for it; what was said before stays.

    Raises:
        StripeError: a reason that there is none of.
    """
    given = form.inside("evidence")
    reason = given.get("reason", (known or {}).get("reason", "other"))
    if reason not in REASONS:
        raise StripeError(
            f"Invalid reason: must be one of {', '.join(REASONS)}", param="evidence[reason]"
        )
    for name in given:
        if name not in {*REASONS, "reason"}:
            raise StripeError(
                f"Received unknown parameter: evidence[{name}]",
                param=f"evidence[{name}]",
                code="parameter_unknown",
            )
    return {**(known or {}), **given, "reason": reason}


def retrieve(*, form: Form, issuer: Issuer, dispute_id: str) -> Wire:
    form.accept_only()
    return issuer.store.read(KIND, dispute_id, param="dispute")


def find(*, form: Form, issuer: Issuer) -> Wire:
    form.accept_only("status", "transaction", *PAGING)

    def fits(wire: Wire) -> bool:
        return form.asks_for(status=wire["status"], transaction=wire["transaction"])

    return issuer.store.page(KIND, url="/v1/issuing/disputes", form=form, fits=fits)


def update(*, form: Form, issuer: Issuer, dispute_id: str) -> Wire:
    """Change a dispute that has not been handed in."""
    form.accept_only("amount", "evidence", "metadata")
    with issuer.store.lock:
        before = with_status(issuer, dispute_id, "unsubmitted")
        return changed(
            before,
            "updated",
            issuer=issuer,
            amount=form.amount("amount", least=1, default=before["amount"]),
            evidence=evidence(form, known=before["evidence"]),
            metadata={**before["metadata"], **form.metadata()},
        )


def submit(*, form: Form, issuer: Issuer, dispute_id: str) -> Wire:
    """Hand a dispute in, once: no later change. The reason needs an explanation."""
    form.accept_only("metadata")
    with issuer.store.lock:
        before = with_status(issuer, dispute_id, "unsubmitted")
        said = before["evidence"].get(before["evidence"]["reason"])
        if not isinstance(said, dict) or not re.search(r"\w", str(said.get("explanation", ""))):
            param = f"evidence[{before['evidence']['reason']}][explanation]"
            raise StripeError(
                f"Missing required param: {param}.", param=param, code="parameter_missing"
            )
        metadata = {**before["metadata"], **form.metadata()}
        return changed(before, "submitted", issuer=issuer, status="submitted", metadata=metadata)


def with_status(issuer: Issuer, dispute_id: str, *statuses: str) -> Wire:
    """Read a dispute that stands so.

    Raises:
        StripeError: there is none, or it stands otherwise.
    """
    dispute = issuer.store.read(KIND, dispute_id, param="dispute")
    if dispute["status"] not in statuses:
        raise StripeError(f"This dispute is {dispute['status']}.", param="dispute")
    return dispute


def changed(before: Wire, what: str, *, issuer: Issuer, **fields: object) -> Wire:
    """Keep a changed dispute and tell of it. The caller holds the store."""
    after = {**before, **fields}
    issuer.store.save(after)
    issuer.events.tell(EVENT.format(what), after, before=before)
    return after


def credit(before: Wire, kind: str, what: str, *, issuer: Issuer, sign: int) -> Wire:
    """Move the disputed money and tell of it."""
    moved = balances.move(issuer, kind, amount=sign * before["amount"], source=before)
    listed = [*before["balance_transactions"], moved]
    return changed(before, what, issuer=issuer, balance_transactions=listed)
