"""Importing a settlement file: three sides are held against one another."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import PurchaseState
from services.payments.settlement import matching, rules, wire
from services.payments.settlement.commands import ClosePurchase, ImportSettlement
from services.payments.settlement.models import SettlementFile, SettlementRow
from services.payments.settlement.rules import Row, RowOutcome
from shared.trace import Trace

KINDS: Mapping[RowOutcome, ExceptionKind] = {
    RowOutcome.EXTRA: ExceptionKind.SETTLEMENT_EXTRA,
    RowOutcome.WRONG: ExceptionKind.SETTLEMENT_WRONG,
    RowOutcome.DUPLICATE: ExceptionKind.SETTLEMENT_DUPLICATE,
}


def import_settlement(
    command: ImportSettlement, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Take in a day's file, and have somebody look at each row that is not as we were told.

    The same file again changes nothing. Days may come in any order.

    Raises:
        UnreadableFileError: it has not the form.
        AnotherFileError: the day has another file, and it is not said that this replaces it.
        FileOfAnotherDayError: it is another day's file.
    """
    # One import at a time: two of one day would each find no other.
    session.execute(text("LOCK TABLE settlement_files IN SHARE ROW EXCLUSIVE MODE"))
    rows = list(wire.rows_of(command.file))
    sha256 = hashlib.sha256(command.file.encode()).hexdigest()
    if _is_new(command, sha256, session=session, trace=trace):
        session.add(
            SettlementFile(
                day=command.day,
                sha256=sha256,
                row_count=len(rows),
                imported_at=trace.at,
                imported_by=trace.actor,
            )
        )
        _keep_rows(command, rows, session=session, trace=trace)
        _match_what_was_extra(session=session, trace=trace)
        _raise_missing(command, session=session, trace=trace)
    return matching.summary_of(command.day, session=session)


def _is_new(command: ImportSettlement, sha256: str, *, session: Session, trace: Trace) -> bool:
    if matching.is_of_another_day(sha256, command.day, session=session):
        raise rules.FileOfAnotherDayError("This file was imported for another day.")
    known = matching.file_that_counts(command.day, session=session)
    if known is None:
        return True
    if known.sha256 == sha256:
        return False
    if known.sha256 != command.replaces:
        raise rules.AnotherFileError(
            "This day has another file.", known_sha256=known.sha256, rows=known.row_count
        )
    known.replaced_at = trace.at
    session.execute(delete(SettlementRow).where(SettlementRow.day == command.day))
    session.flush()
    return True


def _keep_rows(
    command: ImportSettlement, rows: Sequence[Row], *, session: Session, trace: Trace
) -> None:
    told = matching.told_of([row.transaction_id for row in rows], session=session)
    seen = matching.seen_before([row.transaction_id for row in rows], session=session)
    for row in rows:
        known = told.get(row.transaction_id)
        outcome = rules.outcome_of(
            row, known.told if known else None, is_repeat=row.transaction_id in seen
        )
        seen.add(row.transaction_id)
        kept = SettlementRow(
            day=command.day,
            line=row.line,
            transaction_id=row.transaction_id,
            authorisation_id=row.authorisation_id,
            issuer_card_id=row.issuer_card_id,
            amount_pence=row.amount_pence,
            currency=row.currency,
            is_refund=row.is_refund,
            processed_on=row.processed_on,
            fee_pence=row.fee_pence,
            outcome=outcome,
            purchase_id=known.purchase_id if known else None,
        )
        session.add(kept)
        if outcome is not RowOutcome.MATCHED:
            _raise_about(kept, session=session, trace=trace)
    session.flush()
    touched = {known.purchase_id for known in told.values() if known.purchase_id is not None}
    _reconcile(touched, session=session, trace=trace)


def _match_what_was_extra(*, session: Session, trace: Trace) -> None:
    """Look again at rows of which nothing was known when their file came: events come late."""
    extra = matching.extra_rows(session=session)
    told = matching.told_of([row.transaction_id for row in extra], session=session)
    touched: set[UUID] = set()
    for row in extra:
        known = told.get(row.transaction_id)
        if known is None:
            continue
        row.outcome = rules.outcome_of(matching.as_read(row), known.told, is_repeat=False)
        row.purchase_id = known.purchase_id
        if known.purchase_id is not None:
            touched.add(known.purchase_id)
        if row.outcome is not RowOutcome.MATCHED:
            _raise_about(row, session=session, trace=trace)
    session.flush()
    _reconcile(touched, session=session, trace=trace)


def _reconcile(purchase_ids: set[UUID], *, session: Session, trace: Trace) -> None:
    """Reconcile what a file speaks of; where the ledger differs, have somebody look."""
    for purchase_id in sorted(purchase_ids):
        purchase = purchases.locked(session, purchase_id)
        reconcile(purchase, session=session, trace=trace)
        difference_pence = abs(purchase.posted_pence - purchase.ledger_posted_pence)
        if difference_pence:
            command = RaiseException(
                kind=ExceptionKind.LEDGER_DIFFERS,
                about=f"purchase/{purchase_id}/version/{purchase.version}",
                purchase_id=purchase_id,
                amount_pence=difference_pence,
            )
            exceptions.raise_exception(command, session=session, trace=trace)


def reconcile(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Keep since when all sides say the same of a purchase, or that they do not.

    Of a card these are the issuer's events, its files and the ledger; of the bank, what it has
    confirmed as paid, and the ledger.
    """
    session.flush()
    presentments, matched = matching.counts_of(purchase.purchase_id, session=session)
    is_reconciled = rules.is_reconciled(
        presentments=presentments,
        matched=matched,
        transferred_pence=purchase.transferred_pence,
        held_pence=purchase.held_pence,
        posted_pence=purchase.posted_pence,
        ledger_posted_pence=purchase.ledger_posted_pence,
    )
    if is_reconciled != (purchase.reconciled_at is not None):
        purchase.reconciled_at = trace.at if is_reconciled else None
        purchase.restate()


def close_purchase(command: ClosePurchase, *, session: Session, trace: Trace) -> None:
    """Expect nothing more of a purchase. What comes all the same counts, as before."""
    purchase = purchases.locked(session, command.purchase_id)
    if purchase.state is PurchaseState.RECONCILED:
        purchase.closed_at = trace.at
        purchase.restate()


def _raise_missing(command: ImportSettlement, *, session: Session, trace: Trace) -> None:
    """Have somebody look at what we were told and no file holds, when it is late for that."""
    for missing in matching.missing_by(command.day, session=session):
        raised = RaiseException(
            kind=ExceptionKind.SETTLEMENT_MISSING,
            about=f"presentment/{missing.presentment_id}",
            purchase_id=missing.purchase_id,
            amount_pence=missing.amount_pence,
        )
        exceptions.raise_exception(raised, session=session, trace=trace)


def _raise_about(row: SettlementRow, *, session: Session, trace: Trace) -> None:
    command = RaiseException(
        kind=KINDS[row.outcome],
        about=f"settlement/{row.day}/{row.line}/{row.transaction_id}",
        purchase_id=row.purchase_id,
        amount_pence=abs(row.amount_pence),
    )
    exceptions.raise_exception(command, session=session, trace=trace)
