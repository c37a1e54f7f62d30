"""Attaching receipts."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.payments.purchases import handlers as purchases
from services.payments.receipts import rules
from services.payments.receipts.commands import AttachReceipt
from services.payments.receipts.models import Receipt
from shared.errors import IdReusedError
from shared.trace import Trace


def attach_receipt(
    command: AttachReceipt, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep a receipt's digest, once for each ``receipt_id``.

    Raises:
        NotFoundError: no such purchase.
        NothingBoughtError: nothing was bought with it.
        IdReusedError: ``receipt_id`` was used for another receipt.
    """
    purchase = purchases.locked(session, command.purchase_id)
    earlier = session.get(Receipt, command.receipt_id)
    if earlier is not None:
        known = (earlier.purchase_id, earlier.sha256, earlier.amount_pence)
        if known != (command.purchase_id, command.sha256, command.amount_pence):
            raise IdReusedError("Another receipt has this id.")
        return {"state": purchase.state}
    rules.check_receipt(state=purchase.state, captured_pence=purchase.captured_pence)
    session.add(
        Receipt(
            receipt_id=command.receipt_id,
            purchase_id=command.purchase_id,
            sha256=command.sha256,
            amount_pence=command.amount_pence,
            attached_at=trace.at,
        )
    )
    return {"state": purchase.state}
