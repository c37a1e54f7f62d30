"""Attaching receipts, saying why there is none, and what either proves."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.receipts import restricted_words, rules
from services.payments.receipts.commands import AttachReceipt, ChaseReceipt, Line, NoReceiptBecause
from services.payments.receipts.models import NoReceipt, Receipt, ReceiptChase, ReceiptLine
from shared.clock import day_in_london
from shared.contracts.payments.receipts import ReceiptMissing
from shared.errors import IdReusedError
from shared.messaging import outbox
from shared.trace import Trace


def attach_receipt(
    command: AttachReceipt, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep a receipt's digest and lines, once for each ``receipt_id``.

    Raises:
        NotFoundError: no such purchase.
        NothingBoughtError: nothing was bought with it.
        LinesDoNotAddUpError: its lines are not its amount.
        IdReusedError: ``receipt_id`` was used for another receipt.
    """
    purchase = purchases.locked(session, command.purchase_id)
    if known_receipt(command, session=session) is None:
        keep_receipt(command, purchase, session=session, trace=trace)
    return {"state": purchase.state}


def known_receipt(command: AttachReceipt, *, session: Session) -> Receipt | None:
    """Return the receipt of this id, if it is here.

    Raises:
        IdReusedError: it is another one.
    """
    earlier = session.get(Receipt, command.receipt_id)
    if earlier is not None:
        known = (earlier.purchase_id, earlier.sha256, earlier.amount_pence)
        if known != (command.purchase_id, command.sha256, command.amount_pence):
            raise IdReusedError("Another receipt has this id.")
    return earlier


def keep_receipt(
    command: AttachReceipt, purchase: Purchase, *, session: Session, trace: Trace
) -> Receipt:
    """Keep a new receipt and have its lines looked at.

    Raises:
        NothingBoughtError, LinesDoNotAddUpError: it is for nothing, or contradicts itself.
    """
    rules.check_receipt(state=purchase.state, captured_pence=purchase.captured_pence)
    totals_pence = [line.total_pence for line in command.lines]
    rules.check_lines(totals_pence, amount_pence=command.amount_pence)
    receipt = Receipt(
        receipt_id=command.receipt_id,
        purchase_id=command.purchase_id,
        sha256=command.sha256,
        amount_pence=command.amount_pence,
        attached_at=trace.at,
    )
    session.add(receipt)
    session.flush()
    _keep_lines(command.receipt_id, command.lines, purchase, session=session, trace=trace)
    judge(purchase, session=session, trace=trace)
    return receipt


def no_receipt_because(
    command: NoReceiptBecause, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep why there is no receipt, once; of more than a little, somebody looks at it.

    Raises:
        NotFoundError: no such purchase.
        NothingBoughtError: nothing was bought with it.
        HasReceiptError: there is one.
        IdReusedError: another reason was given before.
    """
    purchase = purchases.locked(session, command.purchase_id)
    earlier = session.get(NoReceipt, command.purchase_id)
    if earlier is not None:
        if earlier.reason != command.reason:
            raise IdReusedError("Another reason was given for this purchase before.")
        return {"state": purchase.state}
    rules.check_receipt(state=purchase.state, captured_pence=purchase.captured_pence)
    if _shown_pence(purchase.purchase_id, session=session) is not None:
        raise rules.HasReceiptError("This purchase has a receipt.")
    session.add(NoReceipt(purchase_id=command.purchase_id, reason=command.reason, said_at=trace.at))
    judge(purchase, session=session, trace=trace)
    if purchase.captured_pence > rules.LOOKED_AT_WITHOUT_RECEIPT_ABOVE_PENCE:
        _raise(
            ExceptionKind.NO_RECEIPT,
            f"purchase/{purchase.purchase_id}",
            purchase,
            purchase.captured_pence,
            session=session,
            trace=trace,
        )
    return {"state": purchase.state}


def judge(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Keep since when a purchase is evidenced, or that it is not: more may have been captured."""
    session.flush()
    is_evidenced = rules.is_evidenced(
        is_completed=purchase.completed_at is not None,
        shown_pence=_shown_pence(purchase.purchase_id, session=session) or 0,
        cost_pence=purchase.posted_pence,
        is_excused=session.get(NoReceipt, purchase.purchase_id) is not None,
    )
    if is_evidenced != (purchase.evidenced_at is not None):
        purchase.evidenced_at = trace.at if is_evidenced else None
        purchase.restate()


def chase_receipt(command: ChaseReceipt, *, session: Session, trace: Trace) -> None:
    """Tell that a receipt is missing, on each of the days once; in the end somebody looks."""
    purchase = purchases.locked(session, command.purchase_id)
    if purchase.completed_at is None or purchase.evidenced_at is not None:
        return
    chase = session.get(ReceiptChase, purchase.purchase_id)
    if chase is None:
        chase = ReceiptChase(purchase_id=purchase.purchase_id)
        session.add(chase)
    reminders = rules.reminders_due(purchase.completed_at, at=trace.at)
    if reminders > chase.reminders:
        chase.reminders = reminders  # after a pause the last one counts for those before it
        event = ReceiptMissing(
            occurred_at=trace.at,
            purchase_id=purchase.purchase_id,
            budget_id=purchase.budget_id,
            person_id=purchase.person_id,
            requested_by=purchase.requested_by,
            missing_pence=purchase.posted_pence
            - (_shown_pence(purchase.purchase_id, session=session) or 0),
            completed_on=day_in_london(purchase.completed_at),
            reminder=reminders,
            reviewed_on=day_in_london(
                purchase.completed_at + timedelta(days=rules.REVIEWED_ON_DAY)
            ),
        )
        outbox.add(session, event, trace=purchases.in_story(trace, purchase))
    if chase.reviewed_at is None and rules.is_review_due(purchase.completed_at, at=trace.at):
        chase.reviewed_at = trace.at
        _raise(
            ExceptionKind.RECEIPT_MISSING,
            f"purchase/{purchase.purchase_id}",
            purchase,
            purchase.posted_pence,
            session=session,
            trace=trace,
        )


def _keep_lines(
    receipt_id: UUID, lines: Sequence[Line], purchase: Purchase, *, session: Session, trace: Trace
) -> None:
    for number, line in enumerate(lines, start=1):
        flag = restricted_words.flag_of(line.description, on=trace.today)
        session.add(
            ReceiptLine(
                receipt_id=receipt_id,
                line=number,
                description=line.description,
                quantity=line.quantity,
                total_pence=line.total_pence,
                flag=flag,
            )
        )
        if flag is not None:
            _raise(
                ExceptionKind.RESTRICTED_LINE,
                f"receipt/{receipt_id}/line/{number}",
                purchase,
                max(0, line.total_pence),
                session=session,
                trace=trace,
            )


def _shown_pence(purchase_id: UUID, *, session: Session) -> int | None:
    """Return what a purchase's receipts come to; None: it has none."""
    shown = select(func.sum(Receipt.amount_pence)).where(Receipt.purchase_id == purchase_id)
    total = session.scalar(shown)
    return None if total is None else int(total)


def _raise(
    kind: ExceptionKind,
    about: str,
    purchase: Purchase,
    amount_pence: int,
    *,
    session: Session,
    trace: Trace,
) -> None:
    command = RaiseException(
        kind=kind, about=about, purchase_id=purchase.purchase_id, amount_pence=amount_pence
    )
    story = purchases.in_story(trace, purchase)
    exceptions.raise_exception(command, session=session, trace=story)
